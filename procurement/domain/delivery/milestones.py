"""Milestones: what is to be reached by a day, and whether it was: met, missed, waived."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from portal.kernel.calendar import day_of
from portal.kernel.workflow import StepRefused
from procurement.contract_workflow import MILESTONE
from procurement.domain.contracts.steps import (
    lock_contract,
    move,
    official_actor,
    record,
    require_contract_state,
)
from procurement.domain.delivery.held import RUNNING, UNSIGNED, lock_with_contract
from procurement.models import Contract, Milestone
from registry.domain.providers import Actor
from registry.queries.figures import SMALLEST_GROUP

if TYPE_CHECKING:
    from portal.accounts.models import User


# words by which a figure is told to be of recipients
_OF_RECIPIENTS: Final = re.compile(r"отримувач|обслугован|recipient|served", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class MilestoneFacts:
    """What is planned."""

    title: str
    due_on: date
    measure: str = ""
    plan: Decimal | None = None


@transaction.atomic
def add_milestone(*, contract_id: int, user: User, facts: MilestoneFacts, now: datetime) -> Milestone:
    """Plan a milestone of a contract that is not over."""
    contract = lock_contract(contract_id)
    actor = official_actor(contract, user)
    require_contract_state(contract, *UNSIGNED, *RUNNING)
    _require_not_few(facts.title, facts.measure, facts.plan)
    last = contract.milestones.aggregate(last=Max("number"))["last"] or 0
    row = Milestone.objects.create(contract=contract, number=last + 1, **_fields(facts))
    record(row, "plan", actor=actor, now=now, contract=contract, payload=_payload(row))
    return row


@transaction.atomic
def change_milestone(*, milestone_id: int, user: User, facts: MilestoneFacts, now: datetime) -> Milestone:
    """Change a plan before the contract is concluded; afterwards what was promised stays, and another one is added."""
    row, contract, actor = _held(milestone_id, user)
    _require_unsigned(contract)
    _require_not_few(facts.title, facts.measure, facts.plan)
    for name, value in _fields(facts).items():
        setattr(row, name, value)
    row.save()
    record(row, "change", actor=actor, now=now, contract=contract, payload=_payload(row))
    return row


@transaction.atomic
def remove_milestone(*, milestone_id: int, user: User, now: datetime) -> None:
    """Take a plan out before the contract is concluded."""
    row, contract, actor = _held(milestone_id, user)
    _require_unsigned(contract)
    record(row, "remove", actor=actor, now=now, contract=contract, payload=_payload(row))
    row.delete()


@transaction.atomic
def meet(
    *, milestone_id: int, user: User, on: date, fact: Decimal | None = None, reason: str = "", now: datetime
) -> Milestone:
    """Say that it was reached, on what day and with what figure; a difference from the plan is explained."""
    row, contract, actor = _held(milestone_id, user)
    if row.plan is not None and fact is None:
        raise StepRefused(_("Say how much was reached: the plan has a figure."))
    if row.plan is not None and fact != row.plan and not reason.strip():
        raise StepRefused(_("The figure differs from the plan: say why."))
    row.fact = fact
    return _judge(row, "meet", contract, actor, on, reason, now)


@transaction.atomic
def miss(
    *, milestone_id: int, user: User, on: date, fact: Decimal | None = None, reason: str, now: datetime
) -> Milestone:
    """Say that it was not reached in time and why; it may still be met later. Not before its day is over."""
    row, contract, actor = _held(milestone_id, user)
    if day_of(now) <= row.due_on:
        raise StepRefused(_("The day of the milestone is not over yet."))
    row.fact = fact
    return _judge(row, "miss", contract, actor, on, reason, now)


@transaction.atomic
def waive(*, milestone_id: int, user: User, on: date, reason: str, now: datetime) -> Milestone:
    """Say that it is not required any more, and why."""
    row, contract, actor = _held(milestone_id, user)
    return _judge(row, "waive", contract, actor, on, reason, now)


def _held(milestone_id: int, user: User) -> tuple[Milestone, Contract, Actor]:
    row, contract = lock_with_contract(Milestone, milestone_id)
    actor = official_actor(contract, user)
    require_contract_state(contract, *UNSIGNED, *RUNNING)
    return row, contract, actor


def _judge(
    row: Milestone, step: str, contract: Contract, actor: Actor, on: date, reason: str, now: datetime
) -> Milestone:
    require_contract_state(contract, *RUNNING)
    _require_not_few(row.title, row.measure, row.fact)
    if on > day_of(now):
        raise StepRefused(_("The day has not come yet."))
    row.reason, row.decided_on, row.decided_at, row.decided_by = reason.strip(), on, now, actor.user
    fields = ["fact", "reason", "decided_on", "decided_at", "decided_by"]
    payload = {"milestone": row.number, "on": on.isoformat(), "fact": None if row.fact is None else str(row.fact)}
    move(
        row,
        step,
        flow=MILESTONE,
        actor=actor,
        now=now,
        contract=contract,
        comment=reason,
        payload=payload,
        fields=fields,
    )
    return row


def _require_not_few(title: str, measure: str, figure: Decimal | None) -> None:
    """Refuse a figure that says how many recipients there are, where they are few: plan and fact are public."""
    if figure is not None and 0 < figure < SMALLEST_GROUP and _OF_RECIPIENTS.search(f"{title} {measure}"):
        raise StepRefused(
            _("Fewer than %(number)d recipients are told to nobody: leave the figure empty.")
            % {"number": SMALLEST_GROUP}
        )


def _require_unsigned(contract: Contract) -> None:
    if contract.state not in UNSIGNED:
        raise StepRefused(
            _("The contract is concluded: what it promised stays. Waive it with a reason, or add another.")
        )


def _fields(facts: MilestoneFacts) -> dict[str, object]:
    names = ("title", "due_on", "measure", "plan")
    return {name: getattr(facts, name) for name in names}


def _payload(row: Milestone) -> dict[str, object]:
    plan = None if row.plan is None else str(row.plan)
    return {"milestone": row.number, "due_on": row.due_on.isoformat(), "plan": plan}
