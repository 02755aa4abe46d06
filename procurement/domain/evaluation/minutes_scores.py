"""The part of minutes that is about scores: what each member gave and why, how far apart, what follows from it.

`Minutes.content` holds of it

    rubric       {code, number, title_uk, title_en, act, point, verified, method, rounding, threshold, ties, award,
                 consensus_spread, criteria: [{code, name_uk, name_en, weight, max, threshold, values}]}
    scores       [{lot, proposal, criteria: [{code, points: [{member, points, reason}], lowest, highest, mean, spread,
                 needs_note, note}]}]
    sheets       [{member, state, counts, filed_at, digest, salt, log_seq, earlier}]
    tie_breaks   [{lot, kind, order, reason, at, log_seq}]
    ranking      {header, rows}                       the very cells of ranking.csv
    sensitivity  what `procurement.ranking` says of the same two texts
    counted      {submitted, admitted}
    proposed     [{lot, winners: [{proposal, place, amount}]}]
    digests      {scores, rubric, inputs, ranking}    SHA-256 of the published files; `inputs` of the two together
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Final

from procurement.domain.evaluation.ranked import digest_of_text, ranked, table_of, winners
from procurement.domain.evaluation.rankings import Frozen
from procurement.domain.evaluation.scale import points_text
from procurement.domain.evaluation.score_rows import member_labels
from procurement.domain.evaluation.spreads import spreads_of
from procurement.domain.evaluation.steps import policy_of
from procurement.enums import AdmissionState, ProposalState, RecusalState, SheetState
from procurement.models import EvaluationRound, Score, ScoreSheet
from procurement.ranking import sensitivity

_RUBRIC: Final = ("code", "number", "title_uk", "title_en", "act", "point", "verified")
_METHOD: Final = ("method", "rounding", "threshold", "consensus_spread", "ties", "award")
_CRITERION: Final = ("code", "name_uk", "name_en", "weight", "max", "threshold", "values")
# (lot, proposal, criterion)
Place = tuple[int, int, str]


def scored_part(round_: EvaluationRound, frozen: Frozen) -> dict[str, Any]:
    """Write down scores and what follows from them; where nothing was scored, the rubric and empty lists."""
    labels = member_labels(round_)
    header, rows = table_of(frozen.ranking)
    return {
        "rubric": _rubric(round_),
        "scores": _scores(round_, labels),
        "sheets": _sheets(round_, labels),
        "tie_breaks": _tie_breaks(round_),
        "ranking": {"header": header, "rows": rows},
        "sensitivity": sensitivity_of(frozen),
        "counted": {
            "submitted": round_.competition.proposals.filter(state=ProposalState.OPENED).count(),
            "admitted": round_.admissions.filter(state=AdmissionState.ADMITTED).count(),
        },
        "proposed": _proposed(round_, frozen),
        "digests": {
            "scores": digest_of_text(frozen.scores),
            "rubric": digest_of_text(frozen.rubric),
            "inputs": frozen.digest,
            "ranking": digest_of_text(frozen.ranking),
        },
    }


def sensitivity_of(frozen: Frozen) -> dict[str, Any]:
    """Return what would change without one member or one criterion; nothing where nothing was ranked."""
    return dict(sensitivity(frozen.scores, frozen.rubric)) if ranked(frozen.ranking) else {}


def _rubric(round_: EvaluationRound) -> dict[str, Any]:
    frozen = round_.competition.versions.order_by("number").values_list("frozen", flat=True)[0]
    version = frozen.get("rubric") or {}
    definition = version.get("definition") or {}
    return {
        **{name: version.get(name) for name in _RUBRIC},
        **{name: definition.get(name) for name in _METHOD},
        "criteria": [{name: one.get(name) for name in _CRITERION} for one in definition.get("criteria", ())],
    }


def _scores(round_: EvaluationRound, labels: Mapping[int, str]) -> list[dict[str, Any]]:
    """Write down the counted scores by proposal and criterion, how far apart they lie and what was said to that."""
    given = _given(round_, labels)
    notes = {
        (one.lot.number, one.proposal.number, one.criterion): one.text
        for one in round_.notes.select_related("lot", "proposal").defer("proposal__content", "proposal__draft")
    }
    found: dict[tuple[int, int], list[dict[str, Any]]] = defaultdict(list)
    for spread in spreads_of(round_):
        place = (spread.lot, spread.proposal, spread.criterion)
        found[place[:2]].append(
            {
                "code": spread.criterion,
                "points": given.get(place, []),
                "lowest": _text(spread.lowest),
                "highest": _text(spread.highest),
                "mean": "" if spread.mean is None else str(spread.mean),
                "spread": _text(spread.spread),
                "needs_note": spread.needs_note,
                "note": notes.get(place, ""),
            }
        )
    return [{"lot": lot, "proposal": number, "criteria": rows} for (lot, number), rows in sorted(found.items())]


def _given(round_: EvaluationRound, labels: Mapping[int, str]) -> dict[Place, list[dict[str, Any]]]:
    rows = Score.objects.filter(sheet__round=round_, sheet__state=SheetState.FILED, sheet__member__in=list(labels))
    rows = rows.select_related("sheet", "lot", "proposal").defer("proposal__content", "proposal__draft")
    # as scores.csv has them: where members are not named, their order must not name them either
    places = {label: place for place, label in enumerate(labels.values())}
    given: dict[Place, list[dict[str, Any]]] = defaultdict(list)
    for one in rows.order_by("pk"):
        points = "" if one.points is None else points_text(one.points)
        told = {"member": labels[one.sheet.member_id], "points": points, "reason": one.reason}
        given[one.lot.number, one.proposal.number or 0, one.criterion].append(told)
    return {place: sorted(told, key=lambda one: places[one["member"]]) for place, told in given.items()}


def _sheets(round_: EvaluationRound, labels: Mapping[int, str]) -> list[dict[str, Any]]:
    """Write down every sheet: also those that were not filed in time, and those of members recused afterwards."""
    recused = set(round_.competition.recusals.filter(state=RecusalState.CONFIRMED).values_list("member", flat=True))
    sheets = _ordered(round_, labels)
    # what a sheet said that does not count would tell whose it was
    told = any(one.earlier and one.member_id not in labels for one in sheets)
    hides = told and not policy_of(round_.competition)["names_members"]
    return [
        {
            "member": labels.get(one.member_id, one.member.name),
            "state": one.state,
            "counts": one.state == SheetState.FILED and one.member_id in labels,
            "is_recused": one.member_id in recused,
            "filed_at": one.filed_at.isoformat() if one.filed_at else None,
            "digest": one.digest,
            "salt": one.salt,
            "log_seq": one.log_seq,
            "earlier": [] if hides and one.member_id not in labels else one.earlier,
        }
        for one in sheets
    ]


def _ordered(round_: EvaluationRound, labels: Mapping[int, str]) -> list[ScoreSheet]:
    """Return the counted sheets as scores.csv has their members, then the others by the act."""
    places = {member: place for place, member in enumerate(labels)}
    sheets = round_.sheets.select_related("member").order_by("member__order", "member")
    return sorted(sheets, key=lambda one: places.get(one.member_id, len(places)))


def _tie_breaks(round_: EvaluationRound) -> list[dict[str, Any]]:
    return [
        {
            "lot": one.lot.number,
            "kind": one.kind,
            "order": one.order,
            "reason": one.reason,
            "at": one.at.isoformat(),
            "log_seq": one.log_seq,
        }
        for one in round_.tie_breaks.select_related("lot").order_by("lot__number", "pk")
    ]


def _proposed(round_: EvaluationRound, frozen: Frozen) -> list[dict[str, Any]]:
    """Write down what the commission proposes: the winners of each lot as the ranking has them."""
    found = winners(ranked(frozen.ranking))
    return [
        {
            "lot": lot.number,
            "winners": [
                {"proposal": int(row["proposal"]), "place": int(row["place"]), "amount": row["asked"]}
                for row in found
                if int(row["lot"]) == lot.number
            ],
        }
        for lot in round_.competition.lots.all()
    ]


def _text(value: Decimal | None) -> str:
    return "" if value is None else points_text(value)
