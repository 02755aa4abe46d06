"""Everybody who comes along in an evaluation, and all that they may try, as rules of a machine."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from hypothesis import strategies as st
from hypothesis.stateful import rule

from portal.accounts.models import User
from portal.kernel import clock
from portal.kernel.models import LogEntry
from portal.kernel.workflow import StepRefused
from procurement.domain.evaluation import clarifications, rounds
from procurement.enums import GroundUse, MinutesState, RoundState
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
from procurement.workflow import ADMISSION, APPEAL, AWARD, CLARIFICATION, MINUTES, RECUSAL, ROUND, SHEET, Workflow
from tests.evaluations import acting
from tests.factories.accounts import make_official
from tests.factories.evaluation import make_commission, make_opened
from tests.factories.ordering import make_official_who_orders
from tests.factories.registry import make_territories
from tests.stories import Story

REFUSALS = (StepRefused, PermissionDenied)
HOUR = timedelta(hours=1)
MEMBERS, PROPOSALS = 5, 3
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


class Trying(Story):
    """Everybody who comes along and everything that anybody may try, in any order."""

    world: World

    def __init__(self) -> None:
        super().__init__()
        self.now = self.world.now

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
