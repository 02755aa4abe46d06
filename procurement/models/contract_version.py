from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from portal.kernel.models import StoredDocument, VerificationCode
from procurement.contract_enums import (
    ContractVersionKind,
    ContractVersionState,
    DayUnit,
    Pricing,
    ReportPeriod,
    Side,
)
from procurement.models.competition import Lot
from procurement.models.contract import Contract
from procurement.models.law import Template
from procurement.models.orders import ProcedureGround
from procurement.models.specification import KOPIIKA
from registry.enums import PriceUnit
from registry.models import ServiceType, Territory, VulnerableGroup

V = ContractVersionState


class ContractTemplate(Template):
    """The words of a contract, with places for what differs: shipped ones, and those a hromada made its own."""

    # empty for shipped ones
    hromada = models.ForeignKey(
        Territory,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="contract_templates",
        verbose_name=_("hromada"),
    )
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("made by")
    )

    class Meta:
        verbose_name = _("template of a contract")
        verbose_name_plural = _("templates of contracts")
        ordering = ["code", "-number"]
        constraints = [models.UniqueConstraint(fields=["code", "number"], name="contract_template_once")]


class ContractVersion(models.Model):
    """What both sides sign: the first text, or an amendment that says the whole contract anew.

    Editable while a draft; offered, it is frozen: `content` is the canonical record {parties, ground, terms, lines,
    funding, sections, …} whose digest both sign and the public log has. What is rendered comes from `content` alone.
    """

    contract = models.ForeignKey(Contract, models.PROTECT, related_name="versions", verbose_name=_("contract"))
    number = models.PositiveSmallIntegerField(_("number"))
    kind = models.CharField(_("kind"), max_length=10, choices=ContractVersionKind.choices)
    state = models.CharField(_("state"), max_length=10, choices=V.choices, default=V.DRAFT)
    template = models.ForeignKey(
        ContractTemplate, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("template")
    )
    # the words, section by section, as the template gave them and the official changed them
    sections = models.JSONField(_("text"), default=list, blank=True)
    title = models.CharField(_("title"), max_length=300)
    sum = models.DecimalField(_("sum, UAH"), max_digits=14, decimal_places=2, default=0)
    service_from = models.DateField(_("service from"), null=True, blank=True)
    service_to = models.DateField(_("service to"), null=True, blank=True)

    # terms the parties agree on; the reference table has none that is confirmed
    report_period = models.CharField(_("reports"), max_length=10, choices=ReportPeriod.choices, blank=True)
    report_days = models.PositiveSmallIntegerField(_("days for a report"), null=True, blank=True)
    report_unit = models.CharField(_("counted in"), max_length=15, choices=DayUnit.choices, blank=True)
    payment_days = models.PositiveSmallIntegerField(_("days for a payment"), null=True, blank=True)
    payment_unit = models.CharField(_("counted in"), max_length=15, choices=DayUnit.choices, blank=True)
    # a list of {"line": pk of BudgetLine, "amount": "1234.50"}; applied when it is signed
    funding = models.JSONField(_("funding"), default=list, blank=True)

    # of an amendment
    ground = models.ForeignKey(
        ProcedureGround, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("ground")
    )
    citation = models.CharField(_("act and point"), max_length=300, blank=True)
    reason = models.TextField(_("reason"), blank=True)
    effective_on = models.DateField(_("in force from"), null=True, blank=True)

    content = models.JSONField(_("content"), default=dict, blank=True)
    digest = models.CharField(_("digest"), max_length=64, blank=True)
    created_at = models.DateTimeField(_("made at"))
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("made by")
    )
    saved_at = models.DateTimeField(_("saved at"))
    offered_at = models.DateTimeField(_("offered at"), null=True, blank=True)
    signed_at = models.DateTimeField(_("signed by both at"), null=True, blank=True)
    code = models.ForeignKey(
        VerificationCode, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("verification code")
    )
    log_seq = models.PositiveBigIntegerField(_("entry of the decision log"), null=True, blank=True)

    class Meta:
        verbose_name = _("version of a contract")
        verbose_name_plural = _("versions of contracts")
        ordering = ["contract", "number"]
        constraints = [
            models.UniqueConstraint(fields=["contract", "number"], name="contract_version_once"),
            models.UniqueConstraint(
                fields=["contract"], condition=Q(state__in=V.open), name="contract_one_open_version"
            ),
            models.CheckConstraint(
                name="contract_version_signed_has_stamps",
                condition=~Q(state=V.SIGNED) | (Q(signed_at__isnull=False, offered_at__isnull=False) & ~Q(digest="")),
            ),
            models.CheckConstraint(
                name="contract_amendment_has_its_ground",
                condition=Q(kind=ContractVersionKind.FIRST)
                | ~Q(state__in=(V.OFFERED, V.SIGNED))
                | (Q(ground__isnull=False) & ~Q(reason="")),
                violation_error_message=_("An amendment has its ground and reason."),
            ),
            models.CheckConstraint(
                name="contract_version_term_in_order",
                condition=Q(service_to__isnull=True)
                | Q(service_from__isnull=True)
                | Q(service_to__gte=F("service_from")),
                violation_error_message=_("The end must not be earlier than the beginning."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.contract} {self.number}"


class ContractLine(models.Model):
    """One service of a version's specification. Its `number` is the same in every version: acts name it."""

    version = models.ForeignKey(ContractVersion, models.CASCADE, related_name="lines", verbose_name=_("version"))
    number = models.PositiveSmallIntegerField(_("number"))
    lot = models.ForeignKey(Lot, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("lot"))
    title = models.CharField(_("service or stage"), max_length=300)
    service_type = models.ForeignKey(
        ServiceType, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("service")
    )
    group = models.ForeignKey(
        VulnerableGroup, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("vulnerable group")
    )
    categories = models.TextField(_("categories of people it is given to"), blank=True)
    content = models.TextField(_("content of the service"), blank=True)
    quality = models.TextField(_("requirements to quality"), blank=True)
    standard = models.CharField(_("state standard"), max_length=400, blank=True)
    recipients = models.PositiveIntegerField(_("recipients"), null=True, blank=True)
    pricing = models.CharField(_("price"), max_length=5, choices=Pricing.choices, default=Pricing.UNIT)
    volume = models.DecimalField(_("volume"), max_digits=12, decimal_places=2, null=True, blank=True)
    unit = models.CharField(_("unit"), max_length=16, choices=PriceUnit.choices, blank=True)
    tariff = models.DecimalField(_("tariff, UAH a unit"), max_digits=12, decimal_places=2, null=True, blank=True)
    tariff_act = models.CharField(_("act that set the tariff"), max_length=300, blank=True)
    # units: volume × tariff, half a kopiika up
    sum = models.DecimalField(_("sum, UAH"), max_digits=14, decimal_places=2, default=0)

    class Meta:
        verbose_name = _("service of a contract")
        verbose_name_plural = _("services of contracts")
        ordering = ["version", "number"]
        constraints = [
            models.UniqueConstraint(fields=["version", "number"], name="contract_line_once"),
            models.CheckConstraint(name="contract_line_not_negative", condition=Q(sum__gte=0)),
        ]

    def __str__(self) -> str:
        return f"{self.version_id} {self.number}"

    @property
    def computed_sum(self) -> Decimal | None:
        """Volume × tariff, half a kopiika up; nothing where either is unknown or the price is for the whole."""
        if self.pricing != Pricing.UNIT or self.volume is None or self.tariff is None:
            return None
        return (self.volume * self.tariff).quantize(KOPIIKA, ROUND_HALF_UP)


class ContractSignature(models.Model):
    """One side's confirmation of a version's digest, with the file of a qualified signature where it was attached.

    `check_result` says what the portal could make of the file ({"container": …, "encloses": …, "verified": false}).
    A Ukrainian qualified signature itself is verified by the reader at the central certification authority.
    """

    version = models.ForeignKey(ContractVersion, models.PROTECT, related_name="signatures", verbose_name=_("version"))
    side = models.CharField(_("side"), max_length=12, choices=Side.choices)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("signed by"))
    # who signs and in what post, as the paper says it
    signer = models.CharField(_("name and post"), max_length=300)
    at = models.DateTimeField(_("at"))
    digest = models.CharField(_("digest that was signed"), max_length=64)
    document = models.ForeignKey(
        StoredDocument, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("file of the signature")
    )
    check_result = models.JSONField(_("what is known of the file"), default=dict, blank=True)
    log_seq = models.PositiveBigIntegerField(_("entry of the decision log"), null=True, blank=True)

    class Meta:
        verbose_name = _("signature of a contract")
        verbose_name_plural = _("signatures of contracts")
        ordering = ["version", "at"]
        constraints = [models.UniqueConstraint(fields=["version", "side"], name="contract_signed_once")]

    def __str__(self) -> str:
        return f"{self.version_id} {self.side}"
