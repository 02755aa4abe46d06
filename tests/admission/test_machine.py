"""The machines of admission and clarification, driven by anybody at any moment.

What was asked is answered at most once, in time, in the named fields; what was submitted never changes; nothing leaves
an end. Each example begins with the same small world and is rolled back at its end.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, rule, run_state_machine_as_test

from portal.accounts.models import User
from portal.kernel import clock
from portal.kernel.models import LogEntry
from portal.kernel.workflow import StepRefused
from procurement.domain.evaluation import admission as admitting
from procurement.domain.evaluation import clarifications, rounds
from procurement.domain.evaluation.contents import content_of
from procurement.domain.forms.proposal_forms import ValueRefused
from procurement.enums import AdmissionState, CheckResult, ClarificationState, RoundState
from procurement.models import (
    Admission,
    AdmissionCheck,
    Clarification,
    EvaluationRound,
    EvaluationStep,
    Proposal,
    ScoreSheet,
)
from procurement.workflow import ADMISSION, CLARIFICATION
from tests.admission.conftest import Desk, make_desk
from tests.admission.test_admission import ITEMS
from tests.factories.accounts import make_official
from tests.factories.registry import make_territories
from tests.factories.rule_profiles import make_ground
from tests.stories import Story

pytestmark = pytest.mark.django_db

REFUSALS = (StepRefused, PermissionDenied, ValueRefused)
# those who can go on come up more often than those who only try
STRANGERS = ("neighbour", "member")
ACTORS = st.sampled_from((*("official",) * 9, "bidder 1", *STRANGERS))
ANSWERING = st.sampled_from((*("own",) * 8, "bidder 1", "official", *STRANGERS))
OFFICIALS = {"official"}
NUMBERS = st.sampled_from((1, 2))
PATHS = ("experience/years", "criteria/base", "about/title")
NAMED = st.sampled_from((PATHS, PATHS[:2], PATHS[1:], (), ("no/such",)))
VALUES = st.dictionaries(st.sampled_from(PATHS[:2]), st.sampled_from(("7", "8", "6", "", "сім")), max_size=2)


@dataclass
class World:
    desk: Desk
    people: dict[str, User]
    submitted: dict[int, Any]
    ground_id: int
    seen: Counter[str] = field(default_factory=Counter)


def make_world() -> World:
    desk = make_desk(proposals=2)
    bidders = {f"bidder {number}": desk.admission(number).proposal.created_by for number in (1, 2)}
    people = {
        "official": desk.official,
        "neighbour": make_official("commissioner", make_territories().odesa_hromada),
        "member": desk.round.commission.members.first().user,
        **bidders,
    }
    submitted = dict(Proposal.objects.values_list("number", "content"))
    return World(desk, people, submitted, make_ground("rejection").pk)


class Machine(Story):
    world: World

    def __init__(self) -> None:
        super().__init__()
        self.now = self.world.desk.now
        self.ended: dict[int, tuple[Any, ...]] = {}

    def attempt(self, what: str, actor: str, allowed: set[str], call: Callable[[User], Any]) -> None:
        """Do it; a refusal leaves no trace, and nobody is let but those who may."""
        before = self.everything()
        try:
            with transaction.atomic(), clock.standing_at(self.now):
                call(self.world.people[actor])
        except REFUSALS:
            assert self.everything() == before
            return
        self.world.seen[what] += 1
        assert actor in allowed

    def everything(self) -> list[list[Any]]:
        models = (Admission, AdmissionCheck, Clarification, EvaluationRound, ScoreSheet, EvaluationStep)
        return [*(list(model.objects.order_by("pk").values_list()) for model in models), [LogEntry.objects.count()]]

    def key(self, number: int) -> int:
        return self.world.desk.admission(number).pk

    @initialize(waits=st.sampled_from((True, True, False)))
    def begin(self, waits: bool) -> None:
        """Begin with a request that waits for its answer, or with nothing."""
        if waits:
            self.ask("official", 1, PATHS[:2], 48)

    # --- what anybody tries -------------------------------------------------------------------------------------------

    @rule(hours=st.sampled_from((1, 10, 40)))
    def time_passes(self, hours: int) -> None:
        self.now += timedelta(hours=hours)

    @rule(actor=ACTORS, number=NUMBERS, result=st.sampled_from(("met", "met", "not_met", "unclear")))
    def check(self, actor: str, number: int, result: str) -> None:
        results = {code: {"result": "met"} for code in ITEMS} | {ITEMS[0]: {"result": result}}
        told = {"admission_id": self.key(number), "results": results, "now": self.now}
        self.attempt("check", actor, OFFICIALS, lambda user: admitting.save_checks(user=user, **told))

    @rule(actor=ACTORS, number=NUMBERS)
    def admit(self, actor: str, number: int) -> None:
        told = {"admission_id": self.key(number), "now": self.now}
        self.attempt("admit", actor, OFFICIALS, lambda user: admitting.admit(user=user, **told))

    @rule(actor=ACTORS, number=NUMBERS, reason=st.sampled_from(("Немає статуту.", "Немає статуту.", "")))
    def reject(self, actor: str, number: int, reason: str) -> None:
        told = {"admission_id": self.key(number), "ground_id": self.world.ground_id, "reason": reason, "now": self.now}
        self.attempt("reject", actor, OFFICIALS, lambda user: admitting.reject(user=user, **told))

    @rule(actor=ACTORS, number=NUMBERS)
    def reconsider(self, actor: str, number: int) -> None:
        told = {"admission_id": self.key(number), "reason": "Помилка.", "now": self.now}
        self.attempt("reconsider", actor, OFFICIALS, lambda user: admitting.reconsider(user=user, **told))

    @rule(actor=ACTORS, number=NUMBERS, fields=NAMED, hours=st.sampled_from((24, 48, 0)))
    def ask(self, actor: str, number: int, fields: tuple[str, ...], hours: int) -> None:
        due_at = self.now + timedelta(hours=hours)
        told = {"admission_id": self.key(number), "fields": fields, "text": "Уточніть.", "due_at": due_at}
        self.attempt("ask", actor, OFFICIALS, lambda user: clarifications.ask(user=user, now=self.now, **told))

    @rule(actor=ANSWERING, number=NUMBERS, values=VALUES, note=st.sampled_from(("", "Так.")))
    def answer(self, actor: str, number: int, values: dict[str, str], note: str) -> None:
        asked = Clarification.objects.filter(admission=self.key(number)).first()
        if asked is None:
            return
        actor, is_late = (f"bidder {number}" if actor == "own" else actor), self.now >= asked.due_at
        told = {"clarification_id": asked.pk, "values": values, "files": {}, "note": note, "now": self.now}
        done = self.world.seen["answer"]
        self.attempt("answer", actor, {f"bidder {number}"}, lambda user: clarifications.answer(user=user, **told))
        assert not (is_late and self.world.seen["answer"] > done)

    @rule()
    def lapse(self) -> None:
        overdue = Clarification.objects.filter(state=ClarificationState.ASKED, due_at__lte=self.now).count()
        assert clarifications.lapse_overdue(now=self.now) == overdue
        assert clarifications.lapse_overdue(now=self.now) == 0

    @rule(actor=ACTORS)
    def score(self, actor: str) -> None:
        told = {"round_id": self.world.desk.round.pk, "now": self.now}
        self.attempt("score", actor, OFFICIALS, lambda user: rounds.begin_scoring(user=user, **told))

    # --- what always holds --------------------------------------------------------------------------------------------

    @invariant()
    def what_was_submitted_never_changes(self) -> None:
        assert dict(Proposal.objects.values_list("number", "content")) == self.world.submitted

    @invariant()
    def only_named_fields_are_clarified_and_only_by_an_answer(self) -> None:
        for asked in Clarification.objects.select_related("admission__proposal"):
            assert set(asked.answers) <= set(asked.fields)
            told = content_of(asked.admission.proposal)["content"]
            submitted = asked.admission.proposal.content["content"]
            changed = {path for path in {*told, *submitted} if told.get(path) != submitted.get(path)}
            assert changed == (set(asked.answers) if asked.state == ClarificationState.ANSWERED else set())
            is_waiting = asked.admission.state == AdmissionState.CLARIFYING
            assert is_waiting == (asked.state == ClarificationState.ASKED)

    @invariant()
    def nothing_leaves_an_end(self) -> None:
        for asked in Clarification.objects.filter(state__in=CLARIFICATION.terminal()):
            told = (asked.state, asked.answers, asked.note, asked.answered_at)
            assert self.ended.setdefault(asked.pk, told) == told

    @invariant()
    def decisions_rest_on_checks_and_scoring_on_decisions(self) -> None:
        for one in Admission.objects.prefetch_related("checks"):
            results = {check.code: check.result for check in one.checks.all()}
            if one.state == AdmissionState.ADMITTED:
                assert set(results) == set(ITEMS) and set(results.values()) == {CheckResult.MET}
            if one.state == AdmissionState.REJECTED:
                assert CheckResult.NOT_MET in results.values() and one.reason and one.ground_id
        if EvaluationRound.objects.get().state == RoundState.SCORING:
            assert set(Admission.objects.values_list("state", flat=True)) <= {"admitted", "rejected"}
            assert Admission.objects.filter(state=AdmissionState.ADMITTED).exists()

    @invariant()
    def every_step_is_one_of_the_table(self) -> None:
        table = {"admission": ADMISSION, "clarification": CLARIFICATION}
        for step in EvaluationStep.objects.filter(thing__in=table).exclude(thing="clarification", step="ask"):
            taken = next(one for one in table[step.thing] if one.name == step.step)
            assert step.from_state in taken.sources
            assert step.to_state == taken.target


def test_admission_and_clarification_are_sound_whoever_does_what(db):
    Machine.world = make_world()
    told = settings(
        max_examples=9,
        stateful_step_count=30,
        deadline=None,
        derandomize=True,
        database=None,
        suppress_health_check=list(HealthCheck),
    )

    run_state_machine_as_test(Machine, settings=told)

    assert Machine.world.seen.keys() >= {"check", "admit", "reject", "ask", "answer", "reconsider"}
