"""What is public around a decision beside it: appeals, what the log has of the competition, commissions at work."""

from __future__ import annotations

from typing import Final

from django.db.models import Q, QuerySet

from portal.kernel.models import LogEntry
from procurement.enums import CommissionState, RoundState
from procurement.models import Appeal, Competition, CompetitionCommission, EvaluationRound
from procurement.queries.announcements import SUBJECT

# what is public at once; entries about admission, scores and sheets become so with the decision that follows them
_AT_ONCE: Final = (
    "procurement:competition:",
    "procurement:proposal:submit",
    "procurement:appeal:",
    "procurement:award:",
)


def appeals_of(competition: Competition) -> list[Appeal]:
    """Return the appeals in their order; what they say is public only with the answer."""
    rows = competition.appeals.select_related("organisation", "ground", "decision")
    return list(rows.defer("decision__content", "decision__inputs", "decision__ranking").order_by("number"))


def running_round(competition: Competition) -> EvaluationRound | None:
    """Return the round in which the commission evaluates now."""
    rounds = EvaluationRound.objects.filter(competition=competition, state__in=RoundState.running)
    return rounds.select_related("commission").first()


def log_of(competition: Competition, decided_at: int) -> QuerySet[LogEntry]:
    """Return the entries about a competition that are public once the entry `decided_at` has published its results."""
    at_once = Q()
    for tag in _AT_ONCE:
        at_once |= Q(tag__startswith=tag)
    rows = LogEntry.objects.filter(Q(seq__lte=decided_at) | at_once, subject=f"{SUBJECT}{competition.number}")
    return rows.order_by("seq")


def public_commissions() -> QuerySet[CompetitionCommission]:
    """Return the commissions that were appointed, those that are dissolved too, the newest first."""
    rows = CompetitionCommission.objects.exclude(state=CommissionState.DRAFT)
    related = rows.select_related("commissioner__organisation", "hromada__oblast").prefetch_related("members")
    return related.order_by("-appointed_at", "-pk")
