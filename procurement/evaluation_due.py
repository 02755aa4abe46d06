"""What the clock does about evaluations: clarifications lapse, what waits is reminded of, new ties are looked for."""

from __future__ import annotations

from datetime import datetime

from portal.kernel import due
from procurement.domain.evaluation.clarifications import lapse_overdue
from procurement.domain.evaluation.recusals import find_everywhere
from procurement.domain.evaluation.reminders import remind_of_evaluations


@due.handles("evaluations")
def run_evaluations(now: datetime) -> str:
    return f"clarifications lapsed: {lapse_overdue(now=now)}"


@due.handles("evaluation-reminders")
def remind_evaluations(now: datetime) -> str:
    return f"reminders of evaluations: {remind_of_evaluations(now=now)}"


@due.handles("evaluation-ties")
def look_for_ties(now: datetime) -> str:
    return f"recusals proposed: {find_everywhere(now=now)}"
