"""The plan of visits of a year: what speaks for each contract, what the portal proposes, what the official decides."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Final

from django.db import transaction
from django.db.models import Max, Q
from django.utils.translation import gettext as _

from portal.kernel.calendar import day_of
from portal.kernel.workflow import StepRefused
from procurement.contract_enums import ContractState, FindingState, RiskState, VisitBasis, VisitState
from procurement.contract_workflow import VISIT
from procurement.domain.contracts.steps import (
    lock_contract,
    move,
    official_actor,
    record,
    require_contract_state,
)
from procurement.domain.monitoring.checklists import checklist_for
from procurement.domain.monitoring.visits import lock_visit
from procurement.domain.wording import optional_text, required_text
from procurement.models import Contract, Finding, RiskCard, Visit

if TYPE_CHECKING:
    from portal.accounts.models import User

LONGEST: Final = 4000
LONGEST_LINE: Final = 200
MOST_PEOPLE: Final = 20
_SATURDAY: Final = 5


@dataclass(slots=True)
class Candidate:
    """A running contract in the plan: its weight is the sum of its open cards' weights; `visits` are of the year."""

    contract: Contract
    cards: list[RiskCard] = field(default_factory=list)
    visits: list[Visit] = field(default_factory=list)
    unsolved: int = 0
    last_on: date | None = None
    proposed_on: date | None = None

    @property
    def weight(self) -> int:
        return sum(card.rule.weight for card in self.cards)

    @property
    def basis(self) -> VisitBasis:
        return VisitBasis.RISK if self.cards else VisitBasis.TURN

    @property
    def is_planned(self) -> bool:
        return any(one.state != VisitState.CANCELLED for one in self.visits)


def candidates_of(contracts: Iterable[Contract], year: int, now: datetime) -> list[Candidate]:
    """Return running contracts with what speaks for a visit, by weight, then by who was visited longest ago, or never.

    Those without a visit in the year get a proposed day: the rest of the year, or of the service, is divided evenly
    among them in this order. The official decides the day.
    """
    rows = [one for one in contracts if one.state in ContractState.running]
    found = {one.pk: Candidate(one) for one in rows}
    for card in RiskCard.objects.filter(contract__in=rows, state=RiskState.OPEN).select_related("rule"):
        if card.contract_id is not None:
            found[card.contract_id].cards.append(card)
    for visit in Visit.objects.filter(contract__in=rows, year=year).order_by("planned_on", "pk"):
        found[visit.contract_id].visits.append(visit)
    held = Visit.objects.filter(contract__in=rows, held_on__isnull=False).values_list("contract")
    for pk, last in held.annotate(last=Max("held_on")).order_by():
        found[pk].last_on = last
    unsolved = Finding.objects.filter(Q(contract__in=rows), Q(state__in=FindingState.unsolved))
    for pk in unsolved.values_list("contract", flat=True):
        found[pk].unsolved += 1
    ordered = sorted(found.values(), key=lambda one: (-one.weight, one.last_on or date.min, one.contract.pk))
    _propose(ordered, year, day_of(now))
    return ordered


@transaction.atomic
def plan_visit(
    *,
    contract_id: int,
    user: User,
    planned_on: date,
    basis: str,
    basis_words: str = "",
    team: Sequence[dict[str, str]] = (),
    follows_id: int | None = None,
    now: datetime,
) -> Visit:
    """Put a visit into the plan of the year of its day; the same one planned again is the one that is there."""
    contract = lock_contract(contract_id)
    actor = official_actor(contract, user)
    require_contract_state(contract, *map(ContractState, ContractState.running))
    if basis not in VisitBasis.values:
        raise StepRefused(_("Choose why the visit is planned."))
    follows = _followed(contract, basis, follows_id)
    known = contract.visits.filter(state=VisitState.PLANNED, planned_on=planned_on, basis=basis, follows=follows)
    if (same := known.first()) is not None:
        return same
    _require_day(contract, planned_on, now)
    visit = Visit.objects.create(
        contract=contract,
        number=(contract.visits.aggregate(last=Max("number"))["last"] or 0) + 1,
        year=planned_on.year,
        planned_on=planned_on,
        basis=basis,
        basis_words=_words(contract, basis, basis_words),
        follows=follows,
        checklist=checklist_for(contract),
        team=clean_team(team),
        created_at=now,
        created_by=user,
    )
    # the day is not told beforehand: a visit may be a surprise
    record(visit, "plan", actor=actor, now=now, contract=contract, payload={"number": visit.number, "basis": basis})
    return visit


