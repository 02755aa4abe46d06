from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from portal.kernel.models import StoredDocument
from procurement.enums import AdmissionState, CheckResult, ClarificationState, DefenceState
from procurement.models.evaluation import EvaluationRound
from procurement.models.orders import ProcedureGround
from procurement.models.proposal import Proposal


class Admission(models.Model):
    """Whether a proposal is let to scoring, item by item of the frozen list, with the grounds of a refusal."""

    round = models.ForeignKey(EvaluationRound, models.PROTECT, related_name="admissions", verbose_name=_("round"))
    proposal = models.ForeignKey(Proposal, models.PROTECT, related_name="admissions", verbose_name=_("proposal"))
    state = models.CharField(_("state"), max_length=12, choices=AdmissionState.choices, default=AdmissionState.PENDING)
    ground = models.ForeignKey(
        ProcedureGround, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("ground")
    )
    reason = models.TextField(_("reason"), blank=True)
    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("decided by")
    )

    class Meta:
        verbose_name = _("admission of a proposal")
        verbose_name_plural = _("admissions of proposals")
        ordering = ["round", "proposal__number"]
        constraints = [
            models.UniqueConstraint(fields=["round", "proposal"], name="admission_once"),
            models.CheckConstraint(
                name="admission_rejected_has_its_reason",
                condition=~Q(state=AdmissionState.REJECTED) | (Q(ground__isnull=False) & ~Q(reason="")),
                violation_error_message=_("A proposal that is not admitted is told the ground and the reason."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.round_id} {self.proposal_id}"


class AdmissionCheck(models.Model):
    """What was found of one item of the frozen list; no row, and it was not looked at yet."""

    admission = models.ForeignKey(Admission, models.CASCADE, related_name="checks", verbose_name=_("admission"))
    # of the item in the frozen policy
    code = models.SlugField(_("item"), max_length=60)
    result = models.CharField(_("result"), max_length=10, choices=CheckResult.choices)
    note = models.TextField(_("note"), blank=True)

    class Meta:
        verbose_name = _("check before admission")
        verbose_name_plural = _("checks before admission")
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["admission", "code"], name="admission_check_once")]

    def __str__(self) -> str:
        return f"{self.admission_id} {self.code}"


class Clarification(models.Model):
    """A request to clarify named fields of a proposal, once and until a moment; both texts become public afterwards."""

    admission = models.OneToOneField(
        Admission, models.PROTECT, related_name="clarification", verbose_name=_("admission")
    )
    state = models.CharField(
        _("state"), max_length=10, choices=ClarificationState.choices, default=ClarificationState.ASKED
    )
    # paths of the form
    fields = models.JSONField(_("fields"))
    text = models.TextField(_("what is asked"))
    asked_at = models.DateTimeField(_("asked at"))
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("asked by"))
    # exclusive
    due_at = models.DateTimeField(_("to be answered before"))
    # the rule by which it was counted, or how the official set it
    due_words = models.TextField(_("why until then"), blank=True)
    # {path: {"before": value, "after": value}}
    answers = models.JSONField(_("answers"), default=dict, blank=True)
    note = models.TextField(_("explanation of the applicant"), blank=True)
    answered_at = models.DateTimeField(_("answered at"), null=True, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("answered by")
    )
    log_seq = models.PositiveBigIntegerField(_("entry of the decision log"), null=True, blank=True)

    class Meta:
        verbose_name = _("clarification of a proposal")
        verbose_name_plural = _("clarifications of proposals")

    def __str__(self) -> str:
        return str(self.admission_id)


class ClarificationFile(models.Model):
    """A file that answers a field of kind document; private as the proposal's own files are."""

    clarification = models.ForeignKey(
        Clarification, models.CASCADE, related_name="files", verbose_name=_("clarification")
    )
    path = models.CharField(_("field"), max_length=200)
    document = models.ForeignKey(StoredDocument, models.PROTECT, related_name="+", verbose_name=_("file"))

    class Meta:
        verbose_name = _("file of a clarification")
        verbose_name_plural = _("files of clarifications")
        constraints = [models.UniqueConstraint(fields=["clarification", "path"], name="clarification_file_once")]

    def __str__(self) -> str:
        return f"{self.clarification_id} {self.path}"


class Defence(models.Model):
    """The applicant defends the proposal before the commission, where the profile has that stage."""

    round = models.ForeignKey(EvaluationRound, models.PROTECT, related_name="defences", verbose_name=_("round"))
    proposal = models.ForeignKey(Proposal, models.PROTECT, related_name="defences", verbose_name=_("proposal"))
    state = models.CharField(_("state"), max_length=10, choices=DefenceState.choices, default=DefenceState.SCHEDULED)
    at = models.DateTimeField(_("at"))
    place = models.CharField(_("place or address of the call"), max_length=300, blank=True)
    note = models.TextField(_("what was asked and answered"), blank=True)
    recorded_at = models.DateTimeField(_("recorded at"), null=True, blank=True)

    class Meta:
        verbose_name = _("defence of a proposal")
        verbose_name_plural = _("defences of proposals")
        ordering = ["round", "at", "pk"]
        constraints = [models.UniqueConstraint(fields=["round", "proposal"], name="defence_once")]

    def __str__(self) -> str:
        return f"{self.round_id} {self.proposal_id}"
