"""The machine of the order decision, driven by anybody at any moment: what is taken stays as it is, one stands at a time.

Each example is a story of its own: it begins with the same small world and is rolled back at its end.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import transaction
from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, rule, run_state_machine_as_test

from portal.accounts.models import User
from portal.kernel.models import LogEntry
from portal.kernel.workflow import StepRefused
from procurement.domain.planning import budgets, orders
from procurement.enums import DecisionState, OrderOutcome
from procurement.models import BudgetAct, OrderDecision, OrderItem
from procurement.queries.orders import (
    OrderState,
    acts_on,
    chain_of,
    current_decisions,
    lines_of,
)
from procurement.workflow import ORDER_DECISION
from tests.factories.accounts import make_official
from tests.factories.orders import NOW, budget_facts, item_values, make_commissioner, make_norms
from tests.factories.registry import make_catalogue, make_territories
from tests.stories import Story, calm

pytestmark = [pytest.mark.django_db, pytest.mark.databases]

REFUSALS = (StepRefused, PermissionDenied)
# those who can go on with something come up more often than those who only try
ACTORS = (*("official", "region") * 5, "neighbour", "auditor", "registrar")
INDEX = st.integers(0, 40)
ACT = ("id", "kind", "year", "adopted_on", "number", "decision_due_on", "supersedes", "first", "log_seq")


@dataclass
class World:
    people: dict[str, User]
    hromada_id: int
    seen: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)


def make_world() -> World:
    make_norms()
    make_catalogue()
    places = make_territories()
    people = {
        "official": make_commissioner(places.dykanska),
        "region": make_commissioner(places.poltavska),
        "neighbour": make_commissioner(places.odeska),
        "auditor": make_official("auditor"),
        "registrar": make_official("registrar", places.dykanska),
    }
    return World(people, places.dykanska.pk)


class Machine(Story):
    world: World

    def __init__(self) -> None:
        super().__init__()
        self.now: datetime = NOW
        self.turn = 0
        # what was taken or entered, as it was then: it never differs again
        self.fixed: dict[Any, Any] = {}

    # --- attempting --------------------------------------------------------------------------------------------------

    def attempt(self, what: str, actor: str, call: Callable[[User], Any]) -> None:
        """Do it; a refusal leaves no trace, and only those who answer for the hromada are let."""
        before = self.everything()
        try:
            with transaction.atomic():
                call(self.world.people[actor])
        except REFUSALS as refusal:
            self.world.refused[f"{what}: {type(refusal).__name__}"] += 1
            assert self.everything() == before
            return
        self.world.seen[what] += 1
        assert actor in {"official", "region"}

    def everything(self) -> list[list[Any]]:
        logged = LogEntry.objects.order_by("-pk").values_list("pk")[:1]
        rows = (
            BudgetAct.objects.values_list("pk"),
            OrderDecision.objects.values_list(),
            OrderItem.objects.values_list(),
        )
        return [list(row) for row in (*(table.order_by("pk") for table in rows), logged)]

    def act(self, index: int) -> BudgetAct | None:
        rows = list(BudgetAct.objects.defer("due_snapshot").order_by("pk"))
        return rows[index % len(rows)] if rows else None

    def decision(self, index: int, state: str) -> OrderDecision | None:
        """Return one of the decisions, more often one in that state."""
        rows = list(OrderDecision.objects.order_by("pk"))
        likely = [row for row in rows if row.state == state] if index % 4 else rows
        return (likely or rows)[index % len(likely or rows)] if rows else None

    @initialize(days=st.lists(st.integers(0, 30), min_size=1, max_size=3, unique=True), taken=st.booleans())
    def some_is_there(self, days: list[int], taken: bool) -> None:
        """Begin in the middle: with acts entered, the first of them decided already."""
        for day in days:
            self.enter("official", "amended", day)
        self.start("official", 1)
        if taken:
            self.take("official", 1, True)

    # --- what officials do -------------------------------------------------------------------------------------------

    @rule(hours=st.integers(1, 24 * 60))
    def wait(self, hours: int) -> None:
        self.now += timedelta(hours=hours)

    @rule(actor=st.sampled_from(ACTORS), kind=st.sampled_from(("adopted", "amended")), day=st.integers(0, 60))
    def enter(self, actor: str, kind: str, day: int) -> None:
        facts = budget_facts(kind=kind, adopted_on=date(2026, 12, 19) + timedelta(days=day), number=f"№ {day % 3}")
        self.attempt(
            "enter",
            actor,
            lambda user: budgets.enter_budget_act(
                hromada_id=self.world.hromada_id, user=user, facts=facts, now=self.now
            ),
        )

    @rule(
        actor=st.sampled_from(ACTORS),
        index=INDEX,
        day=st.integers(0, 60),
        reason=st.sampled_from(("Помилка.", "Помилка.", "")),
    )
    def correct_act(self, actor: str, index: int, day: int, reason: str) -> None:
        if (act := self.act(index)) is None:
            return
        facts = budget_facts(kind=act.kind, adopted_on=date(2026, 12, 19) + timedelta(days=day), number=f"№ {day}")
        self.attempt(
            "correct act",
            actor,
            lambda user: budgets.correct_budget_act(act_id=act.pk, user=user, facts=facts, reason=reason, now=self.now),
        )

    @rule(actor=st.sampled_from(ACTORS), index=INDEX)
    def start(self, actor: str, index: int) -> None:
        if act := self.act(index):
            self.attempt("start", actor, lambda user: orders.start_decision(act_id=act.pk, user=user, now=self.now))

    @rule(
        actor=st.sampled_from(ACTORS),
        index=INDEX,
        outcome=st.sampled_from(OrderOutcome.values),
        number=st.sampled_from(("", "17", "18")),
        back=st.integers(-1, 30),
        grounds=st.sampled_from(("", "Потреби немає.")),
    )
    def write(self, actor: str, index: int, outcome: str, number: str, back: int, grounds: str) -> None:
        if (decision := self.decision(index, DecisionState.DRAFT)) is None:
            return
        values = {
            "outcome": outcome,
            "number": number,
            "decided_on": self.now.date() - timedelta(days=back),
            "grounds": grounds,
            "body": "Виконком",
            "url": "https://dykanska.example/17",
        }
        self.attempt(
            "write", actor, lambda user: orders.describe_decision(decision_id=decision.pk, user=user, values=values)
        )

    @rule(actor=st.sampled_from(ACTORS), index=INDEX, more=st.integers(0, 3))
    def items(self, actor: str, index: int, more: int) -> None:
        if (decision := self.decision(index, DecisionState.DRAFT)) is None:
            return
        item = decision.items.first()
        if more or item is None:
            values = item_values(recipients=index)
            self.attempt("put", actor, lambda user: orders.put_item(decision_id=decision.pk, user=user, values=values))
        else:
            self.attempt(
                "remove",
                actor,
                lambda user: orders.remove_item(decision_id=decision.pk, item_id=item.pk, user=user),
            )

    @rule(actor=st.sampled_from(ACTORS), index=INDEX, whole=st.booleans())
    def take(self, actor: str, index: int, whole: bool) -> None:
        """Take a draft as it is, or made whole first: few would be by chance."""
        if (decision := self.decision(index, DecisionState.DRAFT)) is None:
            return

        def step(user: User) -> None:
            if whole:
                self.make_whole(decision, user)
            orders.take_decision(decision_id=decision.pk, user=user, now=self.now)

        self.attempt("take", actor, step)

    def make_whole(self, draft: OrderDecision, user: User) -> None:
        values = {"outcome": "order", "number": "20", "body": "Виконком", "decided_on": self.now.date()}
        values["url"] = "https://dykanska.example/20"
        orders.describe_decision(decision_id=draft.pk, user=user, values=values)
        orders.put_item(decision_id=draft.pk, user=user, values=item_values())

    @rule(actor=st.sampled_from(ACTORS), index=INDEX, reason=st.sampled_from(("Помилка.", "Помилка.", "")))
    def correct(self, actor: str, index: int, reason: str) -> None:
        if decision := self.decision(index, DecisionState.TAKEN):
            self.attempt(
                "correct",
                actor,
                lambda user: orders.correct_decision(decision_id=decision.pk, user=user, reason=reason, now=self.now),
            )

    @rule(actor=st.sampled_from(ACTORS), index=INDEX)
    def discard(self, actor: str, index: int) -> None:
        if index % 2 and (decision := self.decision(index, DecisionState.DRAFT)):
            self.attempt("discard", actor, lambda user: orders.discard_decision(decision_id=decision.pk, user=user))

    # --- what always holds -------------------------------------------------------------------------------------------

    @invariant()
    def taken_is_never_edited(self) -> None:
        present: dict[Any, Any] = {}
        for decision in OrderDecision.objects.filter(state=DecisionState.TAKEN).values():
            items = list(OrderItem.objects.filter(decision=decision["id"]).order_by("pk").values())
            present["decision", decision["id"]] = (decision, items)
        for act in BudgetAct.objects.values(*ACT):
            present["act", act["id"]] = act
        # nothing that stood is gone or different: superseded ones stay readable
        assert {key: present.get(key) for key in self.fixed} == self.fixed
        self.fixed = present

    def standing(self) -> dict[int, OrderDecision]:
        """Return the decision that stands on each chain of acts; there is one at most."""
        rows = list(current_decisions().select_related("budget_act"))
        found = {chain_of(row.budget_act): row for row in rows}
        assert len(found) == len(rows)
        return found

    @invariant()
    def taken_is_whole_and_logged(self) -> None:
        taken = OrderDecision.objects.filter(state=DecisionState.TAKEN)
        entries = LogEntry.objects.in_bulk([decision.log_seq for decision in taken])
        with_items = set(OrderItem.objects.values_list("decision", flat=True))
        for decision in taken:
            assert decision.decided_on <= decision.taken_at.date()
            assert (decision.pk in with_items) == (decision.outcome == OrderOutcome.ORDER)
            assert decision.grounds or decision.outcome == OrderOutcome.ORDER
            entry = entries[decision.log_seq]
            assert (entry.tag, entry.subject) == ("procurement:order:take", f"procurement.order:{decision.pk}")
            assert entry.clause == ORDER_DECISION.step("take", state=DecisionState.DRAFT).clause
        assert LogEntry.objects.filter(tag="procurement:order:take").count() == len(taken)

    @invariant()
    def list_tells_what_the_rows_tell(self) -> None:
        today, standing = self.now.date(), self.standing()
        self.turn += 1
        if self.turn % 5:
            return
        lines = lines_of(acts_on(today).defer("due_snapshot"), today)
        assert {chain_of(line.act) for line in lines} >= set(standing)
        assert len(lines) == BudgetAct.objects.filter(superseded_by__isnull=True).count()
        for line in lines:
            decision, due = standing.get(chain_of(line.act)), line.act.decision_due_on
            assert line.decision_id == (decision.pk if decision else None)
            expected = OrderState.DUE if due >= today else OrderState.OVERDUE
            if decision:
                expected = OrderState.LATE if decision.decided_on > due else OrderState.IN_TIME
            assert line.state == expected


def test_order_decision_stays_lawful_whatever_is_tried():
    world = make_world()
    story = type("Story", (Machine,), {"world": world})
    told = calm(40, 30, elsewhere=20)

    run_state_machine_as_test(story, settings=told)

    # the machine has been everywhere: a refusal of everything would be lawful too
    for what in ("enter", "correct act", "start", "write", "put", "take", "correct", "discard"):
        assert world.seen[what] > 3, what
    assert {key.partition(": ")[2] for key in world.refused} == {"PermissionDenied", "StepRefused", "NotComplete"}
