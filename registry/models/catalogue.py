from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from portal.kernel.models.reference import in_language
from registry.enums import ServiceKind


class Term(models.Model):
    """A word of a controlled vocabulary, in two languages, with the place it was taken from."""

    slug = models.SlugField(_("slug"), max_length=60, unique=True)
    name_uk = models.CharField(_("name in Ukrainian"), max_length=300)
    name_en = models.CharField(_("name in English"), max_length=300, blank=True)
    order = models.PositiveSmallIntegerField(_("order"), default=0)
    mark = models.CharField(_("how far confirmed"), max_length=20, blank=True)
    source = models.CharField(_("source"), max_length=300, blank=True)
    edited_at = models.DateTimeField(_("edited by an administrator at"), null=True, blank=True, editable=False)

    class Meta:
        abstract = True
        ordering = ["order", "slug"]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """The name in the reader's language."""
        return in_language(self.name_uk, self.name_en)


class DeliveryForm(Term):
    """Where and how a service is given: at home, in a day centre, residentially, online and so on."""

    class Meta(Term.Meta):
        verbose_name = _("form of delivery")
        verbose_name_plural = _("forms of delivery")


class VulnerableGroup(Term):
    class Meta(Term.Meta):
        verbose_name = _("vulnerable group")
        verbose_name_plural = _("vulnerable groups")


class HardshipFactor(Term):
    """A factor that may cause difficult life circumstances (Law 2671-VIII, art. 1)."""

    class Meta(Term.Meta):
        verbose_name = _("hardship factor")
        verbose_name_plural = _("hardship factors")


class AccessFeature(Term):
    class Meta(Term.Meta):
        verbose_name = _("access feature")
        verbose_name_plural = _("access features")


class ServiceType(Term):
    """A service of the official Classifier (order 429 of 23.06.2020); a code stands only where it was confirmed."""

    official_code = models.CharField(_("code in the Classifier"), max_length=10, blank=True)
    code_verified = models.BooleanField(_("code checked"), default=False)
    kind = models.CharField(_("type"), max_length=20, choices=ServiceKind.choices, default=ServiceKind.UNKNOWN)
    summary_uk = models.TextField(_("in plain words, Ukrainian"), blank=True)
    summary_en = models.TextField(_("in plain words, English"), blank=True)
    delivery_forms = models.ManyToManyField(
        DeliveryForm, blank=True, related_name="+", verbose_name=_("forms of delivery")
    )
    groups = models.ManyToManyField(VulnerableGroup, blank=True, related_name="+", verbose_name=_("for whom"))
    state_standard = models.CharField(_("state standard"), max_length=300, blank=True)

    class Meta(Term.Meta):
        verbose_name = _("service type")
        verbose_name_plural = _("catalogue of services")

    @property
    def summary(self) -> str:
        return in_language(self.summary_uk, self.summary_en)


class BasicServiceRow(models.Model):
    """From when to when the law counts a service as basic (art. 16(6)), and whether that was checked."""

    service_type = models.ForeignKey(
        ServiceType, models.CASCADE, related_name="basic_rows", verbose_name=_("service type")
    )
    valid_from = models.DateField(_("valid from"))
    valid_to = models.DateField(_("valid to"), null=True, blank=True)
    act = models.CharField(_("act"), max_length=60)
    point = models.CharField(_("point"), max_length=60, blank=True)
    verified = models.BooleanField(_("checked against the current edition"), default=False)
    note = models.TextField(_("note"), blank=True)

    class Meta:
        verbose_name = _("basic service")
        verbose_name_plural = _("basic services")
        ordering = ["service_type", "valid_from"]
        constraints = [
            models.UniqueConstraint(fields=["service_type", "valid_from"], name="basic_row_once"),
            models.CheckConstraint(
                name="basic_row_ends_after_it_begins",
                condition=Q(valid_to__isnull=True) | Q(valid_to__gt=F("valid_from")),
                violation_error_message=_("A period cannot end before it begins."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.service_type} {self.valid_from:%d.%m.%Y}"
