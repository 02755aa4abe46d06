"""What is public around a decision beside it: appeals, what the log has of the competition."""

from __future__ import annotations

from typing import Final

from django.db.models import Q, QuerySet

from portal.kernel.models import LogEntry
from procurement.models import Appeal, Competition
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


def log_of(competition: Competition, decided_at: int) -> QuerySet[LogEntry]:
    """Return the entries about a competition that are public once the entry `decided_at` has published its results."""
    at_once = Q()
    for tag in _AT_ONCE:
        at_once |= Q(tag__startswith=tag)
    rows = LogEntry.objects.filter(Q(seq__lte=decided_at) | at_once, subject=f"{SUBJECT}{competition.number}")
    return rows.order_by("seq")
