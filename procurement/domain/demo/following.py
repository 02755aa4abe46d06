"""Visits of the demonstration: findings followed to their elimination, warnings, notices."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, Final
from uuid import uuid4

from portal.kernel.calendar import day_of
from procurement.contract_enums import FindingOutcome, NoticeKind
from procurement.domain.demo.material import texts
from procurement.domain.monitoring import findings, notices, plan, results, visits
from procurement.domain.monitoring.checklists import items_of
from procurement.models import Finding, ProcedureGround, Visit

if TYPE_CHECKING:
    from procurement.domain.demo.contracts import Story

Told = Mapping[str, Any]
_TERM: Final = timedelta(days=21)
_REPLIED, _JUDGED, _AGAIN = timedelta(days=9), timedelta(days=16), timedelta(days=34)


def follow(story: Story, told: Told) -> None:
    """Plan, hold and conclude the visit; then tell what became of each finding."""
    on = story.months.day(told["month"], 9)
    planned = plan.plan_visit(
        contract_id=story.contract.pk,
        user=story.official,
        planned_on=on,
        basis=told["basis"],
        basis_words=texts()["contract"]["basis"][told["basis"]],
        team=texts()["contract"]["team"],
        now=story.months.noon(on - timedelta(days=20)),
    )
    _hold(story, planned, told, on)
    held = Finding.objects.filter(visit=planned).order_by("number")
    by_code = {one.code: one for one in held}
    for row in told["findings"]:
        if row.get("outcome"):
            _answer(story, by_code[row["code"]], row, on)
    if told.get("notice"):
        _warn(story, list(held.values_list("pk", flat=True)), on)


def _hold(story: Story, visit: Visit, told: Told, on: date) -> None:
    at = story.months.noon(on)
    found = {row["code"]: row for row in told["findings"]}
    moment = at.isoformat()
    visit.refresh_from_db()
    answers = {}
    for item in items_of(visit.checklist):
        answer: dict[str, Any] = {"answer": "ok", "note": "", "at": moment, "base": ""}
        if item.code in found:
            row = found[item.code]
            due = min(on + _TERM, day_of(story.months.now) + _TERM)
            finding = {name: row[name] for name in ("kind", "severity", "citation", "text", "demand")}
            answer |= {"answer": "breach", "finding": {**finding, "due_on": due.isoformat()}}
        answers[item.code] = answer
    words = texts()["contract"]
    content = {
        "held_on": on.isoformat(),
        "place": words["place"],
        "present": words["present"],
        "notes": "",
        "was": {},
        "answers": answers,
    }
    visits.receive(visit_id=visit.pk, user=story.official, key=uuid4(), device="demo", content=content, now=at)
    after = story.months.noon(on + timedelta(days=2))
    visits.conclude(visit_id=visit.pk, user=story.official, conclusion=words["conclusion"], now=after)


def _answer(story: Story, finding: Finding, row: Told, on: date) -> None:
    """Let the provider reply and the official judge, once more after another term where the story says so."""
    months = story.months
    replied = months.noon(on + _REPLIED)
    findings.reply(finding_id=finding.pk, user=story.provider, text=row["reply"], file=None, key=uuid4(), now=replied)
    judged = months.noon(on + _JUDGED)
    final = row["outcome"] in FindingOutcome.final
    due = None if final else day_of(judged) + timedelta(days=row["days"])
    results.judge(
        finding_id=finding.pk,
        user=story.official,
        outcome=row["outcome"],
        reason=row["reason"],
        due_on=due,
        now=judged,
    )
    if row.get("again"):
        outcome, reason = row["again"]
        results.judge(
            finding_id=finding.pk, user=story.official, outcome=outcome, reason=reason, now=months.noon(on + _AGAIN)
        )


def _warn(story: Story, keys: list[int], on: date) -> None:
    """Send the notice that must go before a termination for breach."""
    at = story.months.noon(on + _AGAIN)
    notices.send_notice(
        contract_id=story.contract.pk,
        user=story.official,
        kind=NoticeKind.TERMINATION,
        ground_id=ProcedureGround.objects.get(slug="notice-findings").pk,
        finding_ids=keys,
        text=texts()["contract"]["notice"],
        answer_by=day_of(at) + timedelta(days=14),
        key=uuid4(),
        now=at,
    )
