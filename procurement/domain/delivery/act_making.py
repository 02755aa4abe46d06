"""How an act begins and is written: from an accepted report, for a line with a price for the whole, line by line."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from portal.kernel.calendar import day_of
from portal.kernel.workflow import StepRefused
from procurement.contract_enums import ActKind, ActState, ContractVersionState, Pricing, ReportState
from procurement.domain.contracts.steps import (
    contractor_actor,
    lines_in_force,
    lock_contract,
    record,
    require_contract_state,
)
from procurement.domain.delivery.acts import made_before, require_act_state
from procurement.domain.delivery.held import ACCOUNTED, lock_with_contract
from procurement.domain.delivery.reports import units_of
from procurement.domain.delivery.sums import add_up, require_keepable
from procurement.models import AcceptanceAct, ActLine, Contract, ContractLine, ContractVersion, ServiceReport
from procurement.models.specification import KOPIIKA

if TYPE_CHECKING:
    from portal.accounts.models import User
    from registry.domain.providers import Actor


@dataclass(frozen=True, slots=True)
class LineFacts:
    """What is claimed of one service: units, whose sum follows from the tariff, or a sum of its own."""

    line: int
    units: Decimal | None = None
    amount: Decimal | None = None


@dataclass(frozen=True, slots=True)
class ActFacts:
    """What the paper of an act says besides its lines."""

    own_number: str = ""
    act_on: date | None = None
    note: str = ""


@transaction.atomic
def make_from_report(*, report_id: int, user: User, key: UUID, now: datetime) -> AcceptanceAct:
    """Begin the act of an accepted report with its units and the tariffs of its period; one act for one report."""
    report, contract = lock_with_contract(ServiceReport, report_id)
    actor = contractor_actor(contract, user)
    before = made_before(key, contract) or report.acts.exclude(state=ActState.WITHDRAWN).first()
    if before is not None:
        return before
    require_contract_state(contract, *ACCOUNTED)
    if report.state != ReportState.ACCEPTED:
        raise StepRefused(_("An act is made of an accepted report. This one is not accepted yet."))
    act = _new(contract, key, now, period_from=report.period_from, period_to=report.period_to, report=report)
    units = units_of(report)
    rated = [line for line in lines_of(act) if line.number in units and line.pricing == Pricing.UNIT]
    write_lines(act, [LineFacts(line.number, units=units[line.number]) for line in rated])
    _record_making(act, actor, now)
    return act


@transaction.atomic
def make_for_period(
    *,
    contract_id: int,
    user: User,
    period_from: date,
    period_to: date,
    lines: Sequence[LineFacts] = (),
    key: UUID,
    now: datetime,
) -> AcceptanceAct:
    """Begin an act without a report: for services with a price for the whole, or where the contract asks no reports."""
    contract = lock_contract(contract_id)
    actor = contractor_actor(contract, user)
    before = made_before(key, contract)
    if before is not None:
        return before
    require_contract_state(contract, *ACCOUNTED)
    _require_period(contract, period_from, period_to, now)
    act = _new(contract, key, now, period_from=period_from, period_to=period_to)
    write_lines(act, lines)
    _record_making(act, actor, now)
    return act


@transaction.atomic
def save_act(*, act_id: int, user: User, facts: ActFacts, lines: Iterable[LineFacts], now: datetime) -> AcceptanceAct:
    """Write an act that is in preparation or was returned. Of a report, its units stand.

    Lines that are not named stay as they are.
    """
    act, contract = lock_with_contract(AcceptanceAct, act_id)
    contractor_actor(contract, user)
    require_act_state(act, contract)
    if act.state not in ActState.open:
        raise StepRefused(_("The act is claimed: nothing is written in it any more."))
    if act.kind == ActKind.CORRECTION:
        raise StepRefused(_("A correction is made anew: withdraw this one."))
    if facts.act_on is not None and facts.act_on > day_of(now):
        raise StepRefused(_("The date of the act has not come yet."))
    act.own_number, act.act_on, act.note = facts.own_number.strip(), facts.act_on, facts.note.strip()
    act.save(update_fields=["own_number", "act_on", "note"])
    write_lines(act, lines)
    return act


def lines_of(act: AcceptanceAct) -> list[ContractLine]:
    """Return the services by the tariffs of the act's version; one that an amendment added later has its own."""
    rows = ContractLine.objects.filter(version__contract=act.contract_id, version__number=act.contract_version)
    found = {line.number: line for line in rows.select_related("service_type", "group")}
    for line in lines_in_force(act.contract):
        found.setdefault(line.number, line)
    return [found[number] for number in sorted(found)]


