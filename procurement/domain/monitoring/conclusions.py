"""What stands between a held visit and its conclusion, and what the conclusion is made of."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _

from portal.kernel.calendar import day_of
from procurement.contract_enums import CheckAnswer
from procurement.domain.monitoring.checklists import items_of
from procurement.domain.monitoring.grounds import grounds_of
from procurement.enums import GroundUse
from procurement.models import Finding, ProcedureGround, Visit, VisitAnswer


@dataclass(frozen=True, slots=True)
class Gap:
    """Something missing: `code` of the item, the name of its field, empty for the answer itself, and why."""

    code: str
    name: str
    reason: str


def gaps_of(visit: Visit, now: datetime) -> list[Gap]:
    """Return everything that is missing before the visit can be concluded, at once, in the order of the form."""
    answers = {row.code: row for row in visit.answers.order_by("pk")}
    gaps = [
        Gap(item.code, "", _("It is not said what was seen."))
        for item in items_of(visit.checklist)
        if item.code not in answers
    ]
    kinds = _kinds(visit, now)
    for row in _breaches(visit, answers.values()):
        gaps += _finding_gaps(row, kinds, day_of(now))
    return gaps


def prepared(visit: Visit, now: datetime) -> list[dict[str, Any]]:
    """Return the findings that the conclusion makes, in the order of the form; `gaps_of` is empty by then."""
    kinds = _kinds(visit, now)
    known = {item.code for item in items_of(visit.checklist)}
    rows = visit.answers.order_by("pk")
    return [
        {
            "code": row.code if row.code in known else "",
            "kind": kinds[row.finding["kind"]],
            "citation": row.finding["citation"],
            "severity": row.finding["severity"],
            "text": row.finding["text"],
            "demand": row.finding.get("demand", ""),
            "due_on": _day(row.finding["due_on"]),
        }
        for row in _breaches(visit, rows)
    ]


def content_of(visit: Visit, findings: Iterable[Finding]) -> dict[str, Any]:
    """Return the canonical record whose digest the public log has: what was looked at, what was found."""
    checklist = visit.checklist
    return {
        "contract": visit.contract.number,
        "visit": visit.number,
        "held_on": visit.held_on.isoformat() if visit.held_on else "",
        "checklist": f"{checklist.code} {checklist.number}" if checklist else "",
        "answers": {row.code: row.answer for row in visit.answers.order_by("code")},
        "findings": [
            {
                "number": one.number,
                "code": one.code,
                "kind": one.kind.slug,
                "citation": one.citation,
                "severity": one.severity,
                "text": one.text,
                "demand": one.demand,
                "due_on": one.due_on.isoformat() if one.due_on else "",
            }
            for one in findings
        ],
        "conclusion": visit.conclusion,
    }


def _breaches(visit: Visit, rows: Iterable[VisitAnswer]) -> list[VisitAnswer]:
    """Return the answers that become findings, in the order of the checklist, what it does not ask last."""
    places = {item.code: place for place, item in enumerate(items_of(visit.checklist))}
    found = [row for row in rows if row.answer == CheckAnswer.BREACH]
    return sorted(found, key=lambda row: (places.get(row.code, len(places)), row.pk))


def _kinds(visit: Visit, now: datetime) -> dict[str, ProcedureGround]:
    return {one.slug: one for one in grounds_of(GroundUse.VIOLATION, visit.contract, day_of(now))}


def _finding_gaps(row: VisitAnswer, kinds: Mapping[str, Any], today: date) -> list[Gap]:
    told, due = row.finding, _day(row.finding.get("due_on", ""))
    wants = {
        "kind": (told.get("kind") in kinds, _("Choose the type of violation.")),
        "severity": (bool(told.get("severity")), _("Choose how serious it is.")),
        "citation": (bool(told.get("citation")), _("Name the act, or the point of the contract, that is not met.")),
        "text": (bool(told.get("text")), _("Write what was found.")),
        "due_on": (due is not None, _("Enter the day by which it is to be eliminated.")),
    }
    gaps = [Gap(row.code, name, reason) for name, (is_there, reason) in wants.items() if not is_there]
    if due is not None and due <= today:
        gaps.append(Gap(row.code, "due_on", _("The term to eliminate it has passed before the conclusion.")))
    return gaps


def _day(value: str) -> date | None:
    try:
        return parse_date(value)
    except ValueError:
        return None
