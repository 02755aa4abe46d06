"""Competitions, questions and proposals driven by anybody at any moment: what design.md calls impossible never happens.

Each example is a story of its own: it begins with the same small world and is rolled back at its end.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.db import transaction
from hypothesis import strategies as st
from hypothesis.stateful import (
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from portal.accounts.models import Organisation, User
from portal.kernel import audit, clock
from portal.kernel.models import DeadlineRule, LogEntry
from portal.kernel.workflow import StepRefused
from procurement.domain.calls import calling, phases, questions
from procurement.domain.calls.calling import NotReady
from procurement.domain.proposals.submitting import Incomplete, confirm_proposal, submit_proposal, withdraw_proposal
from procurement.domain.seal.working_copies import WorkingCopy, write_copy
from procurement.enums import CompetitionState, Moment, Phase, ProposalState, QuestionState
from procurement.models import (
    Competition,
    CompetitionPolicy,
    CompetitionStep,
    CompetitionVersion,
    FormVersion,
    Proposal,
    ProposalRevision,
    Question,
)
from procurement.queries.moves import dates_of
from procurement.workflow import COMPETITION
from tests.factories import procurement as made
from tests.factories.accounts import make_official, make_person
from tests.factories.ordering import NOW
from tests.factories.procurement import make_bidder, make_call
from tests.factories.registry import make_territories
from tests.factories.rule_profiles import make_ground, make_profile
from tests.stories import Story, calm

pytestmark = [pytest.mark.django_db, pytest.mark.databases]

REFUSALS = (StepRefused, NotReady, Incomplete, PermissionDenied)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
# those who can go on come up more often than those who only try
ACTORS = (*("official",) * 6, "foreign", "auditor", "bidder")
# a form of one question, so that a story spends its time on steps
DEFINITION = {
    "sections": [
        {
            "code": "about",
            "title_uk": "Про пропозицію",
            "fields": [{"name": "title", "kind": "text", "label_uk": "Назва", "required": True}],
        }
    ]
}
CONTENT = {"about/title": "Догляд на рік"}
ENDED = (CompetitionState.CANCELLED, CompetitionState.VOID)
OVER = (CompetitionState.CLOSED, CompetitionState.OPENED, *ENDED)


@dataclass
class World:
    people: dict[str, User]
    bidders: list[tuple[Organisation, User]]
    draft: int
    seen: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)


def make_world() -> World:
    """Return one complete draft under rules with some terms, and everybody who may come along."""
    make_profile(proposals_window=3, change_freeze=1, question_grace=(6, "hours"), question_answer=2)
    form, _ = FormVersion.objects.get_or_create(
        code="one-question", number=1, defaults={"title_uk": "Пропозиція", "definition": DEFINITION}
    )
    places = make_territories()
    official = made.make_official_who_orders()
    draft = make_call(user=official, form=form.pk, closes_in=timedelta(days=5))
    people = {
        "official": official,
        "foreign": made.make_official_who_orders(places.odeska),
        "auditor": make_official("auditor"),
        "bidder": make_person(),
    }
    return World(people, [make_bidder() for _bidder in range(2)], draft.pk)


class Machine(Story):
    world: World

    def __init__(self) -> None:
        super().__init__()
        self.now = NOW
        self.frozen: dict[str, Any] | None = None
        self.ended: tuple[Any, ...] | None = None
        self.answers: dict[int, tuple[Any, ...]] = {}
        self.versions: dict[int, str] = {}
        self.receipts: dict[UUID, datetime] = {}
        self.sequence = 0
        self.read: Competition | None = None

    @property
    def competition(self) -> Competition:
        """The row as it stands: nothing but an attempt changes it."""
        if self.read is None:
            self.read = Competition.objects.get(pk=self.world.draft)
        return self.read

    def user(self, name: str) -> User:
        return self.world.people[name]

    def traces(self) -> tuple[Any, ...]:
        counted = (CompetitionVersion, CompetitionStep, Question, ProposalRevision, LogEntry)
        rows = Competition.objects.values_list("state", "version", "sequence", *Moment.values)
        return (
            list(rows),
            [model.objects.count() for model in counted],
            sorted((str(key), state) for key, state in Proposal.objects.values_list("pk", "state")),
        )

    def attempt(self, what: str, call: Callable[[], Any]) -> Any:
        """Do it by a clock that stands at the story's moment; a refusal leaves no trace."""
        self.now += timedelta(minutes=7)
        before = self.traces()
        try:
            with transaction.atomic(), clock.standing_at(self.now):
                done = call()
        except REFUSALS as refusal:
            self.world.refused[f"{what}: {type(refusal).__name__}"] += 1
            assert self.traces() == before
            return None
        finally:
            self.read = None
        self.world.seen[what] += 1
        return done

    # --- time and law ------------------------------------------------------------------------------------------------

    @rule(hours=st.sampled_from((1, 1, 5, 20, 30, 70)))
    def time_passes(self, hours: int) -> None:
        self.now += hours * HOUR

    @rule(amount=st.integers(0, 90), holds=st.booleans())
    def somebody_edits_the_rules(self, amount: int, holds: bool) -> None:
        DeadlineRule.objects.filter(profile__authority__gt="", unit="calendar_days").update(amount=amount)
        CompetitionPolicy.objects.update(unanswered_holds=holds, change_unsettles=holds)

    # --- what officials do -------------------------------------------------------------------------------------------

    @initialize(at_once=st.sampled_from((True, True, True, False)))
    def begin(self, at_once: bool) -> None:
        if at_once:
            self.publish("official", "first")

    @rule(actor=st.sampled_from(ACTORS), key=st.sampled_from(("first", "second")))
    def publish(self, actor: str, key: str) -> None:
        before = self.competition
        done = self.attempt(
            "publish",
            lambda: calling.publish(competition_id=self.world.draft, user=self.user(actor), key=key, now=self.now),
        )
        if done is not None and before.state != CompetitionState.DRAFT:
            assert (done.number, done.published_at) == (before.number, before.published_at)

    @rule(actor=st.sampled_from(ACTORS), days=st.integers(-2, 4), words=st.sampled_from(("", "Досвід рік.", "Інше.")))
    def change(self, actor: str, days: int, words: str) -> None:
        competition = self.competition
        points = ("closes_at", "hold_until", "opening_at", "evaluated_on", "award_on", "results_on")
        values: dict[str, Any] = {"requirements": words}
        if days:
            values |= {point: getattr(competition, point) + days * DAY for point in points}
        self.attempt(
            "change",
            lambda: calling.change(
                competition_id=competition.pk,
                user=self.user(actor),
                values=values,
                ground_id=None,
                reason="Уточнено.",
                now=self.now,
            ),
        )

    @rule(actor=st.sampled_from(ACTORS), days=st.integers(-1, 3))
    def extend(self, actor: str, days: int) -> None:
        self.attempt("extend", lambda: made.extend(self.competition, days * DAY, user=self.user(actor), now=self.now))

    @rule(actor=st.sampled_from(ACTORS), step=st.sampled_from(("cancel", "void")), dare=st.integers(0, 3))
    def end(self, actor: str, step: str, dare: int) -> None:
        # a story that is cancelled early has no middle
        if step == "cancel" and dare and self.now < NOW + 3 * DAY:
            return
        ground = make_ground({"cancel": "cancellation", "void": "void"}[step])
        self.attempt(
            step,
            lambda: getattr(calling, step)(
                competition_id=self.world.draft,
                user=self.user(actor),
                ground_id=ground.pk,
                reason="Так вирішено.",
                now=self.now,
            ),
        )

    @rule(patience=st.integers(0, 9))
    def clock_closes(self, patience: int) -> None:
        ends = phases.ends_at(self.competition, self.now)
        if patience == 9 and ends is not None:
            self.now = max(self.now, ends)
        elif patience > 1:
            return
        self.attempt("close", lambda: calling.close(competition_id=self.world.draft, now=self.now))

    @rule(actor=st.sampled_from(ACTORS), step=st.sampled_from(("answer", "answer", "decline")), index=st.integers(0, 5))
    @precondition(lambda machine: Question.objects.filter(state=QuestionState.ASKED).exists())
    def reply(self, actor: str, step: str, index: int) -> None:
        rows = list(Question.objects.order_by("number"))
        if rows:
            question = rows[index % len(rows)]
            call = getattr(questions, step)
            self.attempt(
                step,
                lambda: call(question_id=question.pk, user=self.user(actor), text=f"Так, {index}.", now=self.now),
            )

    # --- what bidders do ---------------------------------------------------------------------------------------------

    @rule(actor=st.sampled_from(("bidder", "bidder", "official")))
    def ask(self, actor: str) -> None:
        self.attempt(
            "ask",
            lambda: questions.ask(
                competition_id=self.world.draft,
                user=self.user(actor),
                organisation_id=None,
                text="Чи можна на частину лота?",
                key=uuid4(),
                now=self.now,
            ),
        )

    def write_proposal(self, organisation: Organisation, person: User) -> Proposal | None:
        competition = self.competition
        if not phases.is_accepting(competition, self.now):
            return None
        proposal = Proposal(
            competition=competition,
            organisation=organisation,
            competition_version=made.last_version(competition),
            created_by=person,
            created_at=self.now,
            saved_at=self.now,
        )
        write_copy(proposal, WorkingCopy(content=dict(CONTENT)))
        proposal.save(force_insert=True)
        return proposal

    @rule(index=st.integers(0, 1), act=st.sampled_from(("submit", "submit", "confirm", "confirm", "withdraw")))
    def bid(self, index: int, act: str) -> None:
        organisation, person = self.world.bidders[index]
        proposal = Proposal.objects.filter(organisation=organisation).first()
        proposal = proposal or self.write_proposal(organisation, person)
        if proposal is None:
            return
        if proposal.state == ProposalState.UNCONFIRMED and index == 0:
            act = "confirm"
        common = {"proposal_id": proposal.pk, "user": person}
        if act == "submit":
            revision = self.attempt(
                act, lambda: submit_proposal(**common, draft_version=proposal.draft_version, key=uuid4())
            )
            if revision is not None:
                self.receipts[revision.key] = self.now
        elif act == "confirm":
            self.attempt(act, lambda: confirm_proposal(**common, key=uuid4()))
        else:
            self.attempt(act, lambda: withdraw_proposal(**common))

    # --- what is true at every moment --------------------------------------------------------------------------------

    @invariant()
    def dates_are_those_of_the_last_version(self) -> None:
        competition = self.competition
        versions = list(competition.versions.order_by("number"))
        assert [version.number for version in versions] == list(range(1, competition.version + 1))
        if not versions:
            assert competition.state == CompetitionState.DRAFT
            return
        row = {point: value for point in Moment if (value := getattr(competition, point.value)) is not None}
        assert dates_of(versions[-1].content) == row
        written = {version.number: audit.digest_of(version.content) for version in versions}
        assert all(version.digest == written[version.number] for version in versions)
        # none that was written is written anew
        assert self.versions.items() <= written.items()
        self.versions = written
        assert competition.sequence >= self.sequence
        self.sequence = competition.sequence

    @invariant()
    def rules_stay_those_of_the_announcement(self) -> None:
        found = list(CompetitionVersion.objects.order_by("number").values_list("frozen", flat=True))
        if found:
            self.frozen = self.frozen or found[0]
            assert all(frozen == self.frozen for frozen in found)

    @invariant()
    def nothing_leaves_an_end(self) -> None:
        competition = self.competition
        if self.ended is not None:
            assert self.traces()[0] == self.ended
        if competition.state in ENDED:
            self.ended = self.traces()[0]

    @invariant()
    def every_state_is_the_one_its_steps_lead_to(self) -> None:
        steps = list(CompetitionStep.objects.order_by("pk"))
        states = [CompetitionState.DRAFT, *(step.to_state for step in steps)]
        assert self.competition.state == states[-1]
        for before, step in zip(states, steps, strict=False):
            transition = next(one for one in COMPETITION if one.name == step.step)
            assert (step.from_state, step.to_state) == (before, transition.target)
            assert before in transition.sources
            assert step.actor_role == ("clock" if step.step == "close" else "commissioner")

    @invariant()
    def phase_is_what_the_clock_says(self) -> None:
        competition = self.competition
        phase, ends = phases.phase(competition, self.now), phases.ends_at(competition, self.now)
        if competition.state != CompetitionState.PUBLISHED:
            assert phase not in Phase.accepting
            return
        latest = max(competition.closes_at, competition.hold_until or competition.closes_at)
        assert competition.closes_at <= ends <= latest
        assert (phase in Phase.accepting) == (competition.opens_at <= self.now < ends)
        if phase == Phase.HELD:
            assert Question.objects.filter(asked_at__lt=competition.closes_at).exists()

    @invariant()
    def an_answer_is_given_once(self) -> None:
        told = Question.objects.exclude(state=QuestionState.ASKED).values_list("pk", "state", "answer", "answered_at")
        now = {key: tuple(rest) for key, *rest in told}
        assert self.answers.items() <= now.items()
        self.answers = now

    @invariant()
    def receipts_are_kept_and_none_is_late(self) -> None:
        found = dict(ProposalRevision.objects.values_list("key", "at"))
        assert found == self.receipts
        closed_at = self.competition.closed_at
        assert closed_at is None or all(at < closed_at for at in found.values())

    @invariant()
    def after_the_end_nothing_is_unfinished_and_nothing_is_readable(self) -> None:
        over = self.competition.state in OVER
        for proposal in Proposal.objects.all():
            assert proposal.content is None
            assert proposal.state != ProposalState.OPENED
            if over:
                assert proposal.state in (ProposalState.SUBMITTED, ProposalState.LAPSED)
                assert proposal.draft_key is None

    @invariant()
    def nothing_of_proposals_but_digests_is_in_the_log(self) -> None:
        rows = LogEntry.objects.filter(tag__startswith="procurement:proposal:").values_list("payload", flat=True)
        assert all(set(audit.json.loads(payload)) == {"commitment"} for payload in rows)


def test_whoever_does_whatever_whenever_competitions_stay_lawful():
    world = make_world()
    story = type("Story", (Machine,), {"world": world})
    told = calm(80, 40, elsewhere=20)

    run_state_machine_as_test(story, settings=told)

    # the machine has been everywhere: a refusal of everything would be lawful too
    often = 3 if told.max_examples >= 80 else 0
    for what in ("publish", "change", "extend", "cancel", "close", "ask", "answer", "decline", "submit", "withdraw"):
        assert world.seen[what] > often, what
    assert world.seen["confirm"] + world.seen["void"] > often
    assert world.seen.total() + world.refused.total() > 15 * told.max_examples
