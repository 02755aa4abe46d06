"""What waits in contracts by the clock: who is reminded of it, once for each step of `COMPETITION_REMINDER_DAYS`.

The provider's work is reminded of before its day and after it; the official's when the day is near or over. What has no
day nobody is reminded of.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Final

from django.conf import settings
from django.db import models, transaction
from django.db.models import F, Q

from portal.kernel.calendar import day_of
from procurement.contract_enums import ActState, ContractState, FindingState, MilestoneState, ReportState, VisitState
from procurement.contract_notifications import remind_contract
from procurement.models import AcceptanceAct, Contract, ContractNotice, Finding, Milestone, ServiceReport
from procurement.queries.contracts.unpaid import left_of, with_corrections

OVERDUE: Final = "overdue"
# what is overdue for longer stands on the desks and is written of no more
WRITTEN_OF: Final = timedelta(days=14)
Waiting = tuple[models.Model, Contract, str, date | None, bool]


def remind_of_contracts(*, now: datetime) -> int:
    """Remind of everything whose day is near or has passed; safe to run twice. Return how many reminders were made."""
    today = day_of(now)
    made = 0
    for about, contract, step, until, ahead in _waiting(today):
        mark = _mark(until, today, ahead=ahead) if until is not None else None
        if until is None or mark is None:
            continue
        with transaction.atomic():
            made += remind_contract(
                contract=contract, about=about, step=step, mark=f"{until.isoformat()}:{mark}", now=now
            )
    return made


def _mark(until: date, today: date, *, ahead: bool) -> str | None:
    """Return the step of reminding that the day is in: the smallest number of days not yet passed, or overdue."""
    left = (until - today).days
    if left < 0:
        return OVERDUE
    steps = [days for days in settings.COMPETITION_REMINDER_DAYS if days >= left] if ahead else []
    return str(min(steps)) if steps else None


def _waiting(today: date) -> Iterator[Waiting]:
    """Yield what waits, of what contract, by which step it is reminded of, until when, and whether also before it."""
    since = today - WRITTEN_OF
    horizon = today + timedelta(days=max(settings.COMPETITION_REMINDER_DAYS, default=0))
    near, past = (since, horizon), (since, today - timedelta(days=1))
    running = Q(contract__state__in=ContractState.running)
    unsigned = Contract.objects.filter(state__in=ContractState.unsigned, sign_by__range=near)
    for contract in unsigned.order_by("sign_by", "pk"):
        yield contract, contract, "remind_sign", contract.sign_by, True
    over = Contract.objects.filter(state__in=ContractState.running, service_to__range=past)
    for contract in over.order_by("service_to", "pk"):
        yield contract, contract, "remind_end", contract.service_to, False
    reports = ServiceReport.objects.filter(running, state__in=ReportState.open, due_on__range=near)
    for report in reports.select_related("contract").order_by("due_on", "pk"):
        yield report, report.contract, "remind", report.due_on, True
    unpaid = AcceptanceAct.objects.filter(state=ActState.ACCEPTED, accepted__gt=F("paid"), payment_due_on__range=near)
    for act in with_corrections(unpaid.select_related("contract")).order_by("payment_due_on", "pk"):
        if left_of(act):
            yield act, act.contract, "remind_pay", act.payment_due_on, True
    milestones = Milestone.objects.filter(running, state=MilestoneState.PLANNED, due_on__range=past)
    for milestone in milestones.select_related("contract").order_by("due_on", "pk"):
        yield milestone, milestone.contract, "remind", milestone.due_on, False
    findings = Finding.objects.filter(running, state=FindingState.OPEN, due_on__range=near)
    for finding in findings.filter(visit__state=VisitState.CONCLUDED).select_related("contract").order_by("pk"):
        yield finding, finding.contract, "remind", finding.due_on, True
    notices = ContractNotice.objects.filter(running, withdrawn_at=None, answer_by__range=past)
    for notice in notices.select_related("contract").order_by("answer_by", "pk"):
        yield notice, notice.contract, "remind", notice.answer_by, False
