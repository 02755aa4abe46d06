from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from portal.kernel.constraints import together
from registry.enums import AreaKind, PriceMode, PriceUnit, ServiceStanding
from registry.models.catalogue import DeliveryForm, ServiceType, VulnerableGroup
from registry.models.entry import RegisterEntry, Site
from registry.models.territory import Territory


class Service(models.Model):
    """One service of one provider: what is done, for whom, at what price, how many can be served, and where.

    The area served is not the address: a shelter in one city may take people from the whole oblast.
    """

    entry = models.ForeignKey(RegisterEntry, models.CASCADE, related_name="services", verbose_name=_("register entry"))
    service_type = models.ForeignKey(ServiceType, models.PROTECT, related_name="services", verbose_name=_("service"))
    title = models.CharField(_("own name of the service"), max_length=200, blank=True)
    content = models.TextField(_("content"), blank=True)
    conditions = models.TextField(_("conditions"), blank=True)

    # what it costs
    price_mode = models.CharField(_("payment"), max_length=15, choices=PriceMode.choices, default=PriceMode.UNKNOWN)
    price = models.DecimalField(_("tariff, UAH"), max_digits=12, decimal_places=2, null=True, blank=True)
    price_unit = models.CharField(_("tariff for"), max_length=15, choices=PriceUnit.choices, blank=True)
    price_on = models.DateField(_("tariff as of"), null=True, blank=True)

    # how many and how fast
    capacity = models.PositiveIntegerField(_("places"), null=True, blank=True)
    capacity_on = models.DateField(_("places as of"), null=True, blank=True)
    urgent = models.BooleanField(_("given urgently"), default=False)
    meets_standard = models.BooleanField(_("meets the state standard"), null=True, blank=True)

    # for whom and where
    delivery_forms = models.ManyToManyField(
        DeliveryForm, blank=True, related_name="+", verbose_name=_("forms of delivery")
    )
    groups = models.ManyToManyField(VulnerableGroup, blank=True, related_name="+", verbose_name=_("for whom"))
    area_kind = models.CharField(_("area served"), max_length=10, choices=AreaKind.choices, default=AreaKind.UNKNOWN)
    areas = models.ManyToManyField(Territory, blank=True, related_name="+", verbose_name=_("territories served"))
    hours = models.JSONField(_("hours"), default=dict, blank=True)

    # whether it may be offered; set by decisions and by evidence that has ended
    standing = models.CharField(
        _("standing"), max_length=12, choices=ServiceStanding.choices, default=ServiceStanding.INCLUDED
    )
    suspended_until = models.DateField(_("suspended until"), null=True, blank=True)
    standing_ground = models.CharField(_("ground of the standing"), max_length=500, blank=True)

    class Meta:
        verbose_name = _("service")
        verbose_name_plural = _("services")
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                name="service_tariff_has_sum_and_unit",
                condition=Q(price__isnull=True, price_unit="")
                | (Q(price__isnull=False) & ~Q(price_unit="") & Q(price_mode__in=["tariff", "differentiated"])),
                violation_error_message=_("A tariff has a sum and a unit; a free service has neither."),
            ),
            models.CheckConstraint(
                name="service_price_is_not_negative",
                condition=Q(price__isnull=True) | Q(price__gte=0),
                violation_error_message=_("A price cannot be negative."),
            ),
            models.CheckConstraint(
                name="service_capacity_has_its_date",
                condition=together("capacity", "capacity_on"),
                violation_error_message=_("Places and the date they were counted go together."),
            ),
            models.CheckConstraint(
                name="service_suspension_has_its_ground",
                condition=Q(standing=ServiceStanding.INCLUDED, suspended_until__isnull=True)
                | (Q(standing=ServiceStanding.SUSPENDED) & ~Q(standing_ground="")),
                violation_error_message=_("A suspended service says why; one that is not has no last day."),
            ),
        ]

    def __str__(self) -> str:
        return self.title or str(self.service_type)


class ServiceAtLocation(models.Model):
    """A service given at an address, with hours of its own where they differ from the address's."""

    service = models.ForeignKey(Service, models.CASCADE, related_name="locations", verbose_name=_("service"))
    site = models.ForeignKey(Site, models.CASCADE, related_name="services_here", verbose_name=_("address"))
    hours = models.JSONField(_("hours"), default=dict, blank=True)

    class Meta:
        verbose_name = _("service at an address")
        verbose_name_plural = _("services at addresses")
        constraints = [models.UniqueConstraint(fields=["service", "site"], name="service_at_location_once")]

    def __str__(self) -> str:
        return f"{self.service} · {self.site}"
