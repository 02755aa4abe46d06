"""The machines of applications and entries, driven by anybody at any moment: what the table forbids never happens.

Each example is a story of its own: it begins with the same small world and is rolled back at its end.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.db import transaction
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from portal.accounts.models import Claim, Mandate, Organisation, User
from portal.kernel import audit
from portal.kernel.models import LogEntry
from portal.kernel.workflow import StepRefused
from registry.domain import applying, drafts, examination
from registry.domain.application_steps import DECIDING, EXAMINING
from registry.domain.desk import OutsideTerritoryError
from registry.domain.providers import CLOCK
from registry.domain.standing import suspend_entry
from registry.enums import ApplicationKind, ApplicationState, Outcome, Standing
from registry.models import (
    Application,
    ApplicationStep,
    Criterion,
    CriterionCheck,
    EntryChange,
    Ground,
    RegisterDecision,
    RegisterEntry,
)
from registry.workflow import APPLICATION, OUTCOMES
from tests.factories.accounts import make_mandate, make_official, make_organisation, make_person
from tests.factories.applications import CONSENTS, CONTACTS, make_rules, organisation_part, service_part, site_part
from tests.factories.registry import make_provider, make_territories, next_edrpou
from tests.stories import Story

pytestmark = [pytest.mark.django_db, pytest.mark.databases]

START = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
REFUSALS = (
    StepRefused,
    PermissionDenied,
    OutsideTerritoryError,
    applying.NotReadyError,
    applying.ChangedMeanwhileError,
)
MOVING = (ApplicationState.DRAFT, *ApplicationState.pending)
BY_PROVIDER = ("submit", "correct", "withdraw", "enter_at_once")
STANDING_AFTER = {
    Outcome.INCLUDE: Standing.INCLUDED,
    Outcome.INCLUDE_SOME: Standing.INCLUDED,
    Outcome.EXCLUDE: Standing.EXCLUDED,
    Outcome.SUSPEND: Standing.SUSPENDED,
    Outcome.RESTORE: Standing.INCLUDED,
}
# those who can go on with something come up more often than those who only try
ACTORS = (
    *("registrar", "second", "approver") * 3,
    *("administrator", "both", "auditor", "foreign_registrar", "foreign_approver"),
    *("person0", "person1", "person2") * 2,
    *("editor1", "stranger"),
)


@dataclass
class World:
    people: dict[str, User]
    organisations: list[Organisation]
    grounds: dict[str, Ground]
    beginning: dict[int, str]
    # who examines and who decides in the one territory where everything happens
    examiners: set[int] = field(default_factory=set)
    deciders: set[int] = field(default_factory=set)
    seen: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)


def make_world() -> World:
    """Return three organisations (unknown, claimed by its maker, included) and everybody who may come along."""
    places = make_territories()
    make_rules(correction_days=2, trivial_parts=["contacts"])
    Criterion.objects.create(slug="founding", group="general", text_uk="Статут.", valid_from=date(2020, 3, 3))
    organisations = [make_organisation(code=next_edrpou()) for _turn in range(2)]
    included, suspended = make_provider(), make_provider()
    organisations.append(included.organisation)
    suspend_entry(entry_id=suspended.pk, actor=CLOCK, ground="з початку", now=START)
    people = {
        "registrar": make_official("registrar", places.dykanska),
        "second": make_official("registrar", places.poltavska),
        "approver": make_official("approver", places.poltavska),
        "administrator": make_official("administrator"),
        "both": make_official("registrar", places.poltavskyi_raion),
        "auditor": make_official("auditor", places.poltavska),
        "foreign_registrar": make_official("registrar", places.odeska),
        "foreign_approver": make_official("approver", places.odeska),
        "person0": make_person(),
        "person1": make_person(),
        "person2": make_person(),
        "editor1": make_person(),
        "stranger": make_person(),
    }
    people["both"].groups.add(*people["approver"].groups.all())
    make_mandate(people["person0"], organisations[0])
    Claim.objects.create(
        person=people["person1"],
        organisation=organisations[1],
        scope="representative",
        statement="Засновниця.",
        made_organisation=True,
        at=START,
    )
    make_mandate(people["person2"], organisations[2])
    make_mandate(people["editor1"], organisations[2], "editor")
    grounds = {
        outcome: Ground.objects.create(slug=outcome, outcome=outcome, text_uk="Підстава.", valid_from=date(2021, 1, 27))
        for outcome in Outcome.values
        if outcome not in Outcome.granting
    }
    world = World(people, organisations, grounds, {included.pk: Standing.INCLUDED, suspended.pk: Standing.SUSPENDED})
    world.examiners = {people[name].pk for name in ("registrar", "second", "administrator", "both")}
    world.deciders = {people[name].pk for name in ("approver", "administrator", "both")}
    return world


def in_state(*states: str) -> Callable[[Any], bool]:
    """Keep a rule for stories in which some application could take the step: any other may be tried with it."""
    return lambda machine: not machine.states.isdisjoint(states)


def seldom(every: int) -> Callable[[Any], bool]:
    """Keep a rule for one moment of so many: it begins or ends stories, and they should have a middle."""
    return lambda machine: machine.now.minute % every == 0


class Machine(Story):
    world: World

    def __init__(self) -> None:
        super().__init__()
        self.now = START
        self.closed: dict[Any, str] = {}
        self.states: set[str] = set()

    # --- choosing ----------------------------------------------------------------------------------------------------

    def actor(self, name: str) -> User:
        return self.world.people[name]

    def pick(self, index: int, *states: str) -> Application | None:
        """Return one of the applications, more likely one in which the step could be possible."""
        rows = list(Application.objects.order_by("created_at", "number", "pk"))
        likely = [row for row in rows if row.state in states] if index % 4 != 3 else rows
        return (likely or rows)[index % len(likely or rows)] if rows else None

    def pass_time(self) -> None:
        self.now += timedelta(minutes=1)

    # --- attempting --------------------------------------------------------------------------------------------------

    def traces(self) -> tuple[Any, ...]:
        states = sorted((str(pk), *rest) for pk, *rest in Application.objects.values_list("pk", "state", "version"))
        entries = sorted(RegisterEntry.objects.values_list("pk", "standing", "version"))
        counted = [
            model.objects.count()
            for model in (ApplicationStep, RegisterDecision, EntryChange, CriterionCheck, Mandate, LogEntry)
        ]
        return states, entries, counted

    def attempt(self, what: str, actor: User | None, call: Callable[[], Any]) -> None:
        """Do it; a refusal leaves no trace, and whatever is accepted is lawful and leaves all of them."""
        self.pass_time()
        before = self.traces()
        last_step = ApplicationStep.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
        last_entry = LogEntry.objects.order_by("-seq").values_list("seq", flat=True).first() or 0
        try:
            with transaction.atomic():
                call()
        except REFUSALS as refusal:
            self.world.refused[f"{what}: {type(refusal).__name__}"] += 1
            assert self.traces() == before
            return
        self.world.seen[what] += 1
        self.states = set(Application.objects.order_by().values_list("state", flat=True).distinct())
        steps = list(ApplicationStep.objects.filter(pk__gt=last_step).select_related("application").order_by("pk"))
        logged = Counter(LogEntry.objects.filter(seq__gt=last_entry).values_list("tag", "subject"))
        for step in steps:
            self.judge(step, actor)
            application = step.application
            key = (f"registry:application:{step.step}", f"registry.application:{application.number or application.pk}")
            assert logged[key] == 1

    def judge(self, step: ApplicationStep, actor: User | None) -> None:
        """Ask the table and an oracle of its own whether this step was lawful."""
        application = step.application
        transition = next(row for row in APPLICATION if row.name == step.step)
        assert step.from_state in transition.sources
        assert (step.to_state, step.clause) == (transition.target, transition.clause)
        assert step.comment or not transition.comment_required
        assert step.by == actor
        earlier = application.steps.filter(pk__lt=step.pk).order_by("-pk").first()
        assert step.from_state == (earlier.to_state if earlier else ApplicationState.DRAFT)
        if step.step == "lapse_correction":
            assert (actor, step.actor_role) == (None, CLOCK.role)
        elif step.step in EXAMINING or (application.kind == ApplicationKind.INITIATIVE and step.step == "submit"):
            assert actor.pk in self.world.examiners
            assert not application.steps.filter(by=actor, step__in=DECIDING).exists()
        elif step.step in DECIDING:
            assert actor.pk in self.world.deciders
            assert not application.steps.filter(by=actor, step__in=EXAMINING).exists()
            assert not application.checks.filter(by=actor).exists()
        else:
            assert step.step in BY_PROVIDER
            self.judge_provider(step, actor)

    def judge_provider(self, step: ApplicationStep, actor: User) -> None:
        scopes = ["representative", "signatory"]
        if step.from_state == ApplicationState.DRAFT and step.step == "withdraw":
            scopes.append("editor")
        held = Mandate.objects.filter(person=actor, organisation=step.application.organisation, scope__in=scopes)
        claimed = Claim.objects.filter(person=actor, organisation=step.application.organisation, made_organisation=True)
        assert held.exists() or claimed.exists()

    # --- what a provider does ----------------------------------------------------------------------------------------

    @precondition(seldom(4))
    @rule(actor=st.sampled_from(ACTORS), place=st.integers(0, 2), kind=st.sampled_from(ApplicationKind.values))
    def begin(self, actor: str, place: int, kind: str) -> None:
        self.try_begin(self.actor(actor), place, kind)

    def try_begin(self, user: User, place: int, kind: str) -> None:
        organisation = self.world.organisations[place]
        self.attempt(
            "begin",
            user,
            lambda: drafts.start_application(user=user, organisation_id=organisation.pk, kind=kind, now=self.now),
        )

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

    @precondition(in_state(*ApplicationState.editable))
    @rule(actor=st.sampled_from(ACTORS), index=st.integers(0, 60), what=st.sampled_from(("fill", "contacts", "empty")))
    def save(self, actor: str, index: int, what: str) -> None:
        if application := self.pick(index, *ApplicationState.editable):
            self.write(self.likely(actor, index, application), application, what)

    def write(self, user: User, application: Application, what: str) -> None:
        self.attempt(
            "save",
            user,
            lambda: drafts.save_draft(
                application_id=application.pk,
                user=user,
                base_version=application.version,
                patch=self.patch(application, what),
                now=self.now,
            ),
        )

    def patch(self, application: Application, what: str) -> dict[str, Any]:
        if what == "empty":
            return {"services/1/content": "", "consents/accuracy": ""}
        if application.kind == ApplicationKind.EXCLUSION:
            return {"exclusion/reason": "Припиняємо.", **CONSENTS}
        if application.kind == ApplicationKind.AMENDMENT:
            news = {"contacts/1/value": f"+380 53 519 {self.now:%M %d}"} if what == "contacts" else {}
            return {**(news or {"about/about": f"Слово {self.now:%d.%m %H:%M}"}), **CONSENTS}
        answers = {"criteria/1/founding/statement": "Так.", "criteria/2/founding/statement": "Так."}
        services = {**service_part("1"), **service_part("2", "counselling")}
        return {**organisation_part(application), **site_part(), **CONTACTS, **CONSENTS, **services, **answers}

    def likely(self, actor: str, index: int, application: Application) -> User:
        """Return the actor, or more often whoever began the application: else little would ever be submitted."""
        return self.actor(actor) if index % 3 == 2 else application.created_by

    def official(self, actor: str, index: int, role: str) -> User:
        """Return the actor, or more often the official whose step it is."""
        return self.actor(actor if index % 3 == 2 else role)

    @precondition(in_state(ApplicationState.DRAFT))
    @rule(actor=st.sampled_from(ACTORS), index=st.integers(0, 60))
    def submit(self, actor: str, index: int) -> None:
        if application := self.pick(index, ApplicationState.DRAFT):
            self.hand_in(self.likely(actor, index, application), application)

    def hand_in(self, user: User, application: Application) -> None:
        version = Application.objects.get(pk=application.pk).version
        self.attempt(
            "submit",
            user,
            lambda: applying.submit_application(
                application_id=application.pk, user=user, version=version, key=uuid4(), now=self.now
            ),
        )

    @precondition(in_state(ApplicationState.CORRECTION))
    @rule(actor=st.sampled_from(ACTORS), index=st.integers(0, 60))
    def answer(self, actor: str, index: int) -> None:
        if application := self.pick(index, ApplicationState.CORRECTION):
            user = self.likely(actor, index, application)
            self.attempt(
                "answer",
                user,
                lambda: applying.answer_correction(application_id=application.pk, user=user, now=self.now),
            )

    @precondition(seldom(9))
    @rule(actor=st.sampled_from(ACTORS), index=st.integers(0, 60), why=st.sampled_from(("", "Передумали.")))
    def withdraw(self, actor: str, index: int, why: str) -> None:
        if application := self.pick(index, ApplicationState.PROPOSED):
            user = self.likely(actor, index, application)
            self.attempt(
                "withdraw",
                user,
                lambda: applying.withdraw_application(
                    application_id=application.pk, user=user, reason=why, now=self.now
                ),
            )

    # --- what officials do -------------------------------------------------------------------------------------------

    @precondition(in_state(ApplicationState.SUBMITTED))
    @rule(actor=st.sampled_from(ACTORS), index=st.integers(0, 60))
    def take(self, actor: str, index: int) -> None:
        if application := self.pick(index, ApplicationState.SUBMITTED):
            self.try_take(self.official(actor, index, "registrar"), application)

    def try_take(self, user: User, application: Application) -> None:
        self.attempt(
            "take",
            user,
            lambda: examination.take_application(application_id=application.pk, user=user, now=self.now),
        )

    @precondition(in_state(ApplicationState.EXAMINATION))
    @rule(
        actor=st.sampled_from(ACTORS),
        index=st.integers(0, 60),
        result=st.sampled_from(("met", "met", "met", "not_applicable", "not_met")),
        note=st.sampled_from(("", "примітка", "примітка")),
    )
    def check(self, actor: str, index: int, result: str, note: str) -> None:
        if application := self.pick(index, ApplicationState.EXAMINATION):
            self.try_check(self.official(actor, index, "registrar"), application, result, note)

    def try_check(self, user: User, application: Application, result: str, note: str) -> None:
        for key in drafts.criteria_of(application) or {"1": []}:
            self.attempt("check", user, lambda key=key: self._check(application, user, key, result, note))

    def _check(self, application: Application, user: User, key: str, result: str, note: str) -> None:
        examination.check_criterion(
            application_id=application.pk,
            user=user,
            criterion_id=Criterion.objects.get().pk,
            service_key=key,
            result=result,
            note=note,
            now=self.now,
        )

    @precondition(in_state(ApplicationState.EXAMINATION))
    @rule(
        actor=st.sampled_from(ACTORS),
        index=st.integers(0, 60),
        path=st.sampled_from(("services/1/content", "about/about", "exclusion/reason", "services/9/content")),
        comment=st.sampled_from(("", "Уточніть.", "Уточніть.")),
    )
    def ask(self, actor: str, index: int, path: str, comment: str) -> None:
        if application := self.pick(index, ApplicationState.EXAMINATION):
            user = self.official(actor, index, "registrar")
            self.attempt(
                "ask",
                user,
                lambda: examination.ask_correction(
                    application_id=application.pk, user=user, fields=[path], comment=comment, now=self.now
                ),
            )

    @precondition(lambda self: in_state(ApplicationState.CORRECTION)(self) or not in_state(*MOVING)(self))
    @rule(days=st.integers(0, 3))
    def days_pass(self, days: int) -> None:
        self.now += timedelta(days=days)
        self.attempt("lapse", None, lambda: examination.lapse_correction(now=self.now))

    @precondition(in_state(ApplicationState.EXAMINATION))
    @rule(
        actor=st.sampled_from(ACTORS),
        index=st.integers(0, 60),
        choice=st.integers(0, 8),
        reason=st.sampled_from(("", "Причина.", "Причина.", "Причина.")),
        until=st.sampled_from((None, None, date(2030, 1, 1), date(2020, 1, 1))),
    )
    def propose(self, actor: str, index: int, choice: int, reason: str, until: date | None) -> None:
        if application := self.pick(index, ApplicationState.EXAMINATION):
            # the last choices are those that the kind does not know
            outcomes = (*OUTCOMES[application.kind] * 2, Outcome.RESTORE, Outcome.INCLUDE, "else")
            outcome = outcomes[choice % len(outcomes)]
            self.try_propose(self.official(actor, index, "second"), application, outcome, reason, until)

    def try_propose(self, user: User, application: Application, outcome: str, reason: str, until: date | None) -> None:
        ground = self.world.grounds.get(outcome)
        self.attempt(
            f"propose {outcome}",
            user,
            lambda: examination.propose_outcome(
                application_id=application.pk,
                user=user,
                outcome=outcome,
                ground_ids=[ground.pk] if ground else [],
                reason=reason,
                services=["1"] if outcome == Outcome.INCLUDE_SOME else [],
                suspend_until=until if outcome == Outcome.SUSPEND or until is None else None,
                now=self.now,
            ),
        )

    @precondition(in_state(ApplicationState.PROPOSED))
    @rule(actor=st.sampled_from(ACTORS), index=st.integers(0, 60), why=st.sampled_from(("", "Уточніть.")))
    def send_back(self, actor: str, index: int, why: str) -> None:
        if application := self.pick(index, ApplicationState.PROPOSED):
            user = self.official(actor, index, "approver")
            self.attempt(
                "send back",
                user,
                lambda: examination.send_back(application_id=application.pk, user=user, reason=why, now=self.now),
            )

    @precondition(in_state(ApplicationState.PROPOSED))
    @rule(actor=st.sampled_from(ACTORS), index=st.integers(0, 60))
    def decide(self, actor: str, index: int) -> None:
        if application := self.pick(index, ApplicationState.PROPOSED):
            user = self.official(actor, index, "approver")
            self.attempt(
                f"decide {application.kind}",
                user,
                lambda: examination.decide(application_id=application.pk, user=user, now=self.now),
            )

    @precondition(seldom(6))
    @rule(actor=st.sampled_from(ACTORS), index=st.integers(0, 5))
    def open_case(self, actor: str, index: int) -> None:
        entries = list(RegisterEntry.objects.order_by("pk"))
        user, entry = self.official(actor, index, "second"), entries[index % len(entries)]
        self.attempt(
            "open a case",
            user,
            lambda: examination.start_initiative(entry_id=entry.pk, user=user, now=self.now),
        )

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
    calm = settings(max_examples=80, stateful_step_count=40, deadline=None, derandomize=True, database=None)

    run_state_machine_as_test(story, settings=calm)

    # the machine has been everywhere: a refusal of everything would be lawful too
    seen = Counter(what.split()[0] for what in world.seen.elements())
    for what in ("submit", "take", "check", "ask", "answer", "lapse", "propose", "send", "withdraw", "open", "decide"):
        assert seen[what] > 3, what
    assert seen.total() + world.refused.total() > 3500
