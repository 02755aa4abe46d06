from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from portal.accounts.models import Organisation
from portal.kernel.workflow import TransitionLog
from procurement.enums import RecusalSource, RecusalState, RoundState
from procurement.models.commission import CommissionMember, CompetitionCommission
from procurement.models.competition import Competition


class EvaluationRound(models.Model):
    """One passage from declarations to a decision; an upheld appeal may begin another, the earlier ones stay.

    Everything below hangs on a round: admissions, sheets, ties, minutes, the decision.
    """

    competition = models.ForeignKey(Competition, models.PROTECT, related_name="rounds", verbose_name=_("competition"))
    commission = models.ForeignKey(
        CompetitionCommission, models.PROTECT, related_name="rounds", verbose_name=_("commission")
    )
    number = models.PositiveSmallIntegerField(_("number"), default=1)
    state = models.CharField(_("state"), max_length=12, choices=RoundState.choices, default=RoundState.DECLARATIONS)
    began_at = models.DateTimeField(_("began at"))
    began_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("begun by"))
    # why there is one more
    reason = models.TextField(_("reason"), blank=True)
    scoring_since = models.DateTimeField(_("scoring since"), null=True, blank=True)
    discussed_at = models.DateTimeField(_("discussion since"), null=True, blank=True)
    minuted_at = models.DateTimeField(_("minutes signed at"), null=True, blank=True)
    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True)

    class Meta:
        verbose_name = _("round of evaluation")
        verbose_name_plural = _("rounds of evaluation")
        ordering = ["competition", "number"]
        constraints = [
            models.UniqueConstraint(fields=["competition", "number"], name="evaluation_round_once"),
            models.UniqueConstraint(
                fields=["competition"],
                condition=Q(state__in=RoundState.running),
                name="evaluation_one_running_round",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.competition} {self.number}"


class EvaluationStep(TransitionLog):
    """Steps of everything that belongs to an evaluation: `thing` names the kind, `key` the row."""

    competition = models.ForeignKey(
        Competition,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="evaluation_steps",
        verbose_name=_("competition"),
    )
    thing = models.CharField(_("of what"), max_length=40)
    key = models.CharField(_("which one"), max_length=40)
    step = models.CharField(_("step"), max_length=30)

    class Meta(TransitionLog.Meta):
        verbose_name = _("step of an evaluation")
        verbose_name_plural = _("steps of evaluations")
        indexes = [models.Index(fields=["thing", "key"], name="evaluation_step_of")]

    def __str__(self) -> str:
        return f"{self.thing} {self.key} {self.step}"


class InterestDeclaration(models.Model):
    """What a member declared about the applicants of one competition; a later one takes the place of the earlier."""

    competition = models.ForeignKey(
        Competition, models.PROTECT, related_name="declarations", verbose_name=_("competition")
    )
    member = models.ForeignKey(CommissionMember, models.PROTECT, related_name="declarations", verbose_name=_("member"))
    has_interest = models.BooleanField(_("has an interest"))
    # never public: a list of {"organisation": pk, "kind": InterestKind, "text": words}
    ties = models.JSONField(_("ties"), default=list, blank=True)
    at = models.DateTimeField(_("at"))
    # of the canonical content; the public log has it
    digest = models.CharField(_("digest"), max_length=64)
    log_seq = models.PositiveBigIntegerField(_("entry of the decision log"), null=True, blank=True)
    replaced_at = models.DateTimeField(_("replaced at"), null=True, blank=True)

    class Meta:
        verbose_name = _("declaration of interest")
        verbose_name_plural = _("declarations of interest")
        ordering = ["competition", "member", "at"]
        constraints = [
            models.UniqueConstraint(
                fields=["competition", "member"],
                condition=Q(replaced_at__isnull=True),
                name="declaration_one_in_force",
            )
        ]

    def __str__(self) -> str:
        return f"{self.competition_id} {self.member}"


class Recusal(models.Model):
    """Why a member has no part in a competition: declared, found by the portal or raised; decided by somebody else.

    While it is proposed or confirmed, the member gets nothing of the proposals, through whatever channel. It is for the
    whole competition: proposals may be for several lots at once.
    """

    competition = models.ForeignKey(Competition, models.PROTECT, related_name="recusals", verbose_name=_("competition"))
    member = models.ForeignKey(CommissionMember, models.PROTECT, related_name="recusals", verbose_name=_("member"))
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("applicant")
    )
    source = models.CharField(_("where from"), max_length=10, choices=RecusalSource.choices)
    state = models.CharField(_("state"), max_length=10, choices=RecusalState.choices, default=RecusalState.PROPOSED)
    # what matched: a list of {"kind": "code"|"founder"|"employer"|"contract"|"mandate"|…, "words": …}; never public
    evidence = models.JSONField(_("what was found"), default=list, blank=True)
    # public
    ground = models.CharField(_("kind of tie"), max_length=12, blank=True)
    proposed_at = models.DateTimeField(_("proposed at"))
    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("decided by")
    )
    reason = models.TextField(_("reason"), blank=True)
    log_seq = models.PositiveBigIntegerField(_("entry of the decision log"), null=True, blank=True)

    class Meta:
        verbose_name = _("recusal")
        verbose_name_plural = _("recusals")
        ordering = ["competition", "member", "pk"]
        constraints = [
            models.CheckConstraint(
                name="recusal_decided_has_its_reason",
                condition=Q(state=RecusalState.PROPOSED) | (Q(decided_at__isnull=False) & ~Q(reason="")),
                violation_error_message=_("A decided recusal has the moment and the reason."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.competition_id} {self.member}"


class Sitting(models.Model):
    """A meeting of the commission in a round, with who came and whether that was a quorum by the frozen rule."""

    round = models.ForeignKey(EvaluationRound, models.PROTECT, related_name="sittings", verbose_name=_("round"))
    number = models.PositiveSmallIntegerField(_("number"))
    at = models.DateTimeField(_("at"))
    place = models.CharField(_("place or address of the call"), max_length=300, blank=True)
    agenda = models.TextField(_("what about"), blank=True)
    # {"appointed": n, "recused": n, "present": n, "needed": n, "rule": words, "is_quorate": bool}
    quorum = models.JSONField(_("quorum"), default=dict)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("recorded by")
    )
    recorded_at = models.DateTimeField(_("recorded at"))
    log_seq = models.PositiveBigIntegerField(_("entry of the decision log"), null=True, blank=True)

    class Meta:
        verbose_name = _("sitting of a commission")
        verbose_name_plural = _("sittings of commissions")
        ordering = ["round", "number"]
        constraints = [models.UniqueConstraint(fields=["round", "number"], name="sitting_number_once")]

    def __str__(self) -> str:
        return f"{self.round_id} {self.number}"


class Attendance(models.Model):
    """Whether a member came to a sitting: its quorum was counted from these rows."""

    sitting = models.ForeignKey(Sitting, models.CASCADE, related_name="attendances", verbose_name=_("sitting"))
    member = models.ForeignKey(CommissionMember, models.PROTECT, related_name="attendances", verbose_name=_("member"))
    is_present = models.BooleanField(_("came"))
    note = models.CharField(_("note"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("attendance")
        verbose_name_plural = _("attendances")
        ordering = ["sitting", "member__order", "pk"]
        constraints = [models.UniqueConstraint(fields=["sitting", "member"], name="attendance_once")]

    def __str__(self) -> str:
        return f"{self.sitting_id} {self.member}"
