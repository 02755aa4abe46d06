"""Commission, clarification, score sheet, decision and appeal driven by anybody in any order: the unlawful never happens.

Each example is a story of its own: it begins with the same opened competition and is rolled back at its end.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Max
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from portal.accounts.models import User
from portal.kernel import audit, clock
from portal.kernel.models import LogEntry
from portal.kernel.workflow import StepRefused
from procurement.domain.evaluation import clarifications, rounds
from procurement.enums import AppealState, GroundUse, MinutesState, RecusalState, RoundState, SheetState
from procurement.models import (
    Admission,
    Appeal,
    Award,
    AwardDecision,
    Clarification,
    Competition,
    EvaluationRound,
    EvaluationStep,
    Minutes,
    MinutesSignature,
    Recusal,
    ScoreSheet,
)
from procurement.ranking import rank
from procurement.workflow import ADMISSION, APPEAL, AWARD, CLARIFICATION, MINUTES, RECUSAL, ROUND, SHEET, Workflow
from tests.evaluations import acting
from tests.factories.accounts import make_official
from tests.factories.evaluation import make_commission, make_opened
from tests.factories.ordering import make_official_who_orders
from tests.factories.registry import make_territories

pytestmark = pytest.mark.django_db

REFUSALS = (StepRefused, PermissionDenied)
HOUR = timedelta(hours=1)
MEMBERS, PROPOSALS = 5, 3
# the lawful way, and whereto it forks; a story begins somewhere on it
WAY = ("declared", "admission", "scoring", "filed", "minuted", "decided")
FORKS = {"rejected": "admission", "clarified": "admission", "appealed": "decided", "anew": "decided"}
# those who can go on come up more often than those who only try
ACTORS = (*("official",) * 5, "second", "foreign", "auditor", "chair", "member", "bidder")
FLOWS: dict[type, Workflow] = {
    EvaluationRound: ROUND,
    Recusal: RECUSAL,
    Admission: ADMISSION,
    Clarification: CLARIFICATION,
    ScoreSheet: SHEET,
    Minutes: MINUTES,
    Award: AWARD,
    Appeal: APPEAL,
}


@dataclass
class World:
    people: dict[str, User]
    competition: int
    now: datetime
    seen: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)


def make_world() -> World:
    """Return an opened competition with three equal proposals and a commission of five, and everybody who comes along."""
    competition = make_opened(proposals=PROPOSALS, tariffs=("170.00",) * PROPOSALS)
    commission = make_commission(competition, members=MEMBERS)
    places = make_territories()
    members = list(commission.members.select_related("user"))
    people = {
        "official": competition.created_by,
        "second": make_official_who_orders(places.dykanska),
        "foreign": make_official_who_orders(places.odeska),
        "auditor": make_official("auditor"),
        "chair": members[0].user,
        "member": members[3].user,
        "bidder": competition.proposals.get(number=1).created_by,
    }
    return World(people, competition.pk, competition.opened_at + HOUR)


class Machine(RuleBasedStateMachine):
    world: World

    def __init__(self) -> None:
        super().__init__()
        self.savepoint = transaction.atomic()
        self.savepoint.__enter__()
        self.now = self.world.now
        self.ended: dict[tuple[type, Any], str] = {}
        self.decided: dict[int, str] = {}
        self.checked = 0

    @classmethod
    def at(cls, world: World) -> Machine:
        """Return a machine of its own class, so that the world is where it looks for it."""
        return type("Beginning", (cls,), {"world": world})()

    def teardown(self) -> None:
        assert audit.verify() is None
        transaction.set_rollback(True)
        self.savepoint.__exit__(None, None, None)

    @property
    def competition(self) -> Competition:
        return Competition.objects.select_related("commission").get(pk=self.world.competition)

    @property
    def held(self) -> EvaluationRound | None:
        return EvaluationRound.objects.select_related("competition", "commission").order_by("-number").first()

    @property
    def members(self) -> list[Any]:
        return list(self.competition.commission.members.select_related("user"))

    def user(self, name: str) -> User:
        return self.world.people[name]

    def traces(self) -> tuple[Any, ...]:
        states = [sorted(model.objects.values_list("pk", "state"), key=str) for model in FLOWS]
        counted = (EvaluationStep, AwardDecision, MinutesSignature, LogEntry)
        return states, [model.objects.count() for model in counted], self.competition.state

    def attempt(self, what: str, press: Callable[[], Any]) -> Any:
        """Do it by a clock that stands at the story's moment; a refusal leaves no trace."""
        self.now += timedelta(minutes=7)
        before = self.traces()
        try:
            with transaction.atomic(), clock.standing_at(self.now):
                done = press()
        except REFUSALS as refusal:
            self.world.refused[f"{what}: {type(refusal).__name__}"] += 1
            assert self.traces() == before
            return None
        self.world.seen[what] += 1
        return done

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

    # --- anybody, anything -------------------------------------------------------------------------------------------

    @rule(hours=st.sampled_from((1, 5, 30)))
    def time_passes(self, hours: int) -> None:
        self.now += hours * HOUR
        with clock.standing_at(self.now):
            clarifications.lapse_overdue(now=self.now)

    @rule(actor=st.sampled_from(ACTORS))
    def begin_round(self, actor: str) -> None:
        self.attempt(
            "begin",
            lambda: rounds.begin_round(competition_id=self.world.competition, user=self.user(actor), now=self.now),
        )

    @rule(place=st.integers(0, MEMBERS - 1), proposal=st.sampled_from((None, None, None, 1, 2)))
    def declare(self, place: int, proposal: int | None) -> None:
        row = self.competition.proposals.filter(number=proposal).first() if proposal else None
        tied = row.organisation_id if row else None
        self.attempt("declare", acting.declaring(self.competition, self.members[place], tied, self.now))

    @rule(actor=st.sampled_from(ACTORS), confirm=st.booleans())
    def judge_recusal(self, actor: str, confirm: bool) -> None:
        recusal = Recusal.objects.order_by("-pk").first()
        if recusal is not None:
            press = acting.judging_recusal(recusal, self.user(actor), confirm=confirm, now=self.now)
            self.attempt("confirm" if confirm else "dismiss", press)

    @rule(actor=st.sampled_from(ACTORS), came=st.sets(st.integers(0, MEMBERS - 1), min_size=1))
    def sit(self, actor: str, came: set[int]) -> None:
        if self.held is not None:
            present = {member.pk: place in came for place, member in enumerate(self.members)}
            self.attempt("sit", acting.sitting(self.held, self.user(actor), present, self.now))

    @rule(actor=st.sampled_from(ACTORS), step=st.sampled_from(("admission", "scoring", "discussion")))
    def go_on(self, actor: str, step: str) -> None:
        if self.held is not None:
            self.attempt(step, acting.going_on(self.held, step, self.user(actor), self.now))

    @rule(
        actor=st.sampled_from(ACTORS),
        place=st.integers(0, PROPOSALS - 1),
        what=st.sampled_from(("admit", "admit", "reject", "reconsider")),
    )
    def admit(self, actor: str, place: int, what: str) -> None:
        if self.held is not None:
            row = self.held.admissions.select_related("round__competition").order_by("proposal__number")[place]
            self.attempt(what, acting.admitting(row, self.user(actor), what, self.now))

    @rule(actor=st.sampled_from(ACTORS), place=st.integers(0, PROPOSALS - 1))
    def ask(self, actor: str, place: int) -> None:
        if self.held is not None:
            row = self.held.admissions.order_by("proposal__number")[place]
            self.attempt("ask", acting.asking(row, self.user(actor), self.now))

    @rule(own=st.booleans())
    def answer(self, own: bool) -> None:
        row = Clarification.objects.select_related("admission__proposal__created_by").order_by("-pk").first()
        if row is not None:
            user = row.admission.proposal.created_by if own else self.user("official")
            self.attempt("answer", acting.answering(row, user, self.now))

    @rule(
        place=st.integers(0, MEMBERS - 1),
        points=st.lists(st.sampled_from(("0", "1", "2", "3", "4")), min_size=3, max_size=3),
    )
    def score(self, place: int, points: list[str]) -> None:
        if self.held is None:
            return
        member = self.members[place]
        sheet = self.held.sheets.filter(member=member).select_related("round__competition").first()
        if sheet is not None:
            self.attempt("file", acting.scoring_all(sheet, member.user, points, self.now))

    @rule(actor=st.sampled_from(ACTORS))
    def give_back(self, actor: str) -> None:
        sheet = self.held.sheets.order_by("pk").first() if self.held else None
        if sheet is not None:
            self.attempt("return", acting.returning(sheet, self.user(actor), self.now))

    @rule(actor=st.sampled_from(ACTORS))
    def note(self, actor: str) -> None:
        if self.held is not None and self.held.state == RoundState.DISCUSSION:
            self.attempt("note", acting.noting(self.held, self.user(actor), self.now))

    @rule(actor=st.sampled_from((*ACTORS, "chair", "chair")), order=st.permutations([1, 2, 3]))
    def break_tie(self, actor: str, order: list[int]) -> None:
        if self.held is not None:
            self.attempt("tie", acting.breaking_tie(self.held, self.user(actor), order, self.now))

    @rule(actor=st.sampled_from(ACTORS))
    def make_minutes(self, actor: str) -> None:
        if self.held is not None:
            self.attempt("minutes", acting.making_minutes(self.held, self.user(actor), self.now))

    @rule(place=st.integers(0, MEMBERS - 1))
    def sign(self, place: int) -> None:
        paper = Minutes.objects.exclude(state=MinutesState.WITHDRAWN).order_by("-pk").first()
        if paper is not None:
            self.attempt("sign", acting.signing(paper, self.members[place].user, self.now))

    @rule(actor=st.sampled_from(ACTORS))
    def withdraw_minutes(self, actor: str) -> None:
        paper = Minutes.objects.order_by("-pk").first()
        if paper is not None:
            self.attempt("withdraw minutes", acting.withdrawing_minutes(paper, self.user(actor), self.now))

    @rule(actor=st.sampled_from(ACTORS), use=st.sampled_from((None, GroundUse.SUPERSEDING, GroundUse.NO_AWARD)))
    def decide(self, actor: str, use: GroundUse | None) -> None:
        self.attempt("decide", acting.deciding(self.competition, self.user(actor), use, self.now))

    @rule(own=st.booleans(), what=st.sampled_from(("accept", "refuse", "lapse")))
    def answer_award(self, own: bool, what: str) -> None:
        award = Award.objects.select_related("proposal__created_by").order_by("-pk").first()
        if award is not None:
            user = award.proposal.created_by if own else self.user("official")
            self.attempt(f"award {what}", acting.answering_award(award, user, what, self.now))

    @rule(number=st.integers(1, PROPOSALS))
    def appeal(self, number: int) -> None:
        row = self.competition.proposals.select_related("created_by").get(number=number)
        self.attempt("appeal", acting.appealing(self.competition, row.created_by, row.organisation_id, self.now))

    @rule(
        actor=st.sampled_from((*ACTORS, "second", "second", "second")),
        what=st.sampled_from(("accept", "accept", "leave", "anew", "correct", "dismiss", "withdraw")),
    )
    def judge_appeal(self, actor: str, what: str) -> None:
        appeal = Appeal.objects.select_related("filed_by").order_by("-pk").first()
        if appeal is not None:
            user = appeal.filed_by if what == "withdraw" else self.user(actor)
            self.attempt(f"appeal {what}", acting.judging_appeal(appeal, user, what, self.now))

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
