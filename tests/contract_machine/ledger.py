"""The money of contracts counted once more, from rows alone and in whole kopiikas: what the portal keeps has to agree.

Nothing here uses a function of the portal that adds up or multiplies.
"""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal
from fractions import Fraction
from math import floor
from typing import Any

from portal.kernel import audit
from procurement.contract_enums import ActState, ContractState, ContractVersionState
from procurement.contract_workflow import ACCEPTANCE_ACT, CONTRACT, CONTRACT_VERSION, FINDING, REPORT
from procurement.domain.delivery.sums import figures_of
from procurement.models import (
    AcceptanceAct,
    ActLine,
    BudgetLine,
    Contract,
    ContractFunding,
    ContractLine,
    ContractVersion,
    Deduction,
    Finding,
    Payment,
    ServiceReport,
)

FLOWS = {
    Contract: CONTRACT,
    ContractVersion: CONTRACT_VERSION,
    ServiceReport: REPORT,
    AcceptanceAct: ACCEPTANCE_ACT,
    Finding: FINDING,
}
# of an accepted act these may still be written: what is paid, and the papers that follow
LATER = {"paid", "log_seq", "document_id", "code_id"}
OF_END = ("ended_on", "ended_at", "end_reason", "end_ground_id", "end_paid", "sum", "first_sum", "version")


def kopiikas(value: Decimal) -> int:
    """Return a sum as a whole number of kopiikas; a part of one is a fault."""
    scaled = value * 100
    assert scaled == int(scaled), f"{value} is not whole kopiikas"
    return int(scaled)


def product(units: Decimal, tariff: Decimal) -> int:
    """Return units × tariff in kopiikas, half of one away from zero."""
    exact = Fraction(units) * Fraction(tariff) * 100
    whole = floor(abs(exact) + Fraction(1, 2))
    return whole if exact >= 0 else -whole


def signed(payment: Payment) -> int:
    return kopiikas(payment.amount) * (1 if payment.kind == "payment" else -1)


def check_contract(contract: Contract) -> None:
    """Count a contract's acts, payments, deductions and lines, and compare with what is kept and what is told."""
    acts = list(contract.acts.prefetch_related("lines", "deductions", "payments"))
    for act in acts:
        check_act(act)
    accepted = [act for act in acts if act.state == ActState.ACCEPTED]
    assert kopiikas(contract.accepted) == sum(kopiikas(act.accepted) for act in accepted)
    assert kopiikas(contract.paid) == sum(signed(one) for act in acts for one in act.payments.all())
    assert 0 <= contract.accepted <= contract.sum
    assert 0 <= contract.paid <= contract.sum
    check_lines(contract, accepted)
    check_figures(contract, accepted)


def check_act(act: AcceptanceAct) -> None:
    lines = list(act.lines.all())
    for line in lines:
        if line.units is not None and line.tariff is not None:
            assert kopiikas(line.amount) == product(line.units, line.tariff)
    deducted = sum(kopiikas(one.amount) for one in act.deductions.all())
    paid = sum(signed(one) for one in act.payments.all())
    assert kopiikas(act.claimed) == sum(kopiikas(line.amount) for line in lines)
    assert (kopiikas(act.deducted), kopiikas(act.paid)) == (deducted, paid)
    if act.state == ActState.ACCEPTED:
        assert kopiikas(act.accepted) == kopiikas(act.claimed) - deducted
        assert audit.digest_of(act.content) == act.digest
    else:
        assert act.accepted == 0
    assert 0 <= paid <= max(kopiikas(act.accepted), 0)


def check_lines(contract: Contract, accepted: list[AcceptanceAct]) -> None:
    """No service is overspent, in money or in units, by what is accepted."""
    if not contract.version:
        return
    sums: dict[int, int] = defaultdict(int)
    units: dict[int, Decimal] = defaultdict(Decimal)
    for act in accepted:
        for line in act.lines.all():
            sums[line.line] += kopiikas(line.amount)
            units[line.line] += line.units or 0
        for one in act.deductions.all():
            if one.line is not None:
                sums[one.line] -= kopiikas(one.amount)
    in_force = {row.number: row for row in ContractLine.objects.filter(version=version_of(contract))}
    assert kopiikas(contract.sum) == sum(kopiikas(row.sum) for row in in_force.values())
    for number, taken in sums.items():
        assert 0 <= taken <= kopiikas(in_force[number].sum), f"service {number}"
        volume = in_force[number].volume
        assert volume is None or units[number] <= volume, f"units of service {number}"