def version_at(contract: Contract, day: date) -> int:
    """Return the number of the version whose tariffs hold on the day: the last signed one in force by then."""
    number = 1
    signed = ContractVersion.objects.filter(contract=contract, state=ContractVersionState.SIGNED).order_by("number")
    for version in signed:
        since = version.effective_on or (
            day_of(version.signed_at) if version.number > 1 and version.signed_at else None
        )
        if since is None or since <= day:
            number = version.number
    return number


def write_lines(act: AcceptanceAct, lines: Iterable[LineFacts]) -> None:
    """Put the named lines in place and add the claim up; raises `StepRefused` for what the contract does not have."""
    known = {line.number: line for line in lines_of(act)}
    fixed = units_of(act.report) if act.report is not None else None
    for facts in lines:
        if facts.line not in known:
            raise StepRefused(_("The contract has no such service."))
        values = _values(act, known[facts.line], facts, fixed)
        ActLine.objects.update_or_create(act=act, line=facts.line, defaults=values)
    act.claimed = require_keepable(add_up(act.lines.values_list("amount", flat=True)))
    act.save(update_fields=["claimed"])


def _values(
    act: AcceptanceAct, line: ContractLine, facts: LineFacts, fixed: Mapping[int, Decimal] | None
) -> dict[str, Any]:
    if line.pricing == Pricing.LUMP:
        amount = facts.amount or Decimal(0)
        if amount < 0:
            raise StepRefused(_("A claim cannot be below zero."))
        return {"units": None, "tariff": None, "amount": amount.quantize(KOPIIKA, ROUND_HALF_UP)}
    units = facts.units if fixed is None else fixed.get(line.number, Decimal(0))
    if act.report_id is None and act.contract.reports.exists():
        raise StepRefused(
            _("Service %(number)d is paid by units: its act is made of the report.") % {"number": line.number}
        )
    if units is None or units < 0:
        raise StepRefused(_("Say how many units of service %(number)d were given.") % {"number": line.number})
    if line.tariff is None:
        raise StepRefused(_("Service %(number)d has no tariff in the contract.") % {"number": line.number})
    return {"units": units, "tariff": line.tariff, "amount": require_keepable(priced(units, line.tariff))}


def priced(units: Decimal, tariff: Decimal) -> Decimal:
    """Return units × tariff to the kopiika, half of one up (away from zero for a difference below it)."""
    return (units * tariff).quantize(KOPIIKA, ROUND_HALF_UP)


def next_number(contract: Contract) -> int:
    """Return the number of the contract's next act; the contract is held."""
    return (contract.acts.aggregate(last=Max("number"))["last"] or 0) + 1


def _new(
    contract: Contract,
    key: UUID,
    now: datetime,
    *,
    period_from: date,
    period_to: date,
    report: ServiceReport | None = None,
) -> AcceptanceAct:
    return AcceptanceAct.objects.create(
        contract=contract,
        number=next_number(contract),
        report=report,
        contract_version=version_at(contract, period_from),
        period_from=period_from,
        period_to=period_to,
        created_at=now,
        key=key,
    )


def _record_making(act: AcceptanceAct, actor: Actor, now: datetime) -> None:
    payload = {"act": act.number, "kind": act.kind, "claimed": str(act.claimed)}
    record(act, "make", actor=actor, now=now, contract=act.contract, payload=payload)


def _require_period(contract: Contract, first: date, last: date, now: datetime) -> None:
    if last < first:
        raise StepRefused(_("The end must not be earlier than the beginning."))
    if contract.service_from and first < contract.service_from:
        raise StepRefused(_("The period begins before the services of the contract."))
    if first > day_of(now):
        raise StepRefused(_("The period has not begun yet."))
    ends = min((on for on in (contract.service_to, contract.ended_on) if on is not None), default=last)
    if last > ends:
        raise StepRefused(_("The period ends after the services of the contract."))
