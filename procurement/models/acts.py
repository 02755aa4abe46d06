from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Round
from django.utils.translation import gettext_lazy as _

from portal.kernel.models import StoredDocument, VerificationCode
from procurement.contract_enums import ActKind, ActState, PaymentKind
from procurement.models.contract import Contract, ContractFunding
from procurement.models.delivery import ServiceReport
from procurement.models.orders import ProcedureGround

A = ActState


class AcceptanceAct(models.Model):
    """What a provider claims for services rendered, and what of it was accepted: units × tariff, less deductions.

    An accepted act is never changed. A correction is another act with the differences, which may be below zero.
    """

    contract = models.ForeignKey(Contract, models.PROTECT, related_name="acts", verbose_name=_("contract"))
    number = models.PositiveSmallIntegerField(_("number"))
    kind = models.CharField(_("kind"), max_length=10, choices=ActKind.choices, default=ActKind.RENDERED)
    corrects = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="corrections", verbose_name=_("corrects")
    )
    report = models.ForeignKey(
        ServiceReport, models.PROTECT, null=True, blank=True, related_name="acts", verbose_name=_("report")
    )
    # the version of the contract whose tariffs it counts with
    contract_version = models.PositiveSmallIntegerField(_("version of the contract"))
    period_from = models.DateField(_("from"))
    period_to = models.DateField(_("to"))
    # the paper's own number and day
    own_number = models.CharField(_("number of the act"), max_length=60, blank=True)
    act_on = models.DateField(_("date of the act"), null=True, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=A.choices, default=A.DRAFT)
    note = models.TextField(_("explanation"), blank=True)
    claimed = models.DecimalField(_("claimed, UAH"), max_digits=14, decimal_places=2, default=0)
    deducted = models.DecimalField(_("deducted, UAH"), max_digits=14, decimal_places=2, default=0)
    # claimed − deducted, once accepted; 0 before
    accepted = models.DecimalField(_("accepted, UAH"), max_digits=14, decimal_places=2, default=0)
    # payments less refunds
    paid = models.DecimalField(_("paid, UAH"), max_digits=14, decimal_places=2, default=0)
    created_at = models.DateTimeField(_("made at"))
    claimed_at = models.DateTimeField(_("claimed at"), null=True, blank=True)
    claimed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("claimed by")
    )
    accepted_at = models.DateTimeField(_("accepted at"), null=True, blank=True)
    accepted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("accepted by")
    )
    # why it was returned, or why it corrects
    reason = models.TextField(_("reason"), blank=True)
    payment_due_on = models.DateField(_("to be paid by"), null=True, blank=True)
    payment_due_words = models.TextField(_("why until then"), blank=True)
    key = models.UUIDField(_("key of the making"), unique=True)
    # of the canonical content, once accepted
    digest = models.CharField(_("digest"), max_length=64, blank=True)
    content = models.JSONField(_("content"), default=dict, blank=True)
    document = models.ForeignKey(
        StoredDocument, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("signed paper")
    )
    code = models.ForeignKey(
        VerificationCode, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("verification code")
    )
    log_seq = models.PositiveBigIntegerField(_("entry of the decision log"), null=True, blank=True)

    class Meta:
        verbose_name = _("act of services rendered")
        verbose_name_plural = _("acts of services rendered")
        ordering = ["contract", "number"]
        indexes = [models.Index(fields=["state", "payment_due_on"], name="act_to_pay")]
        constraints = [
            models.UniqueConstraint(fields=["contract", "number"], name="act_once"),
            models.UniqueConstraint(
                fields=["report"],
                condition=Q(kind=ActKind.RENDERED) & ~Q(state=A.WITHDRAWN),
                name="act_of_report_once",
                violation_error_message=_("There is already an act for this report."),
            ),
            models.CheckConstraint(name="act_period", condition=Q(period_to__gte=F("period_from"))),
            models.CheckConstraint(
                name="act_correction_names_its_act",
                condition=Q(kind=ActKind.RENDERED, corrects__isnull=True)
                | Q(kind=ActKind.CORRECTION, corrects__isnull=False),
            ),
            models.CheckConstraint(
                name="act_accepted_adds_up",
                # rounded: SQLite subtracts in floating point
                condition=Q(
                    state=A.ACCEPTED,
                    accepted_at__isnull=False,
                    accepted=Round(F("claimed") - F("deducted"), precision=2),
                )
                | (~Q(state=A.ACCEPTED) & Q(accepted_at__isnull=True, accepted=0, paid=0)),
            ),
            models.CheckConstraint(
                name="act_rendered_not_negative",
                condition=Q(kind=ActKind.CORRECTION) | Q(claimed__gte=0, accepted__gte=0),
            ),
            models.CheckConstraint(name="act_deducted_not_negative", condition=Q(deducted__gte=0)),
        ]

    def __str__(self) -> str:
        return f"{self.contract} {self.number}"


