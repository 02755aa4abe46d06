"""Who of a commission has declared, who is recused and why: for those who look after interests in a competition."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy

from procurement.domain.evaluation.matching import Match, matches_of_all
from procurement.enums import InterestKind, RecusalState
from procurement.models import CommissionMember, Competition, InterestDeclaration, Recusal

if TYPE_CHECKING:
    from django.db.models import QuerySet

Words = str | Promise
COLOURS = {RecusalState.PROPOSED: "warn", RecusalState.CONFIRMED: "bad", RecusalState.DISMISSED: "ok"}


@dataclass(slots=True)
class RecusalLine:
    """A recusal as it is judged; `evidence` are pairs of a kind of tie and words, read by nobody else."""

    recusal: Recusal
    evidence: list[tuple[str, str]]

    @property
    def colour(self) -> str:
        return COLOURS[RecusalState(self.recusal.state)]

    @property
    def is_open(self) -> bool:
        return self.recusal.state == RecusalState.PROPOSED

    @property
    def ground(self) -> str:
        return _tie(self.recusal.ground)


@dataclass(slots=True)
class InterestLine:
    """A member with what stands between them and the proposals; `matches` found now wait for the declaration."""

    member: CommissionMember
    declared_at: datetime | None
    recusals: list[RecusalLine]
    matches: list[Match]

    @property
    def is_barred(self) -> bool:
        return any(one.recusal.state in RecusalState.barring for one in self.recusals)

    @property
    def state(self) -> Words:
        if any(one.recusal.state == RecusalState.CONFIRMED for one in self.recusals):
            return pgettext_lazy("member", "recused")
        if self.is_barred:
            return pgettext_lazy("member", "a recusal is to be decided")
        return (
            pgettext_lazy("member", "takes part") if self.declared_at else pgettext_lazy("member", "has not declared")
        )

    @property
    def colour(self) -> str:
        if self.is_barred:
            return "bad" if any(one.recusal.state == RecusalState.CONFIRMED for one in self.recusals) else "warn"
        return "ok" if self.declared_at else ""


def interest_lines(competition: Competition) -> list[InterestLine]:
    """Return the members of the competition's commission, in a fixed number of queries."""
    members = list(active_members(competition))
    declared = InterestDeclaration.objects.filter(competition=competition, replaced_at__isnull=True)
    moments = dict(declared.values_list("member", "at"))
    lines: dict[int, list[RecusalLine]] = defaultdict(list)
    for recusal in Recusal.objects.filter(competition=competition).select_related("organisation", "decided_by"):
        lines[recusal.member_id].append(line_of(recusal))
    silent = [one for one in members if one.pk not in moments]
    matches = matches_of_all(silent, competition) if silent else {}
    return [InterestLine(one, moments.get(one.pk), lines.get(one.pk, []), matches.get(one.pk, [])) for one in members]


def line_of(recusal: Recusal) -> RecusalLine:
    evidence = [(_tie(one.get("tie", "")), str(one.get("words", ""))) for one in recusal.evidence]
    return RecusalLine(recusal, evidence)


def active_members(competition: Competition) -> QuerySet[CommissionMember]:
    """Return the members of the commission that the competition has now."""
    return CommissionMember.objects.active().filter(commission=competition.commission_id)


def _tie(kind: str) -> str:
    return str(InterestKind(kind).label) if kind in InterestKind.values else ""