def check_figures(contract: Contract, accepted: list[AcceptanceAct]) -> None:
    """What pages, papers and tables tell is what the rows say, as a whole and in each of its parts."""
    told = figures_of(contract)
    rendered = [act for act in accepted if act.kind == "rendered"]
    corrections = [act for act in accepted if act.kind == "correction"]
    deducted = sum(kopiikas(one.amount) for act in accepted for one in act.deductions.all())
    paid, sum_of = kopiikas(contract.paid), kopiikas(contract.sum)
    taken = kopiikas(contract.accepted)
    assert kopiikas(told.claimed) == sum(kopiikas(act.claimed) for act in rendered)
    assert kopiikas(told.corrected) == sum(kopiikas(act.claimed) for act in corrections)
    assert kopiikas(told.deducted) == deducted
    assert (kopiikas(told.accepted), kopiikas(told.paid)) == (taken, paid)
    assert kopiikas(told.remaining) == sum_of - taken
    assert (kopiikas(told.to_pay), kopiikas(told.to_return)) == (max(taken - paid, 0), max(paid - taken, 0))
    whole = sum(kopiikas(one.amount) for act in accepted for one in act.deductions.all() if one.line is None)
    assert sum(kopiikas(line.accepted) for line in told.lines) - whole == taken
    assert sum(kopiikas(period.accepted) for period in told.periods) == taken
    assert sum(kopiikas(period.paid) for period in told.periods) == paid
    assert sum(kopiikas(one.paid) for one in told.fundings) == paid


def check_budget() -> None:
    """No line of the budget is overspent, and each keeps the sums of what contracts bind and of what was paid."""
    bound: dict[int, int] = defaultdict(int)
    spent: dict[int, int] = defaultdict(int)
    for funding in ContractFunding.objects.select_related("contract").prefetch_related("payments"):
        paid = sum(signed(one) for one in funding.payments.all())
        assert kopiikas(funding.paid) == paid
        assert 0 <= funding.paid <= funding.committed <= funding.amount
        if funding.contract.state in ContractState.running:
            assert funding.committed == funding.amount
        bound[funding.line_id] += kopiikas(funding.committed)
        spent[funding.line_id] += paid
    for line in BudgetLine.objects.prefetch_related("changes"):
        assert kopiikas(line.committed) == bound[line.pk]
        assert kopiikas(line.paid) == spent[line.pk]
        assert 0 <= line.paid <= line.committed <= line.amount
        assert line.amount == list(line.changes.all())[-1].amount


def check_bound(contract: Contract) -> None:
    """What was accepted and waits to be paid is bound on the budget lines: an obligation is never without its money."""
    if contract.version:
        bound = sum(kopiikas(row.committed) for row in contract.funding.all())
        assert bound >= max(kopiikas(contract.accepted), kopiikas(contract.paid))


def check_ended(contract: Contract) -> None:
    """An ended contract binds no more than its accepted acts still need."""
    if contract.state in ContractState.ended:
        funding = list(contract.funding.all())
        still = sum(kopiikas(row.committed - row.paid) for row in funding)
        assert still <= max(kopiikas(contract.accepted - contract.paid), 0) + returned(contract)


def returned(contract: Contract) -> int:
    """Return what came back after the end or was undone: it stays bound until the line is released again."""
    rows = Payment.objects.filter(act__contract=contract, kind="refund")
    return sum(kopiikas(row.amount) for row in rows)


def version_of(contract: Contract) -> ContractVersion:
    return contract.versions.get(number=contract.version)


def states_over() -> dict[tuple[str, int], str]:
    """Return the rows that are in a terminal state, with that state."""
    found = {}
    for model, flow in FLOWS.items():
        rows = model.objects.filter(state__in=flow.terminal()).values_list("pk", "state")
        found |= {(model.__name__, key): state for key, state in rows}
    return found


def what_stays() -> dict[tuple[str, int], Any]:
    """Return all that never changes again, by row: accepted acts with their parts, payments, signed words, ends."""
    found: dict[tuple[str, int], Any] = {}
    acts = AcceptanceAct.objects.filter(state=ActState.ACCEPTED)
    for row in acts.values():
        found["act", row["id"]] = {name: value for name, value in row.items() if name not in LATER}
    for model in (ActLine, Deduction):
        rows = model.objects.filter(act__in=acts).values()
        found |= {(model.__name__, row["id"]): row for row in rows}
    for row in Payment.objects.values():
        found["payment", row["id"]] = row
    for row in ContractVersion.objects.filter(state=ContractVersionState.SIGNED).values(
        "id", "content", "digest", "sum"
    ):
        assert audit.digest_of(row["content"]) == row["digest"]
        found["version", row["id"]] = row
    for row in Contract.objects.filter(state__in=ContractState.terminal).values("id", *OF_END):
        found["contract", row["id"]] = row
    return found