@transaction.atomic
def move_visit(*, visit_id: int, user: User, planned_on: date, reason: str, now: datetime) -> Visit:
    """Put a planned visit off, or bring it forward, with a reason."""
    visit, actor = lock_visit(visit_id, user)
    _require_day(visit.contract, planned_on, now)
    why = required_text(reason, empty=_("Say why the day is changed."), longest=LONGEST)
    visit.planned_on, visit.year = planned_on, planned_on.year
    payload = {"number": visit.number}
    contract = visit.contract
    fields = ["planned_on", "year"]
    move(
        visit, "move", flow=VISIT, actor=actor, now=now, contract=contract, comment=why, payload=payload, fields=fields
    )
    return visit


@transaction.atomic
def cancel_visit(*, visit_id: int, user: User, reason: str, now: datetime) -> Visit:
    """Take a planned visit out of the plan, with a reason; it stays readable."""
    visit, actor = lock_visit(visit_id, user)
    why = required_text(reason, empty=_("Say why the visit is cancelled."), longest=LONGEST)
    payload = {"number": visit.number}
    move(visit, "cancel", flow=VISIT, actor=actor, now=now, contract=visit.contract, comment=why, payload=payload)
    return visit


def clean_team(team: Sequence[dict[str, str]]) -> list[dict[str, str]]:
    """Return who visits, names and posts, without empty lines; raises `StepRefused`."""
    cleaned: list[dict[str, str]] = []
    for one in team:
        name, position = (optional_text(str(one.get(key, "")), longest=LONGEST_LINE) for key in ("name", "position"))
        if name:
            cleaned.append({"name": name, "position": position})
    if len(cleaned) > MOST_PEOPLE:
        raise StepRefused(_("At most %(count)d people visit together.") % {"count": MOST_PEOPLE})
    return cleaned


def _followed(contract: Contract, basis: str, follows_id: int | None) -> Visit | None:
    if basis != VisitBasis.FOLLOW_UP:
        return None
    follows = contract.visits.filter(pk=follows_id, state=VisitState.CONCLUDED).first() if follows_id else None
    if follows is None:
        raise StepRefused(_("Say which concluded visit is followed up."))
    return follows


def _words(contract: Contract, basis: str, told: str) -> str:
    """Return why in words: a complaint needs them, of a risk the cards say it where the official does not."""
    if basis == VisitBasis.COMPLAINT:
        return required_text(told, empty=_("Say what the complaint is about; name no person."), longest=LONGEST)
    words = optional_text(told, longest=LONGEST)
    if words or basis != VisitBasis.RISK:
        return words
    cards = RiskCard.objects.filter(contract=contract, state=RiskState.OPEN).select_related("rule").order_by("pk")
    return " ".join(card.rule.text_uk for card in cards)


def _require_day(contract: Contract, planned_on: date, now: datetime) -> None:
    if planned_on < day_of(now):
        raise StepRefused(_("A visit is planned for today or a later day."))
    if contract.service_to and planned_on > contract.service_to:
        raise StepRefused(_("The service ends before that day."))


def _propose(ordered: Sequence[Candidate], year: int, today: date) -> None:
    """Spread the contracts that have no visit over what is left of the year; one that is over has no day."""
    first, last = max(today + timedelta(days=1), date(year, 1, 1)), date(year, 12, 31)
    waiting = [one for one in ordered if not one.is_planned]
    for place, one in enumerate(waiting, 1):
        end = min(last, one.contract.service_to or last)
        begin = max(first, one.contract.service_from or first)
        if begin <= end:
            share = (end - begin).days * place // (len(waiting) + 1)
            one.proposed_on = _weekday(begin + timedelta(days=share), end)


def _weekday(day: date, last: date) -> date:
    """Return the day, or the Monday after it where it falls on a weekend and the Monday is still in time."""
    ahead = 7 - day.weekday() if day.weekday() >= _SATURDAY else 0
    return min(day + timedelta(days=ahead), last)
