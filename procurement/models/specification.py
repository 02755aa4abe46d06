from decimal import ROUND_HALF_UP, Decimal

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from procurement.models.orders import OrderItem
from registry.enums import PriceUnit
from registry.models import DeliveryForm, ServiceType, Territory, VulnerableGroup

KOPIIKA = Decimal("0.01")


class ServiceSpecification(models.Model):
    """What exactly is ordered: a priority group, a service and a form of delivery, and what each of them asks (seed 1).

    Editable until a competition that uses it is published: the competition then keeps a copy of its own.
    """

    hromada = models.ForeignKey(Territory, models.PROTECT, related_name="specifications", verbose_name=_("hromada"))
    order_item = models.ForeignKey(
        OrderItem, models.PROTECT, null=True, blank=True, related_name="specifications", verbose_name=_("ordered by")
    )
    title = models.CharField(_("title"), max_length=300)

    # the three that make a specification
    group = models.ForeignKey(
        VulnerableGroup, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("priority group")
    )
    service_type = models.ForeignKey(
        ServiceType, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("service")
    )
    delivery_form = models.ForeignKey(
        DeliveryForm, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("form of delivery")
    )

    content = models.TextField(_("content of the service"), blank=True)
    categories = models.TextField(_("categories of people it is given to"), blank=True)
    recipients = models.PositiveIntegerField(_("recipients"), null=True, blank=True)
    volume = models.DecimalField(_("volume"), max_digits=12, decimal_places=2, null=True, blank=True)
    unit = models.CharField(_("unit"), max_length=16, choices=PriceUnit.choices, blank=True)
    place = models.CharField(_("place"), max_length=300, blank=True)
    service_from = models.DateField(_("given from"), null=True, blank=True)
    service_to = models.DateField(_("given to"), null=True, blank=True)

    # the state standard, as cited; a draft of one is said to be a draft
    standard = models.CharField(_("state standard"), max_length=400, blank=True)
    standard_url = models.URLField(_("address of the standard"), max_length=500, blank=True)
    standard_is_draft = models.BooleanField(_("the standard is a draft, not adopted yet"), default=False)
    quality = models.TextField(_("requirements to quality"), blank=True)

    # the price
    tariff = models.DecimalField(_("tariff, UAH a unit"), max_digits=12, decimal_places=2, null=True, blank=True)
    tariff_act = models.CharField(_("act that set the tariff"), max_length=300, blank=True)
    ceiling = models.DecimalField(_("price ceiling, UAH"), max_digits=14, decimal_places=2, null=True, blank=True)

    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("made by")
    )
    created_at = models.DateTimeField(_("made at"))
    saved_at = models.DateTimeField(_("saved at"))

    class Meta:
        verbose_name = _("specification of a service")
        verbose_name_plural = _("specifications of services")
        ordering = ["-saved_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="specification_term_in_order",
                condition=Q(service_to__isnull=True)
                | Q(service_from__isnull=True)
                | Q(service_to__gte=F("service_from")),
                violation_error_message=_("The end must not be earlier than the beginning."),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def computed_ceiling(self) -> Decimal | None:
        """Volume × tariff, half a kopiika up; nothing where either is unknown."""
        if self.volume is None or self.tariff is None:
            return None
        return (self.volume * self.tariff).quantize(KOPIIKA, ROUND_HALF_UP)