class ActLine(models.Model):
    """Units of one service and what they cost; of a correction, the difference."""

    act = models.ForeignKey(AcceptanceAct, models.CASCADE, related_name="lines", verbose_name=_("act"))
    # `ContractLine.number`
    line = models.PositiveSmallIntegerField(_("service of the contract"))
    units = models.DecimalField(_("units"), max_digits=12, decimal_places=2, null=True, blank=True)
    tariff = models.DecimalField(_("tariff, UAH a unit"), max_digits=12, decimal_places=2, null=True, blank=True)
    # units × tariff, half a kopiika up; a sum of its own where the price is for the whole
    amount = models.DecimalField(_("sum, UAH"), max_digits=14, decimal_places=2, default=0)

    class Meta:
        verbose_name = _("line of an act")
        verbose_name_plural = _("lines of acts")
        ordering = ["act", "line"]
        constraints = [models.UniqueConstraint(fields=["act", "line"], name="act_line_once")]

    def __str__(self) -> str:
        return f"{self.act_id} {self.line}"


class Deduction(models.Model):
    """What is not paid of a claim, and why."""

    act = models.ForeignKey(AcceptanceAct, models.CASCADE, related_name="deductions", verbose_name=_("act"))
    line = models.PositiveSmallIntegerField(_("service of the contract"), null=True, blank=True)
    amount = models.DecimalField(_("sum, UAH"), max_digits=14, decimal_places=2)
    ground = models.ForeignKey(ProcedureGround, models.PROTECT, related_name="+", verbose_name=_("ground"))
    reason = models.TextField(_("reason"))

    class Meta:
        verbose_name = _("deduction")
        verbose_name_plural = _("deductions")
        ordering = ["act", "pk"]
        constraints = [
            models.CheckConstraint(name="deduction_positive", condition=Q(amount__gt=0)),
            models.CheckConstraint(name="deduction_has_reason", condition=~Q(reason="")),
        ]

    def __str__(self) -> str:
        return f"{self.act_id}: {self.amount}"


class Payment(models.Model):
    """Money that went to the provider for an act, or came back; never changed: a slip is undone by another one.

    `undoes` names the payment that was entered by mistake; its amount is the same and of the other kind.
    """

    act = models.ForeignKey(AcceptanceAct, models.PROTECT, related_name="payments", verbose_name=_("act"))
    funding = models.ForeignKey(
        ContractFunding, models.PROTECT, related_name="payments", verbose_name=_("budget line of the contract")
    )
    kind = models.CharField(_("kind"), max_length=10, choices=PaymentKind.choices, default=PaymentKind.PAYMENT)
    amount = models.DecimalField(_("sum, UAH"), max_digits=14, decimal_places=2)
    paid_on = models.DateField(_("date of the payment"))
    order_number = models.CharField(_("number of the payment order"), max_length=60)
    undoes = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="undone_by", verbose_name=_("undoes")
    )
    note = models.TextField(_("note"), blank=True)
    key = models.UUIDField(_("key of the entry"), unique=True)
    entered_at = models.DateTimeField(_("entered at"))
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("entered by")
    )
    log_seq = models.PositiveBigIntegerField(_("entry of the decision log"), null=True, blank=True)

    class Meta:
        verbose_name = _("payment")
        verbose_name_plural = _("payments")
        ordering = ["act", "paid_on", "pk"]
        constraints = [models.CheckConstraint(name="payment_positive", condition=Q(amount__gt=0))]

    def __str__(self) -> str:
        return f"{self.act_id}: {self.amount}"
