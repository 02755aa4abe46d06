from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from procurement.enums import SheetState, TieKind
from procurement.models.commission import CommissionMember
from procurement.models.competition import Lot
from procurement.models.evaluation import EvaluationRound
from procurement.models.proposal import Proposal


class ScoreSheet(models.Model):
    """All that one member scores in a round; what others scored is seen only once it is filed."""

    round = models.ForeignKey(EvaluationRound, models.PROTECT, related_name="sheets", verbose_name=_("round"))
    member = models.ForeignKey(CommissionMember, models.PROTECT, related_name="sheets", verbose_name=_("member"))
    state = models.CharField(_("state"), max_length=10, choices=SheetState.choices, default=SheetState.DRAFT)
    version = models.PositiveIntegerField(_("version of the draft"), default=1)
    began_at = models.DateTimeField(_("began at"))
    saved_at = models.DateTimeField(_("saved at"))
    filed_at = models.DateTimeField(_("filed at"), null=True, blank=True)
    # of the canonical scores; the public log has it
    digest = models.CharField(_("digest"), max_length=64, blank=True)
    # in the digested record, so that nobody guesses few points from their digest; published with the scores
    salt = models.CharField(_("salt"), max_length=64, blank=True)
    # what was filed before it was returned: [{"filed_at", "digest", "salt", "reason", "scores": [...]}]
    earlier = models.JSONField(_("filed before"), default=list, blank=True)
    log_seq = models.PositiveBigIntegerField(_("entry of the decision log"), null=True, blank=True)

    class Meta:
        verbose_name = _("score sheet")
        verbose_name_plural = _("score sheets")
        ordering = ["round", "member__order", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["round", "member"], name="score_sheet_once"),
            models.CheckConstraint(
                name="score_sheet_filed_has_its_moment",
                condition=~Q(state=SheetState.FILED) | (Q(filed_at__isnull=False) & ~Q(digest="")),
                violation_error_message=_("A filed sheet has its moment and digest."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.round_id} {self.member}"


class Score(models.Model):
    """Points of a member for one criterion of a proposal in a lot; none means not applicable, with a reason."""

    sheet = models.ForeignKey(ScoreSheet, models.CASCADE, related_name="scores", verbose_name=_("sheet"))
    lot = models.ForeignKey(Lot, models.PROTECT, related_name="+", verbose_name=_("lot"))
    proposal = models.ForeignKey(Proposal, models.PROTECT, related_name="scores", verbose_name=_("proposal"))
    criterion = models.SlugField(_("criterion"), max_length=60)
    points = models.DecimalField(_("points"), max_digits=8, decimal_places=3, null=True, blank=True)
    # a choice was made: points, or deliberately none
    is_given = models.BooleanField(_("given"), default=False)
    reason = models.TextField(_("reason"), blank=True)
    # of the sheet, when this was last written
    version = models.PositiveIntegerField(_("version of the draft"), default=0)

    class Meta:
        verbose_name = _("score")
        verbose_name_plural = _("scores")
        ordering = ["sheet", "lot__number", "proposal__number", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["sheet", "lot", "proposal", "criterion"], name="score_once"),
            models.CheckConstraint(
                name="score_points_not_below_zero",
                condition=Q(points__isnull=True) | Q(points__gte=0),
                violation_error_message=_("Points are not below zero."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.sheet_id} {self.criterion}"


class ConsensusNote(models.Model):
    """What the commission says about scores that lie far apart; asked for where the rubric's spread is reached."""

    round = models.ForeignKey(EvaluationRound, models.PROTECT, related_name="notes", verbose_name=_("round"))
    lot = models.ForeignKey(Lot, models.PROTECT, related_name="+", verbose_name=_("lot"))
    proposal = models.ForeignKey(Proposal, models.PROTECT, related_name="+", verbose_name=_("proposal"))
    criterion = models.SlugField(_("criterion"), max_length=60)
    text = models.TextField(_("note"))
    at = models.DateTimeField(_("at"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("by"))

    class Meta:
        verbose_name = _("consensus note")
        verbose_name_plural = _("consensus notes")
        ordering = ["round", "lot__number", "proposal__number", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["round", "lot", "proposal", "criterion"], name="consensus_note_once")
        ]

    def __str__(self) -> str:
        return f"{self.round_id} {self.criterion}"


class TieBreak(models.Model):
    """A recorded casting vote or drawing between proposals that the rest of the tie path left equal."""

    round = models.ForeignKey(EvaluationRound, models.PROTECT, related_name="tie_breaks", verbose_name=_("round"))
    lot = models.ForeignKey(Lot, models.PROTECT, related_name="+", verbose_name=_("lot"))
    kind = models.CharField(_("kind"), max_length=10, choices=TieKind.choices)
    # numbers of the proposals, the preferred first
    order = models.JSONField(_("order"))
    reason = models.TextField(_("reason"))
    at = models.DateTimeField(_("at"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("by"))
    log_seq = models.PositiveBigIntegerField(_("entry of the decision log"), null=True, blank=True)

    class Meta:
        verbose_name = _("tie break")
        verbose_name_plural = _("tie breaks")
        ordering = ["round", "lot__number", "pk"]

    def __str__(self) -> str:
        return f"{self.round_id} {self.order}"
