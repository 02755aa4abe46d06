"""Random histories of two contracts that draw on the same budget lines: whatever the two sides do, the sums agree.

After each step everything is counted once more from the rows (`ledger`). Each story begins in the same world and is
rolled back at its end. `PORTAL_STORIES` tells many more of them than a run of all tests can wait for.
"""

from __future__ import annotations

import os
from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, rule, run_state_machine_as_test

from portal.kernel.calendar import day_of
from procurement.contract_enums import ActState, ContractState, FindingOutcome
from procurement.domain.contracts import ending
from procurement.domain.delivery import acts, payments
from procurement.domain.monitoring import notices, results
from procurement.models import Contract, ContractNotice, Finding, ProcedureGround
from tests.contract_machine import ledger
from tests.contract_machine.machine import INDEX, WHICH, Machine, make_world
from tests.factories.contracts import make_typed_ground

pytestmark = [pytest.mark.django_db]

STARTS = ("begun", "amended", "suspended", "terminated", "closed")
STORIES = int(os.environ.get("PORTAL_STORIES", "0"))


class Histories(Machine):
    """The ends of contracts, what monitoring brings to them, the passing of time, and what always holds."""

    start: str

    @initialize(reported=st.integers(1, 2))
    def some_is_there(self, reported: int) -> None:
        """Begin in the middle: with reports filed, accepted and claimed, and the first contract come to `start`."""
        for number in range(reported):
            self.now += timedelta(days=31)
            for which in (0, 1) if self.start == "begun" else (0,):
                self.report(which=which, index=0, units=Decimal(25))
                self.decide_report(which=which, index=1)
                self.act_of_report(which=which, index=number)
                self.decide_act(which=which, index=1, shares=[10])
                self.pay(which=which, index=number, share=60)
        self.correct(which=0, index=0, units=Decimal(-2), money=Decimal(-2))
        if self.start == "amended":
            self.amend(which=0, factor=110, extra=False, signs=2)
        elif self.start == "suspended":
            self.suspend(which=0, back=False)
        elif self.start == "terminated":
            self.terminate(which=0, index=0, breach=False)
        elif self.start == "closed":
            self.wind_up(which=0, index=0)

    @rule(days=st.integers(1, 40))
    def wait(self, days: int) -> None:
        self.now += timedelta(days=days)

    @rule(which=WHICH, outcome=st.sampled_from(FindingOutcome.values), other=st.booleans())
    def judge(self, which: int, outcome: str, other: bool) -> None:
        finding = Finding.objects.get(contract=self.contract(which))
        with_it = {"finding_id": finding.pk, "user": self.official, "reason": "Побачено на місці.", "now": self.now}
        due = day_of(self.now) + timedelta(days=10) if other else None
        self.attempt("judge", lambda: results.judge(outcome=outcome, due_on=due, **with_it))

    @rule(which=WHICH, back=st.booleans())
    def notice(self, which: int, back: bool) -> None:
        contract = self.contract(which)
        standing = contract.notices.filter(withdrawn_at=None).first()
        if back and standing is not None:
            with_it = {"notice_id": standing.pk, "user": self.official, "reason": "Усунуто.", "now": self.now}
            self.attempt("withdraw notice", lambda: notices.withdraw_notice(**with_it))
            return

        def call(key: Any) -> ContractNotice:
            return notices.send_notice(
                contract_id=contract.pk,
                user=self.official,
                kind="termination",
                ground_id=self.ground("notice"),
                finding_ids=[],
                text="Договір буде розірвано, якщо журнал не заведуть.",
                answer_by=day_of(self.now) + timedelta(days=10),
                key=key,
                now=self.now,
            )

        self.twice("notice", call)

    @rule(which=WHICH, index=INDEX, breach=st.booleans())
    def terminate(self, which: int, index: int, breach: bool) -> None:
        contract = self.contract(which)
        if index % 3:
            return
        ground = breach_ground() if breach else make_typed_ground("termination")
        on = day_of(self.now) - timedelta(days=index)
        with_it = {"contract_id": contract.pk, "user": self.official, "reason": "За згодою сторін.", "now": self.now}
        ended = self.attempt("terminate", lambda: ending.terminate(ground_id=ground.pk, on=on, **with_it))
        if ended and breach:
            over = contract.notices.filter(withdrawn_at=None, answer_by__lt=day_of(self.now))
            assert over.exists()

    @rule(which=WHICH)
    def close(self, which: int) -> None:
        contract = self.contract(which)
        with_it = {"contract_id": contract.pk, "user": self.official, "now": self.now}
        if self.attempt("close", lambda: ending.close(**with_it)):
            contract.refresh_from_db()
            assert contract.paid == contract.accepted
            assert not contract.acts.filter(state__in=("draft", "claimed", "returned")).exists()

    @rule(which=WHICH, index=INDEX)
    def wind_up(self, which: int, index: int) -> None:
        """Do all that is left of a contract whose term is over, and close it; money may still come back afterwards."""
        contract = self.contract(which)
        if index % 4 or contract.state != ContractState.IN_FORCE:
            return
        self.now += timedelta(days=200)
        for number in range(contract.reports.count()):
            self.report(which=which, index=number, units=Decimal(0))
            self.decide_report(which=which, index=1)
        for _act in contract.acts.filter(state="claimed"):
            self.decide_act(which=which, index=1, shares=[])
        for act in contract.acts.exclude(state__in=ActState.terminal):
            self.attempt("withdraw", lambda act=act: acts.withdraw(act_id=act.pk, user=self.person, now=self.now))
        for act in contract.acts.filter(state=ActState.ACCEPTED):
            for place in (0, 1):
                act.refresh_from_db()
                call = self.money_call(payments.enter_payment, act, place, payments.payable(act))
                self.attempt("pay", lambda call=call: call(uuid4()))
        self.judge(which=which, outcome="eliminated", other=False)
        if contract.notices.filter(withdrawn_at=None).exists():
            self.notice(which=which, back=True)
        self.go_on_with_the_amendment(which=which, side="", back=True)
        self.close(which=which)

    # --- what always holds -------------------------------------------------------------------------------------------

    @invariant()
    def sums_reconcile_to_the_kopiika(self) -> None:
        for contract in Contract.objects.all():
            ledger.check_contract(contract)
            ledger.check_ended(contract)
            ledger.check_bound(contract)
        ledger.check_budget()

    @invariant()
    def nothing_leaves_a_terminal_state(self) -> None:
        now = ledger.states_over()
        assert {key: now.get(key) for key in self.over} == self.over
        self.over = now

    @invariant()
    def what_is_accepted_paid_or_signed_never_changes(self) -> None:
        now = ledger.what_stays()
        assert {key: now.get(key) for key in self.stays} == self.stays
        self.stays = now

    @invariant()
    def only_ended_contracts_say_what_was_paid_at_the_end(self) -> None:
        for contract in Contract.objects.all():
            assert (contract.end_paid is not None) == (contract.state in ContractState.ended)


def breach_ground() -> ProcedureGround:
    """Return a ground that is a breach by the provider, as its slug says."""
    ground = make_typed_ground("termination")
    facts = {"use": ground.use, "text_uk": "Порушення.", "act": "450", "valid_from": ground.valid_from}
    return ProcedureGround.objects.get_or_create(slug="termination-breach-test", defaults=facts)[0]


def test_sums_agree_in_random_histories(db) -> None:
    world = make_world()
    calm = settings(
        max_examples=STORIES or 2,
        stateful_step_count=30 if STORIES else 9,
        deadline=None,
        derandomize=not STORIES,
        database=None,
        # a story is long to tell: it is told once as it failed, not a thousand times to be made shorter
        phases=(Phase.explicit, Phase.generate),
    )

    for start in STARTS:
        run_state_machine_as_test(type("Story", (Histories,), {"world": world, "start": start}), settings=calm)

    # the stories went all the way, and people were refused on it
    wanted = {"file", "accept report", "act", "claim", "accept act", "pay", "correct", "amend", "sign contractor"}
    wanted |= {"suspend", "terminate", "close"}
    assert wanted <= set(world.seen), wanted - set(world.seen)
    assert world.refused
