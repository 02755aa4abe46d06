from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from portal.kernel.models import StoredDocument
from procurement.contract_enums import (
    CheckAnswer,
    FindingOutcome,
    FindingState,
    NoticeKind,
    Severity,
    VisitBasis,
    VisitState,
)
from procurement.models.contract import Contract
from procurement.models.law import Template
from procurement.models.orders import ProcedureGround


class ChecklistVersion(Template):
    """What is looked at on a visit, by the standard of a service; the definition names the services it is for."""

    class Meta:
        verbose_name = _("version of a checklist")
        verbose_name_plural = _("versions of checklists")
        ordering = ["code", "-number"]
        constraints = [models.UniqueConstraint(fields=["code", "number"], name="checklist_version_once")]


class Visit(models.Model):
    """A visit to see how a contract is fulfilled: planned for a year, held by a checklist, concluded."""

    contract = models.ForeignKey(Contract, models.PROTECT, related_name="visits", verbose_name=_("contract"))
    number = models.PositiveSmallIntegerField(_("number"))
    year = models.PositiveSmallIntegerField(_("plan of the year"))
    planned_on = models.DateField(_("planned for"))
    basis = models.CharField(_("why"), max_length=10, choices=VisitBasis.choices)
    # what spoke for it: of a risk, the cards that held; of a complaint, what it was about, without people
    basis_words = models.TextField(_("why, in words"), blank=True)
    follows = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="followed_by", verbose_name=_("follows")
    )
    state = models.CharField(_("state"), max_length=10, choices=VisitState.choices, default=VisitState.PLANNED)
    checklist = models.ForeignKey(
        ChecklistVersion, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("checklist")
    )
    # names and posts of who goes; one of them may have an account and fill in the form
    team = models.JSONField(_("who visits"), default=list, blank=True)
    visitor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("filled in by"),
    )
    held_on = models.DateField(_("held on"), null=True, blank=True)
    place = models.CharField(_("where"), max_length=300, blank=True)
    # posts of those who were there for the provider
    present = models.TextField(_("who was present"), blank=True)
    notes = models.TextField(_("notes, not published"), blank=True)
    conclusion = models.TextField(_("conclusion"), blank=True)
    concluded_at = models.DateTimeField(_("concluded at"), null=True, blank=True)
    concluded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("concluded by"),
    )
    digest = models.CharField(_("digest"), max_length=64, blank=True)
    created_at = models.DateTimeField(_("planned at"))
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("planned by")
    )
    log_seq = models.PositiveBigIntegerField(_("entry of the decision log"), null=True, blank=True)

    class Meta:
        verbose_name = _("visit")
        verbose_name_plural = _("visits")
        ordering = ["-planned_on", "-pk"]
        indexes = [models.Index(fields=["state", "planned_on"], name="visit_planned")]
        constraints = [
            models.UniqueConstraint(fields=["contract", "number"], name="visit_once"),
            models.CheckConstraint(
                name="visit_held_has_its_day",
                condition=Q(state__in=(VisitState.PLANNED, VisitState.CANCELLED)) | Q(held_on__isnull=False),
            ),
            models.CheckConstraint(
                name="visit_concluded_has_stamps",
                condition=Q(concluded_at__isnull=True) | (Q(state=VisitState.CONCLUDED) & ~Q(conclusion="")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.contract} {self.number}"


class VisitSubmission(models.Model):
    """What a device sent of a visit: the key is made on the device, so that the same is never taken twice."""

    visit = models.ForeignKey(Visit, models.PROTECT, related_name="submissions", verbose_name=_("visit"))
    key = models.UUIDField(_("key"), unique=True)
    device = models.CharField(_("device"), max_length=64, blank=True)
    content = models.JSONField(_("content"))
    digest = models.CharField(_("digest"), max_length=64)
    at = models.DateTimeField(_("received at"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("sent by"))

    class Meta:
        verbose_name = _("sending of a visit")
        verbose_name_plural = _("sendings of visits")
        ordering = ["visit", "at", "pk"]

    def __str__(self) -> str:
        return f"{self.visit_id} {self.key}"


class VisitAnswer(models.Model):
    """What was seen about one item of the checklist; the latest answer, by the clock of the device, counts."""

    visit = models.ForeignKey(Visit, models.CASCADE, related_name="answers", verbose_name=_("visit"))
    code = models.SlugField(_("item"), max_length=60)
    answer = models.CharField(_("answer"), max_length=15, choices=CheckAnswer.choices)
    note = models.TextField(_("note"), blank=True)
    # what makes a breach a finding: {"kind", "citation", "severity", "text", "demand", "due_on"}; of the conclusion,
    # the rows of `Finding`
    finding = models.JSONField(_("finding in preparation"), default=dict, blank=True)
    answered_at = models.DateTimeField(_("answered at"))
    device = models.CharField(_("device"), max_length=64, blank=True)
    # another device answered otherwise: {"answer", "note", "finding", "answered_at"} of what did not count
    other = models.JSONField(_("another answer"), default=dict, blank=True)

    class Meta:
        verbose_name = _("answer of a checklist")
        verbose_name_plural = _("answers of checklists")
        ordering = ["visit", "pk"]
        constraints = [models.UniqueConstraint(fields=["visit", "code"], name="visit_answer_once")]

    def __str__(self) -> str:
        return f"{self.visit_id} {self.code}"


class Finding(models.Model):
    """One deviation that a visit found, followed until it is eliminated. Public once the visit is concluded."""

    visit = models.ForeignKey(Visit, models.PROTECT, related_name="findings", verbose_name=_("visit"))
    contract = models.ForeignKey(Contract, models.PROTECT, related_name="findings", verbose_name=_("contract"))
    number = models.PositiveSmallIntegerField(_("number"))
    # the item of the checklist, empty for what it does not ask
    code = models.SlugField(_("item of the checklist"), max_length=60, blank=True)
    kind = models.ForeignKey(ProcedureGround, models.PROTECT, related_name="+", verbose_name=_("type of violation"))
    # act and point that are not met
    citation = models.CharField(_("legal ground"), max_length=300, blank=True)
    severity = models.CharField(_("severity"), max_length=10, choices=Severity.choices)
    text = models.TextField(_("what was found"))
    demand = models.TextField(_("what is to be done"), blank=True)
    due_on = models.DateField(_("to be eliminated by"), null=True, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=FindingState.choices, default=FindingState.OPEN)
    outcome = models.CharField(_("result"), max_length=15, choices=FindingOutcome.choices, blank=True)
    closed_at = models.DateTimeField(_("closed at"), null=True, blank=True)
    log_seq = models.PositiveBigIntegerField(_("entry of the decision log"), null=True, blank=True)

    class Meta:
        verbose_name = _("finding")
        verbose_name_plural = _("findings")
        ordering = ["contract", "number"]
        indexes = [models.Index(fields=["state", "due_on"], name="finding_due")]
        constraints = [
            models.UniqueConstraint(fields=["contract", "number"], name="finding_once"),
            models.CheckConstraint(
                name="finding_closed_has_outcome",
                condition=Q(state__in=FindingState.unsolved, closed_at__isnull=True)
                | (Q(state=FindingState.CLOSED, closed_at__isnull=False) & ~Q(outcome="")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.contract} {self.number}"


class FindingReply(models.Model):
    """What the provider says and shows about a finding; never changed, another may follow."""

    finding = models.ForeignKey(Finding, models.PROTECT, related_name="replies", verbose_name=_("finding"))
    text = models.TextField(_("reply"))
    document = models.ForeignKey(
        StoredDocument, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("evidence")
    )
    key = models.UUIDField(_("key"), unique=True)
    at = models.DateTimeField(_("at"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("by"))
    log_seq = models.PositiveBigIntegerField(_("entry of the decision log"), null=True, blank=True)

    class Meta:
        verbose_name = _("reply to a finding")
        verbose_name_plural = _("replies to findings")
        ordering = ["finding", "at", "pk"]

    def __str__(self) -> str:
        return f"{self.finding_id} {self.at:%Y-%m-%d}"


class FindingResult(models.Model):
    """How a finding was judged; a later one stands beside the earlier ones."""

    finding = models.ForeignKey(Finding, models.PROTECT, related_name="results", verbose_name=_("finding"))
    outcome = models.CharField(_("result"), max_length=15, choices=FindingOutcome.choices)
    reason = models.TextField(_("reason"))
    # the visit on which it was seen, if any
    visit = models.ForeignKey(
        Visit, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("seen on the visit")
    )
    # another term, for what is eliminated in part or not at all
    due_on = models.DateField(_("another term"), null=True, blank=True)
    at = models.DateTimeField(_("at"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("by"))
    log_seq = models.PositiveBigIntegerField(_("entry of the decision log"), null=True, blank=True)

    class Meta:
        verbose_name = _("result of a finding")
        verbose_name_plural = _("results of findings")
        ordering = ["finding", "at", "pk"]

    def __str__(self) -> str:
        return f"{self.finding_id} {self.outcome}"


class ContractNotice(models.Model):
    """A warning to the provider, or the notice that must go before a termination for breach (escalation)."""

    contract = models.ForeignKey(Contract, models.PROTECT, related_name="notices", verbose_name=_("contract"))
    number = models.PositiveSmallIntegerField(_("number"))
    kind = models.CharField(_("kind"), max_length=12, choices=NoticeKind.choices)
    ground = models.ForeignKey(ProcedureGround, models.PROTECT, related_name="+", verbose_name=_("ground"))
    findings = models.ManyToManyField(Finding, blank=True, related_name="notices", verbose_name=_("findings"))
    text = models.TextField(_("text"))
    sent_at = models.DateTimeField(_("sent at"))
    sent_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("sent by"))
    # by when the provider may answer and mend; the contract is not terminated earlier
    answer_by = models.DateField(_("to be answered by"))
    answer = models.TextField(_("provider's answer"), blank=True)
    answered_at = models.DateTimeField(_("answered at"), null=True, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("answered by")
    )
    withdrawn_at = models.DateTimeField(_("withdrawn at"), null=True, blank=True)
    withdrawn_reason = models.TextField(_("why it was withdrawn"), blank=True)
    key = models.UUIDField(_("key"), unique=True)
    log_seq = models.PositiveBigIntegerField(_("entry of the decision log"), null=True, blank=True)

    class Meta:
        verbose_name = _("notice to a provider")
        verbose_name_plural = _("notices to providers")
        ordering = ["contract", "number"]
        constraints = [
            models.UniqueConstraint(fields=["contract", "number"], name="contract_notice_once"),
            models.CheckConstraint(
                name="contract_notice_withdrawn_has_reason",
                condition=Q(withdrawn_at__isnull=True, withdrawn_reason="")
                | (Q(withdrawn_at__isnull=False) & ~Q(withdrawn_reason="")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.contract} {self.number}"
