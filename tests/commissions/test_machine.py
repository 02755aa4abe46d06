"""Interests, recusals and sittings of a commission, driven by anybody in any order.

Nobody barred reads, is present or decides; what is decided never changes; a quorum is never more than it says.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import transaction
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import invariant, rule, run_state_machine_as_test

from portal.accounts.models import User
from portal.kernel.workflow import StepRefused
from procurement import rules
from procurement.domain.evaluation.commissions import assign_commission, dissolve
from procurement.domain.evaluation.interests import declare
from procurement.domain.evaluation.members import end_membership
from procurement.domain.evaluation.quorum import present_now, quorum_of, record_sitting, require_quorate_sitting
from procurement.domain.evaluation.recusals import decide_recusal, raise_recusal
from procurement.enums import RecusalState, RoundState
from procurement.models import CommissionMember, EvaluationRound, Recusal, Sitting
from procurement.workflow import COMMISSION_FLOW, RECUSAL
from tests.factories.accounts import make_official
from tests.factories.evaluation import make_commission
from tests.stories import Story

pytestmark = [pytest.mark.django_db, pytest.mark.databases]

REFUSALS = (StepRefused, PermissionDenied, CommissionMember.DoesNotExist)
MEMBERS = st.integers(0, 4)
# who tries: the official, a stranger, or a member by order
ACTORS = st.sampled_from(("official", "official", "stranger", 0, 1, 2, 3))


class Machine(Story):
    hall: Any
    stranger: User
    other: Any

    def __init__(self) -> None:
        super().__init__()
        self.now: datetime = self.hall.now
        self.round = EvaluationRound.objects.get(competition=self.hall.competition)
        self.judged: dict[int, tuple[Any, ...]] = {}
        self.sat: dict[int, tuple[Any, ...]] = {}

    def who(self, actor: str | int) -> User:
        if isinstance(actor, int):
            found: User = self.hall.members[actor].user
            return found
        return self.hall.official if actor == "official" else self.stranger

    def barred(self) -> set[int]:
        rows = Recusal.objects.filter(competition=self.hall.competition, state__in=RecusalState.barring)
        return set(rows.values_list("member", flat=True))

    def tried(self, step: Any, **values: Any) -> Any:
        """Take the step a minute later; a refusal leaves nothing behind."""
        self.now += timedelta(minutes=1)
        try:
            with transaction.atomic():
                return step(now=self.now, **values)
        except REFUSALS:
            return None

    @rule(place=MEMBERS, tie=st.sampled_from((None, None, 0, 1)))
    def declare(self, place: int, tie: int | None) -> None:
        ties = [] if tie is None else [{"organisation": self.hall.applicants[tie].pk, "kind": "employer", "text": ""}]
        self.tried(declare, competition_id=self.hall.competition.pk, user=self.who(place), ties=ties)

    @rule(place=MEMBERS, actor=ACTORS, tie=st.sampled_from((None, 0, 1)))
    def raise_one(self, place: int, actor: str | int, tie: int | None) -> None:
        member, user = self.hall.members[place], self.who(actor)
        was_barred = isinstance(actor, int) and self.hall.members[actor].pk in self.barred()
        made = self.tried(
            raise_recusal,
            competition_id=self.hall.competition.pk,
            member_id=member.pk,
            organisation_id=None if tie is None else self.hall.applicants[tie].pk,
            ground="other",
            reason="Сусіди",
            user=user,
        )
        assert made is None or (not was_barred and actor != "stranger")

    @rule(index=st.integers(0, 9), actor=ACTORS, confirm=st.booleans())
    def decide(self, index: int, actor: str | int, confirm: bool) -> None:
        waiting = list(Recusal.objects.filter(state=RecusalState.PROPOSED).order_by("pk"))
        if not waiting:
            return
        recusal, user, barred = waiting[index % len(waiting)], self.who(actor), self.barred()
        done = self.tried(decide_recusal, recusal_id=recusal.pk, confirm=confirm, reason="Так", user=user)
        if done is not None:
            assert actor != "stranger"
            assert user.pk != recusal.member.user_id
            assert not isinstance(actor, int) or self.hall.members[actor].pk not in barred

    @rule(present=st.sets(MEMBERS), actor=ACTORS)
    def sit(self, present: set[int], actor: str | int) -> None:
        came = {self.hall.members[place].pk: True for place in present}
        made = self.tried(
            record_sitting, round_id=self.round.pk, user=self.who(actor), at=self.now, place="", agenda="", present=came
        )
        if made is not None:
            assert not set(came) & self.barred()
            assert made.quorum["is_quorate"] == (len(came) >= made.quorum["needed"])

    @rule(place=MEMBERS, actor=ACTORS)
    def leave(self, place: int, actor: str | int) -> None:
        member = self.hall.members[place]
        self.tried(end_membership, member_id=member.pk, user=self.who(actor), until=self.now.date(), reason="Наказ № 1")

    @rule(actor=ACTORS)
    def end_or_exchange(self, actor: str | int) -> None:
        user, commission = self.who(actor), self.hall.commission
        assert self.tried(dissolve, commission_id=commission.pk, user=user, reason="Так") is None
        competition = self.hall.competition.pk
        given = self.tried(assign_commission, competition_id=competition, commission_id=self.other.pk, user=user)
        assert given is None

    @rule()
    def sign(self) -> None:
        if self.now > self.hall.now + timedelta(minutes=12):
            EvaluationRound.objects.filter(pk=self.round.pk).update(state=RoundState.MINUTED)

    @invariant()
    def nobody_barred_reads(self) -> None:
        for member in CommissionMember.objects.filter(pk__in=self.barred()).select_related("user"):
            assert not rules.can_read_opened(member.user, self.hall.competition)

    @invariant()
    def quorum_counts_everybody_once(self) -> None:
        quorum = quorum_of(self.round)
        assert quorum.able + quorum.recused == quorum.appointed
        assert quorum.needed * 2 > quorum.appointed
        try:
            sitting = require_quorate_sitting(self.round)
        except StepRefused:
            return
        assert quorum.needed <= present_now(self.round, sitting) <= quorum.able

    @invariant()
    def what_is_written_stays(self) -> None:
        judged = Recusal.objects.exclude(state=RecusalState.PROPOSED)
        now = {row.pk: (row.state, row.reason, row.decided_by_id, row.decided_at) for row in judged}
        sat = {row.pk: (row.number, row.at, row.quorum) for row in Sitting.objects.all()}
        assert {pk: now.get(pk) for pk in self.judged} == self.judged
        assert {pk: sat.get(pk) for pk in self.sat} == self.sat
        self.judged, self.sat = now, sat


def test_commission_keeps_its_promises_whoever_does_what(hall):
    hall.round("admission")
    Machine.hall, Machine.stranger = hall, make_official("commissioner", hall.places.odesa_hromada)
    Machine.other = make_commission(members=1)

    run_state_machine_as_test(
        Machine,
        settings=settings(max_examples=6, stateful_step_count=16, deadline=None, derandomize=True, database=None),
    )


def test_tables_of_steps_end_where_they_should():
    assert RECUSAL.terminal() == {"confirmed", "dismissed"}
    assert COMMISSION_FLOW.terminal() == {"dissolved"}
    assert COMMISSION_FLOW.reachable("draft") == {"draft", "appointed", "dissolved"}
