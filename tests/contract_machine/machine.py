"""What two sides may do with two contracts of one provider that draw on the same budget lines, at any moment."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db import models, transaction
from hypothesis import strategies as st
from hypothesis.stateful import rule

from portal.accounts.models import User
from portal.kernel.workflow import StepRefused
from procurement.contract_enums import ActKind, ActState, ContractState, ContractVersionState, ReportState, Side
from procurement.domain.calls.gaps import NotReady
from procurement.domain.contracts import amending, drafting, offering, suspending
from procurement.domain.delivery import act_making, acts, budget_lines, corrections, payments, reports
from procurement.domain.delivery.act_making import LineFacts
from procurement.domain.delivery.deductions import DeductionFacts
from procurement.domain.delivery.payments import PaymentFacts
from procurement.domain.delivery.reports import ReportFacts, RowFacts
from procurement.models import AcceptanceAct, BudgetLine, Contract, ContractVersion, Payment
from tests.contract_machine.hands import NOW, Sides, key_of
from tests.factories.contracts import make_typed_ground
from tests.factories.monitoring import make_finding, make_visit
from tests.factories.ordering import make_budget_act
from tests.stories import Story

REFUSALS = (StepRefused, NotReady)
INDEX = st.integers(0, 20)
WHICH = st.integers(0, 1)
# of what there is, in per cent; a hundred comes up more often than chance would have it
SHARE = st.one_of(st.just(100), st.integers(1, 130))
UNITS = st.decimals("0.00", "40.00", places=2)
MONEY = st.decimals("-300.00", "900.00", places=2)
SERVICES = ({"volume": Decimal("60.00"), "tariff": Decimal("33.35")}, {"pricing": "lump", "sum": Decimal("600.01")})
LUMP = {"title": "Навчання доглядальниць", "unit": "", "volume": None, "tariff": None}


@dataclass
class World:
    sides: Sides
    contracts: list[int]
    seen: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)


def make_world() -> World:
    """Two contracts of one provider, in force, each paid from two lines that have little left beside."""
    sides = Sides.make("4300.00", "1700.00")
    made = []
    for number in range(2):
        contract = sides.draft([SERVICES[0], {**LUMP, **SERVICES[1]}], title=f"Догляд вдома, {number}")
        funding = {sides.lines[0].pk: Decimal("2001.00"), sides.lines[1].pk: Decimal("600.01")}
        made.append(sides.conclude(contract, funding=funding).pk)
        make_finding(make_visit(contract))
    make_typed_ground("notice")
    return World(sides, made)


class Machine(Story):
    world: World

    def __init__(self) -> None:
        super().__init__()
        self.now: datetime = NOW + timedelta(days=12)
        self.keys = 0
        self.over: dict[Any, Any] = {}
        self.stays: dict[Any, Any] = {}

    # --- what the rules need -----------------------------------------------------------------------------------------

    @property
    def official(self) -> User:
        return self.world.sides.official

    @property
    def person(self) -> User:
        return self.world.sides.person

    def attempt(self, what: str, call: Callable[[], Any]) -> Any:
        """Do it or be refused in words; the database never has to say no, nor does anything else break."""
        try:
            with transaction.atomic():
                made = call()
        except REFUSALS:
            self.world.refused[what] += 1
            return None
        self.world.seen[what] += 1
        return made

    def twice(self, what: str, call: Callable[[Any], models.Model]) -> Any:
        """Press twice with one key: the second press makes nothing and leads to the same thing."""
        self.keys += 1
        key = key_of(self.keys)
        made = self.attempt(what, lambda: call(key))
        if made is not None:
            rows = type(made).objects.count()
            assert call(key).pk == made.pk
            assert type(made).objects.count() == rows
        return made

    def contract(self, which: int) -> Contract:
        return Contract.objects.get(pk=self.world.contracts[which])

    @staticmethod
    def pick(rows: Any, index: int) -> Any:
        found = list(rows.order_by("pk"))
        return found[index % len(found)] if found else None

    def ground(self, use: str) -> int:
        return make_typed_ground(use).pk

    # --- the provider ------------------------------------------------------------------------------------------------

    @rule(which=WHICH, index=INDEX, units=UNITS)
    def report(self, which: int, index: int, units: Decimal) -> None:
        row = self.pick(self.contract(which).reports.filter(state__in=ReportState.open), index % 3)
        if row is None:
            return
        facts = ReportFacts((RowFacts(1, None, 20, units),), done="Догляд надано.")
        with_it = {"report_id": row.pk, "user": self.person, "now": self.now}
        if self.attempt("save", lambda: reports.save_report(version=row.version, facts=facts, **with_it)):
            self.twice("file", lambda key: reports.file_report(key=key, **with_it))

    @rule(which=WHICH, index=INDEX)
    def act_of_report(self, which: int, index: int) -> None:
        row = self.pick(self.contract(which).reports.filter(state=ReportState.ACCEPTED), index)
        if row is not None:
            call = act_making.make_from_report
            made = self.twice("act", lambda key: call(report_id=row.pk, user=self.person, key=key, now=self.now))
            self.claim(made)

    @rule(which=WHICH, amount=st.decimals("0.01", "700.00", places=2))
    def act_of_whole(self, which: int, amount: Decimal) -> None:
        contract, day = self.contract(which), self.now.date()

        def call(key: Any) -> AcceptanceAct:
            return act_making.make_for_period(
                contract_id=contract.pk,
                user=self.person,
                period_from=day - timedelta(days=5),
                period_to=day,
                lines=[LineFacts(2, amount=amount)],
                key=key,
                now=self.now,
            )

        self.claim(self.twice("act for the whole", call))

    def claim(self, act: AcceptanceAct | None) -> None:
        if act is not None and act.state in ActState.open:
            self.attempt("claim", lambda: acts.claim(act_id=act.pk, user=self.person, now=self.now))

    @rule(which=WHICH, index=INDEX)
    def claim_again(self, which: int, index: int) -> None:
        self.claim(self.pick(self.contract(which).acts.filter(state__in=ActState.open), index))

    @rule(which=WHICH, index=INDEX)
    def withdraw(self, which: int, index: int) -> None:
        act = self.pick(self.contract(which).acts.exclude(state__in=ActState.terminal), index)
        if act is not None and index % 3 == 0:
            self.attempt("withdraw", lambda: acts.withdraw(act_id=act.pk, user=self.person, now=self.now))

    # --- both --------------------------------------------------------------------------------------------------------

    @rule(which=WHICH, index=INDEX, units=st.decimals("-20.00", "20.00", places=2), money=MONEY)
    def correct(self, which: int, index: int, units: Decimal, money: Decimal) -> None:
        act = self.pick(self.contract(which).acts.filter(state=ActState.ACCEPTED, kind=ActKind.RENDERED), index)
        if act is None:
            return
        number = act.lines.first().line
        lines = [LineFacts(1, units=units) if number == 1 else LineFacts(2, amount=money)]

        def call(key: Any) -> AcceptanceAct:
            user = self.official if index % 2 else self.person
            reason = "Уточнено години за журналом."
            return corrections.make_correction(
                act_id=act.pk, user=user, lines=lines, reason=reason, key=key, now=self.now
            )

        self.claim(self.twice("correct", call))

    @rule(which=WHICH, factor=st.integers(20, 140), extra=st.booleans(), signs=st.integers(0, 2))
    def amend(self, which: int, factor: int, extra: bool, signs: int) -> None:
        """Say the contract anew with another volume and sum, funded whole where the lines have so much."""
        contract = self.contract(which)
        if contract.state not in ContractState.running or contract.versions.filter(state="offered").exists():
            return

        def call() -> ContractVersion:
            version = self.world.sides.amend(contract, self.now)
            volume = (Decimal(60) * factor / 100).quantize(Decimal("0.01"))
            values = {"volume": volume, "tariff": Decimal("33.35") + (Decimal("0.01") if extra else 0)}
            with_it = {"version_id": version.pk, "user": self.official, "now": self.now}
            drafting.save_line(number=1, values=values, **with_it)
            total = sum((line.sum for line in version.lines.all()), Decimal(0))
            first = min(total, self.free(contract, 0))
            sums = {self.world.sides.lines[0].pk: first}
            if total > first:
                sums[self.world.sides.lines[1].pk] = min(total - first, self.free(contract, 1))
            drafting.save_funding(funding=sums, **with_it)
            return offering.offer(**with_it)

        version = self.attempt("amend", call)
        for side in list(Side.values)[:signs] if version else ():
            self.attempt(f"sign {side}", lambda side=side: self.world.sides.sign(version, side, self.now))

    def free(self, contract: Contract, place: int) -> Decimal:
        line = BudgetLine.objects.get(pk=self.world.sides.lines[place].pk)
        own = contract.funding.filter(line=line).first()
        return line.free + (own.committed if own else 0)

    @rule(which=WHICH, side=st.sampled_from(Side.values), back=st.booleans())
    def go_on_with_the_amendment(self, which: int, side: str, back: bool) -> None:
        version = self.contract(which).versions.filter(state__in=ContractVersionState.open).first()
        if version is None:
            return
        if not back:
            self.attempt(f"sign {side}", lambda: self.world.sides.sign(version, side, self.now))
            return
        with_it = {"version_id": version.pk, "user": self.official, "reason": "Ще раз обговоримо.", "now": self.now}
        self.attempt("withdraw amendment", lambda: amending.withdraw_amendment(**with_it))

    # --- the commissioner --------------------------------------------------------------------------------------------

    @rule(which=WHICH, index=INDEX)
    def decide_report(self, which: int, index: int) -> None:
        row = self.pick(self.contract(which).reports.filter(state=ReportState.FILED), index)
        if row is None:
            return
        with_it = {"report_id": row.pk, "user": self.official, "now": self.now}
        if index % 4:
            self.attempt("accept report", lambda: reports.accept_report(**with_it))
        else:
            self.attempt("return report", lambda: reports.return_report(reason="Не збігається.", **with_it))

    @rule(which=WHICH, index=INDEX, shares=st.lists(st.integers(1, 60), max_size=2))
    def decide_act(self, which: int, index: int, shares: list[int]) -> None:
        act = self.pick(self.contract(which).acts.filter(state=ActState.CLAIMED), index)
        if act is None:
            return
        with_it = {"act_id": act.pk, "user": self.official, "now": self.now}
        if index % 6 == 0:
            self.attempt("return act", lambda: acts.return_act(reason="Не збігається.", **with_it))
            return
        parts = [(act.claimed * share / 100).quantize(Decimal("0.01")) for share in shares]
        rows = [DeductionFacts(part, self.ground("deduction"), "Не підтверджено журналом.") for part in parts]
        if act.kind == ActKind.CORRECTION:
            rows = []
        self.attempt("accept act", lambda: acts.accept(deductions=rows, seen=act.claimed, **with_it))

    def money_call(self, step: Callable[..., Payment], act: AcceptanceAct, index: int, amount: Decimal) -> Any:
        funding = self.pick(act.contract.funding, index)

        def call(key: Any) -> Payment:
            facts = PaymentFacts(amount, self.now.date(), f"№ {index}")
            return step(act_id=act.pk, user=self.official, funding_id=funding.pk, facts=facts, key=key, now=self.now)

        return call

    @rule(which=WHICH, index=INDEX, share=SHARE)
    def pay(self, which: int, index: int, share: int) -> None:
        act = self.pick(self.contract(which).acts.filter(state=ActState.ACCEPTED), index)
        if act is not None:
            amount = (payments.payable(act) * share / 100).quantize(Decimal("0.01"))
            self.twice("pay", self.money_call(payments.enter_payment, act, index, amount))

    @rule(which=WHICH, index=INDEX, share=SHARE)
    def refund(self, which: int, index: int, share: int) -> None:
        act = self.pick(self.contract(which).acts.filter(paid__gt=0), index)
        if act is not None:
            amount = (act.paid * share / 100).quantize(Decimal("0.01"))
            self.twice("refund", self.money_call(payments.enter_refund, act, index, amount))

    @rule(which=WHICH, index=INDEX)
    def undo(self, which: int, index: int) -> None:
        payment = self.pick(Payment.objects.filter(act__contract=self.contract(which)), index)
        if payment is not None:
            with_it = {"payment_id": payment.pk, "user": self.official, "reason": "Помилка.", "now": self.now}
            self.twice("undo", lambda key: payments.undo_payment(key=key, **with_it))

    @rule(place=WHICH, share=st.integers(60, 140))
    def change_budget(self, place: int, share: int) -> None:
        line = BudgetLine.objects.get(pk=self.world.sides.lines[place].pk)
        amount = (line.amount * share / 100).quantize(Decimal("0.01"))
        act = make_budget_act(self.world.sides.hromada, now=NOW)
        call = budget_lines.change_line
        self.attempt(
            "budget", lambda: call(line_id=line.pk, user=self.official, act_id=act.pk, amount=amount, now=self.now)
        )

    @rule(which=WHICH, back=st.booleans())
    def suspend(self, which: int, back: bool) -> None:
        with_it = {
            "contract_id": self.contract(which).pk,
            "user": self.official,
            "reason": "Немає світла.",
            "now": self.now,
        }
        if back:
            self.attempt("resume", lambda: suspending.resume(**with_it))
        else:
            self.attempt("suspend", lambda: suspending.suspend(ground_id=self.ground("suspension"), **with_it))
