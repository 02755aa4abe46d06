"""Commission, clarification, score sheet, decision and appeal driven by anybody in any order: the unlawful never happens.

Each example is a story of its own: it begins with the same opened competition and is rolled back at its end.
"""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from django.db import transaction
from django.db.models import Max
from hypothesis import settings
from hypothesis.stateful import invariant, run_state_machine_as_test

from portal.kernel import audit
from procurement.enums import AppealState, MinutesState, RecusalState, RoundState, SheetState
from procurement.models import (
    Appeal,
    AwardDecision,
    EvaluationStep,
    Minutes,
    Recusal,
    ScoreSheet,
)
from procurement.ranking import rank
from tests.evaluations.trying import FLOWS, MEMBERS, PROPOSALS, Trying, World, make_world

pytestmark = pytest.mark.django_db

# the lawful way, and whereto it forks; a story begins somewhere on it
WAY = ("declared", "admission", "scoring", "filed", "minuted", "decided")
FORKS = {"rejected": "admission", "clarified": "admission", "appealed": "decided", "anew": "decided"}


class Machine(Trying):
    def __init__(self) -> None:
        super().__init__()
        self.ended: dict[tuple[type, Any], str] = {}
        self.decided: dict[int, str] = {}
        self.checked = 0

    @classmethod
    def at(cls, world: World) -> Machine:
        """Return a machine of its own class, so that the world is where it looks for it."""
        return type("Beginning", (cls,), {"world": world})()

    # --- the beginning -----------------------------------------------------------------------------------------------

    def begin(self, far: str) -> None:
        """Go so far on the lawful way; the stories begin there."""
        self.begin_round("official")
        last = FORKS.get(far, far)
        steps = WAY[: WAY.index(last) + 1] if last in WAY else ()
        for step in (*steps, far) if far in FORKS else steps:
            getattr(self, f"lawfully_{step}")()

    def lawfully_declared(self) -> None:
        for place in range(MEMBERS):
            self.declare(place, None)
        self.sit("official", set(range(MEMBERS)))

    def lawfully_admission(self) -> None:
        self.go_on("official", "admission")

    def lawfully_scoring(self) -> None:
        for place in range(PROPOSALS):
            self.admit("official", place, "admit")
        self.go_on("official", "scoring")

    def lawfully_filed(self) -> None:
        for place in range(MEMBERS):
            self.score(place, ["3", "4", "3"])
        self.go_on("official", "discussion")

    def lawfully_minuted(self) -> None:
        self.note("official")
        self.break_tie("chair", [1, 2, 3])
        self.make_minutes("official")
        for place in range(MEMBERS):
            self.sign(place)

    def lawfully_decided(self) -> None:
        self.decide("official", None)

    def lawfully_rejected(self) -> None:
        for place in range(PROPOSALS):
            self.admit("official", place, "reject" if place else "admit")

    def lawfully_clarified(self) -> None:
        self.ask("official", 0)
        self.answer(True)

    def lawfully_appealed(self) -> None:
        self.appeal(2)
        self.judge_appeal("second", "accept")

    def lawfully_anew(self) -> None:
        self.lawfully_appealed()
        self.judge_appeal("second", "anew")

    # --- what never happens ------------------------------------------------------------------------------------------

    @invariant()
    def nothing_leaves_a_terminal_state(self) -> None:
        for model, flow in FLOWS.items():
            for pk, state in model.objects.values_list("pk", "state"):
                known = self.ended.setdefault((model, pk), state) if state in flow.terminal() else None
                assert self.ended.get((model, pk)) in (None, state), f"{model.__name__} {known} → {state}"

    @invariant()
    def only_steps_of_the_tables(self) -> None:
        for model, flow in FLOWS.items():
            name = model._meta.model_name
            # what begins a thing comes from no state
            for step in EvaluationStep.objects.filter(thing=name, pk__gt=self.checked).exclude(from_state=""):
                told = next(one for one in flow if one.name == step.step)
                assert step.from_state in told.sources
                assert step.to_state == told.target
        self.checked = EvaluationStep.objects.aggregate(last=Max("pk"))["last"] or 0

    @invariant()
    def no_decision_without_quorum(self) -> None:
        for decision in AwardDecision.objects.select_related("minutes"):
            paper = decision.minutes
            assert paper.state == MinutesState.SIGNED
            needed = MEMBERS // 2 + 1
            barred = set(paper.signatures.values_list("member_id", flat=True)) & self.barred_before(paper)
            assert not barred
            assert paper.signatures.count() >= needed
            last = paper.round.sittings.filter(recorded_at__lte=paper.made_at).order_by("-number").first()
            assert last is not None
            assert last.attendances.filter(is_present=True).count() >= needed

    def barred_before(self, paper: Minutes) -> set[int]:
        rows = Recusal.objects.filter(state=RecusalState.CONFIRMED, decided_at__lte=paper.made_at)
        return set(rows.values_list("member_id", flat=True))

    @invariant()
    def no_recused_member_in_a_ranking(self) -> None:
        names = {member.pk: member.name for member in self.members}
        for paper in Minutes.objects.all():
            scores = paper.inputs.get("scores", "")
            for pk in self.barred_before(paper):
                assert names[pk] not in scores

    @invariant()
    def rankings_follow_from_their_inputs_alone(self) -> None:
        for row in (*Minutes.objects.all(), *AwardDecision.objects.all()):
            if row.inputs:
                assert rank(row.inputs["scores"], row.inputs["rubric"]) == row.ranking

    @invariant()
    def superseded_decisions_stay_as_they_were(self) -> None:
        for row in AwardDecision.objects.all():
            whole = json.dumps([row.content, row.digest, row.ranking, row.act_number, row.at.isoformat()])
            assert self.decided.setdefault(row.pk, whole) == whole
            assert audit.digest_of(row.content) == row.digest
        assert AwardDecision.objects.filter(superseded_by=None).count() <= 1
        assert set(self.decided) <= set(AwardDecision.objects.values_list("pk", flat=True))

    @invariant()
    def nobody_scores_while_barred(self) -> None:
        barred = Recusal.objects.filter(state__in=RecusalState.barring).values("member")
        assert not ScoreSheet.objects.filter(
            round__state=RoundState.SCORING, state=SheetState.DRAFT, member__in=barred, scores__is_given=True
        ).exists()

    @invariant()
    def an_open_appeal_that_stops_lets_no_award_be_accepted(self) -> None:
        stopped = Appeal.objects.filter(state__in=AppealState.open, stops=True).order_by("filed_at").first()
        if stopped is not None:
            accepted = EvaluationStep.objects.filter(thing="award", step="accept", at__gt=stopped.filed_at)
            assert not accepted.exists()


def test_unlawful_never_happens_in_an_evaluation(db) -> None:
    world = make_world()
    calm = settings(max_examples=5, stateful_step_count=15, deadline=None, derandomize=True, database=None)

    for start in ("nothing", *WAY, *FORKS):
        with transaction.atomic():
            first = Machine.at(world)
            first.begin(start)
            begun = replace(world, now=first.now)
            first.savepoint.__exit__(None, None, None)
            run_state_machine_as_test(type("Story", (Machine,), {"world": begun}), settings=calm)
            transaction.set_rollback(True)

    # the stories went all the way, and people were refused on it
    wanted = {"declare", "sit", "admission", "admit", "reject", "ask", "answer", "scoring", "file", "discussion"}
    wanted |= {"minutes", "sign", "decide", "appeal", "appeal accept", "appeal anew"}
    assert wanted <= set(world.seen), wanted - set(world.seen)
    assert len(world.refused) > len(wanted)
