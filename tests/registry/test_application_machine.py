"""The machines of applications and entries, driven by anybody at any moment: what the table forbids never happens.

Each example is a story of its own: it begins with the same small world and is rolled back at its end.
"""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, run_state_machine_as_test

from portal.kernel import audit
from registry.enums import ApplicationKind, ApplicationState, Outcome, Standing
from registry.models import Application, ApplicationStep, RegisterDecision, RegisterEntry
from registry.workflow import OUTCOMES
from tests.registry.trying import Trying
from tests.registry.world import make_world
from tests.stories import calm

pytestmark = [pytest.mark.django_db, pytest.mark.databases]

STANDING_AFTER = {
    Outcome.INCLUDE: Standing.INCLUDED,
    Outcome.INCLUDE_SOME: Standing.INCLUDED,
    Outcome.EXCLUDE: Standing.EXCLUDED,
    Outcome.SUSPEND: Standing.SUSPENDED,
    Outcome.RESTORE: Standing.INCLUDED,
}


class Machine(Trying):
    def __init__(self) -> None:
        super().__init__()
        self.closed: dict[Any, str] = {}

    # --- the beginning -----------------------------------------------------------------------------------------------

    @initialize(places=st.sets(st.integers(0, 2), min_size=1), far=st.integers(0, 3), choice=st.integers(0, 3))
    def some_have_applied(self, places: set[int], far: int, choice: int) -> None:
        """Begin in the middle: with applications submitted, taken, judged, or proposed already."""
        for place in sorted(places):
            kind = (ApplicationKind.INCLUSION, ApplicationKind.INCLUSION, ApplicationKind.AMENDMENT)[place]
            if place == 2 and choice == 3:
                kind = ApplicationKind.EXCLUSION
            self.try_begin(self.actor(f"person{place}"), place, kind)
            draft = Application.objects.get(organisation=self.world.organisations[place])
            self.write(draft.created_by, draft, "fill")
            self.hand_in(draft.created_by, draft)
            if far:
                self.try_take(self.actor("registrar"), draft)
            if far > 1:
                self.try_check(self.actor("registrar"), draft, "met", "")
            if far > 2:
                outcome = (OUTCOMES[kind] * 2)[choice]
                self.try_propose(self.actor("registrar"), draft, outcome, "Причина.", None)

    # --- what is true at every moment --------------------------------------------------------------------------------

    @invariant()
    def closed_applications_never_move(self) -> None:
        rows = Application.objects.filter(state__in=ApplicationState.closed)
        now_closed = {row.pk: f"{row.state} {row.closed_at} {row.version} {row.saved_at}" for row in rows}
        assert now_closed | self.closed == now_closed
        self.closed = now_closed

    @invariant()
    def every_state_is_the_one_its_steps_lead_to(self) -> None:
        last = dict(ApplicationStep.objects.order_by("pk").values_list("application", "to_state"))
        for key, state in Application.objects.values_list("pk", "state"):
            assert state == last.get(key, ApplicationState.DRAFT)

    @invariant()
    def every_outcome_is_of_two_people(self) -> None:
        without_people = set(ApplicationStep.objects.filter(step="enter_at_once").values_list("application", flat=True))
        decided = set(Application.objects.filter(state=ApplicationState.DECIDED).values_list("pk", flat=True))
        decisions = list(RegisterDecision.objects.all())
        assert {decision.application_id for decision in decisions} == decided - without_people
        for decision in decisions:
            assert None not in (decision.proposed_by_id, decision.decided_by_id)
            assert decision.proposed_by_id != decision.decided_by_id

    @invariant()
    def register_is_what_the_decisions_made_it(self) -> None:
        expected: dict[int, str] = dict(self.world.beginning)
        for decision in RegisterDecision.objects.order_by("pk"):
            after = STANDING_AFTER.get(Outcome(decision.outcome))
            if after is not None:
                expected[decision.entry_id] = after.value
        # an entry that no decision made would be missing here
        assert dict(RegisterEntry.objects.values_list("pk", "standing")) == expected

    @invariant()
    def log_holds(self) -> None:
        assert audit.verify() is None


def test_whoever_does_whatever_whenever_the_machines_stay_lawful():
    world = make_world()
    story = type("Story", (Machine,), {"world": world})
    told = calm(40, 40, elsewhere=20)

    run_state_machine_as_test(story, settings=told)

    # the machine has been everywhere: a refusal of everything would be lawful too
    seen = Counter(what.split()[0] for what in world.seen.elements())
    for what in ("submit", "take", "check", "ask", "answer", "lapse", "propose", "send", "withdraw", "open", "decide"):
        assert seen[what] > 3, what
    assert seen.total() + world.refused.total() > 44 * told.max_examples
