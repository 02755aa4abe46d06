"""Reminders to commissioners that a decision on the social order is due, and once that its day has passed.

Each step is told once to each person: the letter's key says so. After a pause of the worker only the latest step is.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from portal.accounts.enums import Role
from portal.accounts.models import User
from portal.kernel.models import OutboxMessage
from procurement import order_letters
from procurement.models import BudgetAct
from procurement.queries.orders import OrderState, acts_on, chain_of, in_states
from registry.queries.readers import officials_or_administrators, units_around

OVERDUE: Final = "overdue"
KEY: Final = "procurement:order-due:"


@dataclass(frozen=True, slots=True)
class Reminder:
    """One letter to one person about one act; the key makes it the only one of its step."""

    act: BudgetAct
    step: str
    reader: User

    @property
    def key(self) -> str:
        # the day is in it: when a corrected act moves the day, the new day is told
        return f"{KEY}{chain_of(self.act)}:{self.act.decision_due_on}:{self.step}:{self.reader.pk}"


def send_order_reminders(*, now: datetime) -> int:
    """Write the letters of the steps that have come and were not told yet; return how many."""
    today = timezone.localdate(now)
    reminders = list(_reminders(today))
    told = set(
        OutboxMessage.objects.filter(key__in=[reminder.key for reminder in reminders]).values_list("key", flat=True)
    )
    waiting = [reminder for reminder in reminders if reminder.key not in told]
    with transaction.atomic():
        for reminder in waiting:
            order_letters.remind(reminder.key, reminder.act, reminder.reader, today)
    return len(waiting)


def _reminders(today: date) -> Iterable[Reminder]:
    furthest = today + timedelta(days=max(settings.ORDER_REMINDER_DAYS))
    waiting = in_states(acts_on(today), OrderState.DUE, OrderState.OVERDUE)
    rows = waiting.filter(decision_due_on__lte=furthest).select_related("hromada").order_by("decision_due_on", "pk")
    readers: dict[int, list[User]] = {}
    for act in rows:
        step = step_of(act, today)
        if act.hromada_id not in readers:
            readers[act.hromada_id] = officials_or_administrators(units_around(act.hromada), Role.COMMISSIONER)
        yield from (Reminder(act, step, reader) for reader in readers[act.hromada_id])


def step_of(act: BudgetAct, today: date) -> str:
    """Return the step that the day is in: the smallest number of days not yet passed, or that it is overdue."""
    assert act.decision_due_on is not None
    left = (act.decision_due_on - today).days
    return str(min(days for days in settings.ORDER_REMINDER_DAYS if days >= left)) if left >= 0 else OVERDUE
