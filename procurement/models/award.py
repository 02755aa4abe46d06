from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from portal.accounts.models import Organisation
from portal.kernel.models import StoredDocument, VerificationCode
from procurement.enums import AppealRemedy, AppealScope, AppealState, AwardOutcome, AwardState, MinutesState
from procurement.models.commission import CommissionMember
from procurement.models.competition import Competition, Lot
from procurement.models.evaluation import EvaluationRound
from procurement.models.orders import ProcedureGround
from procurement.models.proposal import Proposal


class Minutes(models.Model):
    """The minutes of a round: generated from its rows, frozen with the first signature, final with the last needed.

    `inputs` are the texts of scores.csv and rubric.json, `ranking` the text of ranking.csv that follows from them.
    """

    round = models.ForeignKey(EvaluationRound, models.PROTECT, related_name="minutes", verbose_name=_("round"))
    number = models.PositiveSmallIntegerField(_("number"), default=1)
    state = models.CharField(_("state"), max_length=10, choices=MinutesState.choices, default=MinutesState.DRAFT)
    content = models.JSONField(_("content"))
    inputs = models.JSONField(_("inputs of the ranking"), default=dict)
    inputs_digest = models.CharField(_("digest of the inputs"), max_length=64, blank=True)
    ranking = models.TextField(_("ranking"), blank=True)
    # what would change without one member, without one criterion (`procurement.ranking.sensitivity`)
    sensitivity = models.JSONField(_("sensitivity"), default=dict, blank=True)
    digest = models.CharField(_("digest"), max_length=64)
    made_at = models.DateTimeField(_("made at"))
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("made by"))
    signed_at = models.DateTimeField(_("signed at"), null=True, blank=True)
    code = models.ForeignKey(
        VerificationCode, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("verification code")
    )
    log_seq = models.PositiveBigIntegerField(_("entry of the decision log"), null=True, blank=True)

    class Meta:
        verbose_name = _("minutes")
        verbose_name_plural = _("minutes")
        ordering = ["round", "number"]
        constraints = [
            models.UniqueConstraint(fields=["round", "number"], name="minutes_number_once"),
            models.UniqueConstraint(
                fields=["round"], condition=~Q(state=MinutesState.WITHDRAWN), name="minutes_one_in_force"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.round_id} {self.number}"


class MinutesSignature(models.Model):
    minutes = models.ForeignKey(Minutes, models.PROTECT, related_name="signatures", verbose_name=_("minutes"))
    member = models.ForeignKey(CommissionMember, models.PROTECT, related_name="signatures", verbose_name=_("member"))
    at = models.DateTimeField(_("at"))
    digest = models.CharField(_("digest that was signed"), max_length=64)
    # of one who signs and does not agree
    opinion = models.TextField(_("separate opinion"), blank=True)
    log_seq = models.PositiveBigIntegerField(_("entry of the decision log"), null=True, blank=True)

    class Meta:
        verbose_name = _("signature of minutes")
        verbose_name_plural = _("signatures of minutes")
        ordering = ["minutes", "at"]
        constraints = [models.UniqueConstraint(fields=["minutes", "member"], name="minutes_signed_once")]

    def __str__(self) -> str:
        return f"{self.minutes_id} {self.member}"


class AwardDecision(models.Model):
    """The commissioner's decision on the winners; never edited, corrected only by one that supersedes it.

    `content` is the canonical record {competition, version, rubric digest, inputs digest, ranking digest, awards, …}
    whose digest the public log has. `inputs` and `ranking` are those it rests on: the minutes' own, or made anew after
    a winner failed.
    """

    competition = models.ForeignKey(
        Competition, models.PROTECT, related_name="decisions", verbose_name=_("competition")
    )
    round = models.ForeignKey(EvaluationRound, models.PROTECT, related_name="decisions", verbose_name=_("round"))
    minutes = models.ForeignKey(Minutes, models.PROTECT, related_name="decisions", verbose_name=_("minutes"))
    number = models.PositiveSmallIntegerField(_("number"))
    outcome = models.CharField(_("outcome"), max_length=10, choices=AwardOutcome.choices)
    ground = models.ForeignKey(
        ProcedureGround, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("ground")
    )
    reason = models.TextField(_("reason"), blank=True)
    # the commissioner's order on paper
    act_number = models.CharField(_("number of the order"), max_length=60)
    act_on = models.DateField(_("date of the order"))
    act_url = models.URLField(_("address of the order"), max_length=500, blank=True)
    inputs = models.JSONField(_("inputs of the ranking"), default=dict)
    inputs_digest = models.CharField(_("digest of the inputs"), max_length=64, blank=True)
    ranking = models.TextField(_("ranking"), blank=True)
    content = models.JSONField(_("content"))
    digest = models.CharField(_("digest"), max_length=64)
    at = models.DateTimeField(_("published at"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("by"))
    supersedes = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="superseded_by", verbose_name=_("supersedes")
    )
    code = models.ForeignKey(
        VerificationCode, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("verification code")
    )
    log_seq = models.PositiveBigIntegerField(_("entry of the decision log"), null=True, blank=True)

    class Meta:
        verbose_name = _("decision on winners")
        verbose_name_plural = _("decisions on winners")
        ordering = ["competition", "number"]
        constraints = [
            models.UniqueConstraint(fields=["competition", "number"], name="award_decision_once"),
            models.CheckConstraint(
                name="award_decision_later_has_its_ground",
                condition=Q(supersedes__isnull=True) | (Q(ground__isnull=False) & ~Q(reason="")),
                violation_error_message=_("A decision in place of another has its ground and reason."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.competition} {self.number}"


class Award(models.Model):
    """A lot, or a project's money, given to a proposal by a decision."""

    decision = models.ForeignKey(AwardDecision, models.PROTECT, related_name="awards", verbose_name=_("decision"))
    lot = models.ForeignKey(Lot, models.PROTECT, related_name="awards", verbose_name=_("lot"))
    proposal = models.ForeignKey(Proposal, models.PROTECT, related_name="awards", verbose_name=_("proposal"))
    place = models.PositiveSmallIntegerField(_("place"))
    amount = models.DecimalField(_("sum, UAH"), max_digits=14, decimal_places=2, null=True, blank=True)
    state = models.CharField(_("state"), max_length=12, choices=AwardState.choices, default=AwardState.OFFERED)
    reason = models.TextField(_("reason"), blank=True)
    answered_at = models.DateTimeField(_("answered at"), null=True, blank=True)

    class Meta:
        verbose_name = _("award")
        verbose_name_plural = _("awards")
        ordering = ["decision", "lot__number", "place"]
        constraints = [models.UniqueConstraint(fields=["decision", "lot", "proposal"], name="award_once")]

    def __str__(self) -> str:
        return f"{self.decision_id} {self.lot_id} {self.proposal_id}"


class Appeal(models.Model):
    """A bidder's complaint about a competition: structured only where something is computed from it."""

    competition = models.ForeignKey(Competition, models.PROTECT, related_name="appeals", verbose_name=_("competition"))
    number = models.PositiveSmallIntegerField(_("number"))
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="appeals", verbose_name=_("who complains")
    )
    decision = models.ForeignKey(
        AwardDecision, models.PROTECT, null=True, blank=True, related_name="appeals", verbose_name=_("decision")
    )
    scope = models.CharField(_("about"), max_length=14, choices=AppealScope.choices)
    text = models.TextField(_("what is wrong"))
    remedy_asked = models.TextField(_("what is asked for"))
    document = models.ForeignKey(
        StoredDocument, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("file")
    )
    state = models.CharField(_("state"), max_length=12, choices=AppealState.choices, default=AppealState.FILED)
    # by the frozen policy at filing
    stops = models.BooleanField(_("stops the award"), default=False)
    filed_at = models.DateTimeField(_("filed at"))
    filed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("filed by"))
    key = models.UUIDField(unique=True)
    # empty where the table has no term
    due_on = models.DateField(_("to be decided by"), null=True, blank=True)
    due_words = models.TextField(_("why until then"), blank=True)
    ground = models.ForeignKey(
        ProcedureGround, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("ground")
    )
    remedy = models.CharField(_("what follows"), max_length=10, choices=AppealRemedy.choices, blank=True)
    answer = models.TextField(_("decision on the appeal"), blank=True)
    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("decided by")
    )
    log_seq = models.PositiveBigIntegerField(_("entry of the decision log"), null=True, blank=True)

    class Meta:
        verbose_name = _("appeal")
        verbose_name_plural = _("appeals")
        ordering = ["competition", "number"]
        constraints = [
            models.UniqueConstraint(fields=["competition", "number"], name="appeal_number_once"),
            models.CheckConstraint(
                name="appeal_decided_has_its_answer",
                condition=Q(state__in=(*AppealState.open, AppealState.WITHDRAWN))
                | (Q(decided_at__isnull=False) & ~Q(answer="")),
                violation_error_message=_("A decided appeal has the moment and the answer."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.competition} {self.number}"
