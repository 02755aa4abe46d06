"""Results, appeals and commissions as JSON: what the pages say, with the same reasons."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.urls import reverse

from portal.accounts.letters import absolute
from portal.kernel.visibility import public_view
from procurement.interfaces.json_values import place_json, written
from procurement.interfaces.result_parts import ShownAppeal, ShownAward, ShownDecision
from procurement.interfaces.result_tables import CriterionLine
from procurement.interfaces.results import Ranked, RankedLot, ResultsPage
from procurement.models import CompetitionCommission

_DECISION = ("number", "outcome", "act_number", "act_on", "act_url", "reason", "digest", "at", "log_seq")
_MEMBER = ("name", "position", "body", "role", "since", "until")
_COMMISSION = (
    *("title", "state", "act_number", "act_on", "act_body", "act_url"),
    *("appointed_at", "dissolved_at", "is_demo"),
)


def result_json(results: ResultsPage) -> dict[str, Any]:
    """Return what was decided by the decision in force, with the whole ranking and every score."""
    return {
        "outcome": results.decision.outcome,
        "in_words": results.outcome,
        "is_in_force": results.is_in_force,
        "decisions": [_decision(one) for one in results.decisions],
        "minutes_digest": results.minutes.digest,
        "minutes_log_seq": results.minutes.log_seq,
        "lots": [_lot(lot) for lot in results.ranked],
        "not_admitted": [
            {"proposal": one["number"], "applicant": one["applicant"], "ground": one["ground"], "reason": one["reason"]}
            for one in results.rejected
        ],
        "sensitivity": list(results.paper.scores.sensitivity),
        "files": {one.name: {"url": absolute(one.url), "sha256": one.digest} for one in results.files},
        "url": absolute(reverse("procurement:results", args=[results.competition.number])),
        "dossier": absolute(reverse("procurement:dossier", args=[results.competition.number])),
    }


def _decision(shown: ShownDecision) -> dict[str, Any]:
    told = public_view("procurement.AwardDecision", shown.decision, _DECISION)
    return {
        **{name: written(value) for name, value in told.items()},
        "ground": shown.decision.ground.text if shown.decision.ground else "",
        "supersedes": shown.decision.supersedes.number if shown.decision.supersedes else None,
        "is_in_force": shown.is_in_force,
        "awards": [award_json(one) for one in shown.awards],
    }


def award_json(one: ShownAward) -> dict[str, Any]:
    """Return an award and what became of it."""
    return {
        "lot": one.award.lot.number,
        "place": one.award.place,
        "proposal": one.award.proposal.number,
        "applicant": one.name,
        "amount": None if one.award.amount is None else f"{one.award.amount:.2f}",
        "state": one.award.state,
        "reason": one.award.reason,
        "answered_at": written(one.award.answered_at),
    }


def appeal_json(one: ShownAppeal) -> dict[str, Any]:
    """Return an appeal as the page shows it: its text once it is answered."""
    appeal = one.appeal
    return {
        "number": appeal.number,
        "scope": appeal.scope,
        "state": appeal.state,
        "who": one.who,
        "decision": appeal.decision.number if appeal.decision else None,
        "stops": appeal.stops,
        "filed_at": written(appeal.filed_at),
        "due_on": written(appeal.due_on),
        "text": one.text,
        "asked": one.asked,
        "ground": appeal.ground.text if appeal.ground else "",
        "remedy": appeal.remedy,
        "answer": appeal.answer,
        "decided_at": written(appeal.decided_at),
        "log_seq": appeal.log_seq,
    }


def _lot(lot: RankedLot) -> dict[str, Any]:
    return {
        "number": lot.table.number,
        "title": lot.table.title,
        "budget": _text(lot.table.budget),
        "threshold": _text(lot.table.threshold),
        "ranking": [_line(row) for row in lot.lines],
    }


def _line(row: Ranked) -> dict[str, Any]:
    line = row.line
    return {
        "place": int(line.place),
        "proposal": line.number,
        "applicant": line.name,
        "total": str(line.total),
        "asked": _text(line.asked),
        "outcome": line.outcome,
        "tie": line.tie,
        "why": row.why,
        "criteria": [_criterion(one) for one in line.criteria],
    }


def _criterion(row: CriterionLine) -> dict[str, Any]:
    return {
        "code": row.criterion.code,
        "name": row.criterion.name,
        "value": _text(row.value),
        "points": [{"member": one.member, "points": _text(one.points), "reason": one.reason} for one in row.given],
        "note": row.note,
    }


def commission_json(commission: CompetitionCommission) -> dict[str, Any]:
    """Return a commission with its act and members, those that left it too."""
    told = public_view("procurement.CompetitionCommission", commission, _COMMISSION)
    return {
        "id": commission.pk,
        **{name: written(value) for name, value in told.items()},
        "commissioner": str(commission.commissioner),
        "hromada": place_json(commission.hromada),
        "members": [
            {name: written(value) for name, value in public_view("procurement.CommissionMember", one, _MEMBER).items()}
            for one in commission.members.all()
        ],
    }


def _text(value: Decimal | None) -> str | None:
    return None if value is None else str(value)
