"""The inputs of a round's ranking as the published texts, and the ranking that follows from them alone."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from portal.accounts.enums import Role
from portal.kernel.workflow import StepRefused
from procurement import ranking, rules
from procurement.domain.calls.steps import require_reason
from procurement.domain.evaluation.records import record
from procurement.domain.evaluation.score_rows import Place, amount_text, asked_of, member_labels, rows_of
from procurement.domain.evaluation.spreads import Severity, Spread, severity_of, spreads_of
from procurement.domain.evaluation.steps import lock_round, member_actor, require_state, rubric_of
from procurement.enums import AwardState, MemberRole, MinutesState, RoundState, TieKind
from procurement.evaluation_notifications import note_evaluation
from procurement.models import Award, Competition, EvaluationRound, TieBreak
from registry.domain.desk import actor_for
from registry.domain.providers import Actor

if TYPE_CHECKING:
    from portal.accounts.models import User

__all__ = [
    "Frozen",
    "Severity",
    "Spread",
    "asked_of",
    "equals_now",
    "freeze_ranking",
    "member_labels",
    "record_tie_break",
    "rubric_text",
    "severity_of",
    "spreads_of",
    "standings_of",
]


@dataclass(frozen=True, slots=True)
class Frozen:
    """Texts as they are published: scores.csv, rubric.json, ranking.csv.

    `digest` is of the two inputs, one after the other (`cat scores.csv rubric.json | sha256sum`).
    """

    scores: str
    rubric: str
    ranking: str
    digest: str


def freeze_ranking(round_: EvaluationRound, *, standings: Mapping[Place, str] | None = None) -> Frozen:
    """Return the ranking of the filed sheets of able members.

    `standings` by (lot, proposal) name those that may not win any more (`refused`, `lapsed`, `excluded`). Members stand
    under their names, or as «Член 1» where the policy does not name them (`member_labels`).
    """
    standings = standings or {}
    rubric, rows = rubric_text(round_.competition), rows_of(round_)
    if rows:
        equals = ranking.equals_of(ranking.write_scores(rows), rubric)
        casting = _casting(round_, equals, standings)
        rows = [
            {**row, "standing": standings.get(place, ""), "casting": casting.get(place, "")}
            for place, row in _placed(rows)
        ]
    scores = ranking.write_scores(rows)
    ranked = ranking.rank(scores, rubric) if rows else _empty(round_.competition)
    return Frozen(scores, rubric, ranked, sha256((scores + rubric).encode()).hexdigest())


def _empty(competition: Competition) -> str:
    """Return the ranking of nothing: the columns alone, for the rubric of an older announcement may have gaps."""
    return ranking.write_ranking([], [one["code"] for one in rubric_of(competition).get("criteria", ())])


def rubric_text(competition: Competition) -> str:
    """Return rubric.json of an announced competition: public from the announcement on."""
    lots = list(competition.lots.all())
    # the only lot has the whole budget: its ceiling is what one proposal may ask for
    limit = competition.budget_limit if len(lots) == 1 else None
    told = [{"number": lot.number, "title": lot.title, "budget": amount_text(limit or lot.ceiling)} for lot in lots]
    return ranking.write_rubric(competition.number or "", rubric_of(competition), told)


def standings_of(round_: EvaluationRound) -> dict[Place, str]:
    """Return by (lot, proposal) those that may not win any more: an award of this round failed."""
    failed = Award.objects.filter(decision__round=round_, state__in=AwardState.failed)
    rows = failed.values_list("lot__number", "proposal__number", "state").order_by("decision__number", "pk")
    return {(lot, proposal): state for lot, proposal, state in rows if proposal is not None}


# --- those who are equal ---------------------------------------------------------------------------------------------


def equals_now(round_: EvaluationRound) -> list[tuple[int, list[int]]]:
    """Return (lot, numbers of proposals) of those between whom a vote of the chair or a drawing must decide."""
    frozen = freeze_ranking(round_, standings=standings_of(round_))
    found: dict[tuple[int, int], list[int]] = {}
    for row in ranking.read_ranking(frozen.ranking):
        if row.outcome == "undecided":
            found.setdefault((row.lot, row.place), []).append(row.proposal)
    return [(lot, sorted(numbers)) for (lot, _place), numbers in found.items()]


@transaction.atomic
def record_tie_break(
    *, round_id: int, lot: int, kind: str, order: Collection[int], reason: str, user: User, now: datetime
) -> TieBreak:
    """Record the chair's casting vote or a drawing between exactly those proposals that are still equal in a lot.

    By the official or whoever presides, in the discussion, or after a winner failed. The order stays unpublished until
    the results are. Raises `StepRefused`, `PermissionDenied`.
    """
    held = require_state(lock_round(round_id), RoundState.DISCUSSION, RoundState.DECIDED)
    actor, told = _breaker(held, user), require_reason(reason)
    if kind not in TieKind.values:
        raise StepRefused(_("Say whether the chair votes or lots are drawn."))
    if held.minutes.filter(state=MinutesState.DRAFT).exists():
        raise StepRefused(_("The minutes are drawn up already. Withdraw them first."))
    numbers = list(order)
    if (lot, sorted(numbers)) not in equals_now(held):
        raise StepRefused(_("Put exactly those proposals in order that are still equal in this lot."))
    row = TieBreak(round=held, lot=held.competition.lots.get(number=lot), kind=kind, order=numbers)
    row.reason, row.at, row.by = told, now, user
    row.save()
    payload = {"round": held.number, "lot": lot, "kind": kind, "count": len(numbers)}
    row.log_seq = record(
        row, "record", actor=actor, now=now, competition=held.competition, payload=payload, comment=told
    )
    row.save(update_fields=["log_seq"])
    note_evaluation(competition=held.competition, about=row, step="record", now=now)
    return row


def _breaker(held: EvaluationRound, user: User) -> Actor:
    """Return who records: the official, or who presides over the commission; raises `PermissionDenied`."""
    if not rules.can_see_scores(user, held):
        raise PermissionDenied
    member = rules.membership(user, held.competition)
    if member is None:
        return actor_for(user, Role.COMMISSIONER)
    if member.role not in MemberRole.presiding:
        raise PermissionDenied
    return member_actor(member)


def _placed(rows: Iterable[Mapping[str, Any]]) -> Iterator[tuple[Place, Mapping[str, Any]]]:
    return (((row["lot"], row["proposal"]), row) for row in rows)


def _casting(
    round_: EvaluationRound, equals: Mapping[int, Sequence[Sequence[int]]], standings: Mapping[Place, str]
) -> dict[Place, int]:
    """Return the places that recorded votes and drawings gave among those who are equal now.

    A later one takes the place of an earlier one; one that was between others counts for nothing. Who may not win any
    more keeps the place that it had, or had none.
    """
    found: dict[Place, int] = {}
    for one in round_.tie_breaks.select_related("lot").order_by("pk"):
        lot, order = one.lot.number, set(one.order)
        for group in map(set, equals.get(lot, ())):
            if order in (group, {number for number in group if (lot, number) not in standings}):
                found |= {(lot, number): place for place, number in enumerate(one.order, 1)}
    return found
