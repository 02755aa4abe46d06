"""Proposals of a competition driven by anybody at any moment of the clock: sealed until opened, and what counts is known.

Each example is a story of its own: it begins with the same small world and is rolled back at its end. Beside the portal
a model of a few lines keeps what should be so.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.core.exceptions import PermissionDenied
from hypothesis import strategies as st
from hypothesis.stateful import (
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from portal.accounts.models import User
from portal.kernel import clock
from portal.kernel.models import LogEntry, VerificationCode
from portal.kernel.vault import VaultError
from portal.kernel.workflow import StepRefused
from procurement.domain.calls import calling
from procurement.domain.calls.bidders import unsettle_proposals
from procurement.domain.proposals import submitting
from procurement.domain.seal.opening import open_proposals
from procurement.domain.seal.working_copies import read_copy
from procurement.enums import CompetitionState, ProposalState
from procurement.models import Competition, Opening, Proposal, ProposalRevision, ProposalStep
from procurement.workflow import PROPOSAL
from registry.domain.providers import CLOCK
from tests.factories.accounts import make_mandate, make_official, make_person
from tests.sealing.worlds import (
    NOW,
    PRESENT,
    Bid,
    announce_again,
    make_bid,
    make_commissioning_official,
    make_competition,
)
from tests.stories import Story, calm

pytestmark = [pytest.mark.django_db, pytest.mark.databases]
REFUSALS = (StepRefused, PermissionDenied, VaultError, submitting.Incomplete)
CLOSES = NOW + timedelta(hours=30)
OPENS = CLOSES + timedelta(hours=3)
# those who can go on with something come up more often than those who only try
ACTORS = ("own", "own", "own", "own", "own", "editor", "stranger", "official", "administrator")
BIDS = st.integers(0, 2)
PERSON = st.sampled_from(ACTORS)


@dataclass
class Model:
    """What should be so of one proposal: what its draft says, what counts, and under which keys it was submitted."""

    draft: str = "Підтримане проживання"
    counts: str | None = None
    keys: dict[UUID, int] = field(default_factory=dict)


@dataclass
class World:
    competition: Competition
    bids: list[Bid]
    people: dict[str, User]
    seen: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)


def make_world() -> World:
    competition = make_competition(closes_at=CLOSES, opening_at=OPENS)
    bids = [make_bid(competition) for _turn in range(3)]
    people = {
        "editor": make_person(),
        "stranger": make_person(),
        "official": make_commissioning_official(),
        "administrator": make_official("administrator"),
    }
    for bid in bids:
        make_mandate(people["editor"], bid.proposal.organisation, "editor")
    return World(competition, bids, people)


class Machine(Story):
    world: World

    def __init__(self) -> None:
        super().__init__()
        self.now = NOW + timedelta(minutes=1)
        self.models = [Model() for _bid in self.world.bids]
        self.ended: dict[Any, str] = {}

    def teardown(self) -> None:
        """End every story with the opening, wherever it has come to."""
        self.open_if_due("official", PRESENT, OPENS)
        self.nothing_is_readable_before_the_opening()
        super().teardown()

    # --- what the story is about -----------------------------------------------------------------------------------------

    @property
    def competition(self) -> Competition:
        return Competition.objects.get(pk=self.world.competition.pk)

    def proposal(self, index: int) -> Proposal:
        return Proposal.objects.get(pk=self.world.bids[index].proposal_id)

    def told(self) -> list[tuple[Proposal, Model]]:
        """Return each proposal with what should be so of it."""
        rows = {row.pk: row for row in Proposal.objects.all()}
        return [(rows[bid.proposal_id], model) for bid, model in zip(self.world.bids, self.models, strict=True)]

    def anybody(self, *states: str) -> bool:
        return Proposal.objects.filter(state__in=states).exists()

    def person(self, name: str, index: int) -> User:
        return self.world.bids[index].user if name == "own" else self.world.people[name]

    def is_odd(self) -> bool:
        """Say whether this is a moment for what is seldom tried, because it is mostly refused."""
        return self.now.minute % 7 == 0

    def is_early(self) -> bool:
        return self.now < CLOSES and self.competition.state == CompetitionState.PUBLISHED

    def traces(self) -> tuple[Any, ...]:
        rows = [
            (str(row.pk), row.state, row.number, row.draft_version, row.content, row.draft_key and bytes(row.draft_key))
            for row in Proposal.objects.order_by("pk")
        ]
        counted = [one.objects.count() for one in (ProposalRevision, ProposalStep, Opening, VerificationCode)]
        # an attempt to open too early or without the right is written down, and nothing else of it
        logged = LogEntry.objects.exclude(tag="procurement:opening:refused").count()
        return rows, counted, logged, self.competition.state

    def attempt(self, what: str, call: Callable[[], Any]) -> Any:
        """Do it at this moment of the clock; a refusal leaves no trace. Return what came of it, or None."""
        self.now += timedelta(minutes=1)
        before = self.traces()
        try:
            with clock.standing_at(self.now):
                done = call()
        except REFUSALS as refusal:
            self.world.refused[f"{what}: {type(refusal).__name__}"] += 1
            assert self.traces() == before
            return None
        self.world.seen[what] += 1
        return done

    # --- what people do ----------------------------------------------------------------------------------------------

    @initialize(submitted=st.sets(BIDS), near=st.booleans())
    def some_have_submitted(self, submitted: set[int], near: bool) -> None:
        """Begin in the middle: with proposals submitted, or shortly before the end."""
        for index in sorted(submitted):
            self.hand_in(index, "own", 0)
        if near:
            self.now = CLOSES - timedelta(minutes=9)

    @precondition(lambda self: self.is_early())
    @rule(index=BIDS, number=st.integers(0, 99))
    def write(self, index: int, number: int) -> None:
        title = f"Задум {number}" if number % 9 else ""
        self.world.bids[index].write(about__title=title)
        self.models[index].draft = title

    @rule(index=BIDS, who=PERSON, stale=st.sampled_from((0, 0, 0, 0, 1)))
    def submit(self, index: int, who: str, stale: int) -> None:
        self.hand_in(index, who, stale)

    def hand_in(self, index: int, who: str, stale: int) -> None:
        key, user, model = uuid4(), self.person(who, index), self.models[index]
        early = self.is_early()
        version = self.proposal(index).draft_version - stale
        revision = self.attempt(
            "submit",
            lambda: submitting.submit_proposal(
                proposal_id=self.world.bids[index].proposal_id, user=user, draft_version=version, key=key
            ),
        )
        if revision is None:
            return
        assert (early, who, stale, bool(model.draft)) == (True, "own", 0, True)
        assert revision.at == self.now < CLOSES
        model.counts, model.keys[key] = model.draft, revision.pk

    @precondition(lambda self: any(model.keys for model in self.models))
    @rule(index=BIDS, turn=st.integers(0, 9))
    def press_again(self, index: int, turn: int) -> None:
        """Repeat a press at any later moment: the same submission is the answer, and nothing else comes of it."""
        keys = list(self.models[index].keys.items())
        if not keys:
            return
        key, pk = keys[turn % len(keys)]
        bid, before = self.world.bids[index], self.traces()
        revision = self.attempt(
            "press again",
            lambda: submitting.submit_proposal(proposal_id=bid.proposal_id, user=bid.user, draft_version=0, key=key),
        )
        assert revision.pk == pk
        assert self.traces() == before

    @precondition(lambda self: any(model.counts for model in self.models))
    @rule(index=BIDS, who=PERSON)
    def withdraw(self, index: int, who: str) -> None:
        user, before = self.person(who, index), self.proposal(index).state
        done = self.attempt(
            "withdraw",
            lambda: submitting.withdraw_proposal(proposal_id=self.world.bids[index].proposal_id, user=user),
        )
        if done is not None:
            assert who == "own"
            assert before == ProposalState.WITHDRAWN or self.now < CLOSES
            self.models[index].counts = None

    @precondition(lambda self: self.anybody(ProposalState.UNCONFIRMED) or self.now.minute % 4 == 0)
    @rule(index=BIDS, who=PERSON)
    def confirm(self, index: int, who: str) -> None:
        user = self.person(who, index)
        done = self.attempt(
            "confirm",
            lambda: submitting.confirm_proposal(proposal_id=self.world.bids[index].proposal_id, user=user, key=uuid4()),
        )
        assert done is None or (who == "own" and done.state == ProposalState.SUBMITTED)

    @precondition(lambda self: self.now.minute % 4 == 0 and self.is_early() and self.anybody(ProposalState.SUBMITTED))
    @rule()
    def change_the_announcement(self) -> None:
        announce_again(self.competition, self.now)
        unsettle_proposals(self.competition, actor=CLOCK, now=self.now)

    # --- what the clock and officials do -----------------------------------------------------------------------------

    @rule(hours=st.integers(0, 7), exactly=st.sampled_from((False, False, True)))
    def time_passes(self, hours: int, exactly: bool) -> None:
        if exactly and self.now < CLOSES and hours > 4:
            # the next attempt falls on the very moment of the end
            self.now = CLOSES - timedelta(minutes=1)
        else:
            self.now += timedelta(hours=hours)

    @precondition(lambda self: self.now >= CLOSES or self.is_odd())
    @rule()
    def close(self) -> None:
        closed = self.attempt("close", lambda: calling.close(competition_id=self.world.competition.pk, now=self.now))
        assert (closed is not None) == (self.now >= CLOSES)

    @precondition(
        lambda self: (self.now >= CLOSES and self.competition.state != CompetitionState.OPENED) or self.is_odd()
    )
    @rule(
        who=st.sampled_from(("official", "official", "official", "administrator", "own", "stranger")),
        index=BIDS,
        present=st.sampled_from((PRESENT, PRESENT, PRESENT, [])),
        in_time=st.sampled_from((True, True, True, False)),
    )
    def open(self, who: str, index: int, present: list[dict[str, str]], in_time: bool) -> None:
        self.open_if_due(who, present, OPENS if in_time else self.now, index)

    def open_if_due(self, who: str, present: list[dict[str, str]], at: datetime, index: int = 0) -> None:
        user, self.now = self.person(who, index), max(self.now, at)
        submitted = Proposal.objects.filter(state=ProposalState.SUBMITTED).count()
        opening = self.attempt(
            "open",
            lambda: open_proposals(competition_id=self.world.competition.pk, user=user, present=present, now=self.now),
        )
        if opening is None:
            return
        assert who in ("official", "administrator")
        assert self.now >= OPENS
        assert present
        assert (opening.findings["opened"], opening.findings["faults"]) == (submitted, [])

    # --- what is true at every moment --------------------------------------------------------------------------------

    @invariant()
    def nothing_is_readable_before_the_opening(self) -> None:
        opened = self.competition.state == CompetitionState.OPENED
        for proposal, model in self.told():
            assert (proposal.content is not None) == (opened and proposal.state == ProposalState.OPENED)
            if proposal.content is not None:
                assert proposal.content["content"]["about/title"] == model.counts

    @invariant()
    def working_copies_live_until_the_close(self) -> None:
        published = self.competition.state == CompetitionState.PUBLISHED
        for proposal, model in self.told():
            assert (proposal.draft_key is not None) == published
            if published:
                assert read_copy(proposal).content["about/title"] == model.draft

    @invariant()
    def every_state_is_the_one_its_steps_lead_to(self) -> None:
        steps = list(ProposalStep.objects.order_by("pk"))
        for proposal, model in self.told():
            state = ProposalState.DRAFT
            for step in (step for step in steps if step.proposal_id == proposal.pk):
                transition = next(row for row in PROPOSAL if row.name == step.step)
                assert step.from_state == state
                assert state in transition.sources
                state = ProposalState(step.to_state)
            assert proposal.state == state
            if proposal.state == ProposalState.WITHDRAWN:
                assert model.counts is None
            if proposal.state in (ProposalState.SUBMITTED, ProposalState.UNCONFIRMED, ProposalState.OPENED):
                assert model.counts is not None

    @invariant()
    def ended_proposals_never_move(self) -> None:
        rows = Proposal.objects.filter(state__in=ProposalState.ended)
        ended = {row.pk: f"{row.state} {row.content} {row.number} {row.submitted_at}" for row in rows}
        assert ended | self.ended == ended
        self.ended = ended

    @invariant()
    def log_has_the_digest_of_every_submission_and_nothing_else_of_it(self) -> None:
        entries = LogEntry.objects.filter(tag="procurement:proposal:submit").values_list("payload", flat=True)
        revisions = list(ProposalRevision.objects.all())
        assert Counter(entries) == Counter(
            json.dumps({"commitment": row.commitment}, separators=(",", ":")) for row in revisions
        )
        assert {row.pk for row in revisions} == {pk for model in self.models for pk in model.keys.values()}
        assert all(row.at < CLOSES for row in revisions)

    @invariant()
    def one_receipt_of_a_proposal_is_valid_while_it_counts(self) -> None:
        revisions = list(ProposalRevision.objects.select_related("receipt"))
        for proposal, model in self.told():
            valid = [row for row in revisions if row.proposal_id == proposal.pk and row.receipt.is_valid]
            assert len(valid) == (1 if model.counts is not None else 0)


def test_whoever_does_whatever_whenever_proposals_stay_sealed_and_lawful():
    world = make_world()
    story = type("Story", (Machine,), {"world": world})
    told = calm(30, 35, elsewhere=15)

    run_state_machine_as_test(story, settings=told)

    # the machine has been everywhere: a refusal of everything would be lawful too
    for what in ("submit", "press again", "withdraw", "confirm", "close", "open"):
        assert world.seen[what] > 3, what
    assert world.refused["submit: StepRefused"] > 3
    assert world.refused["submit: PermissionDenied"] > 3
