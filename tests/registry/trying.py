"""Whatever providers and officials may try with applications, in any order."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from portal.accounts.models import User
from registry.domain import applying, drafts, examination
from registry.enums import ApplicationKind, ApplicationState, Outcome
from registry.models import Application, Criterion, RegisterEntry
from registry.workflow import OUTCOMES
from tests.factories.applications import CONSENTS, CONTACTS, organisation_part, service_part, site_part
from tests.registry.attempting import Attempting
from tests.registry.world import ACTORS

MOVING = (ApplicationState.DRAFT, *ApplicationState.pending)


def in_state(*states: str) -> Callable[[Any], bool]:
    """Keep a rule for stories in which some application could take the step: any other may be tried with it."""
    return lambda machine: not machine.states.isdisjoint(states)


def seldom(every: int) -> Callable[[Any], bool]:
    """Keep a rule for one moment of so many: it begins or ends stories, and they should have a middle."""
    return lambda machine: machine.now.minute % every == 0


class Trying(Attempting):
    """Everything that anybody may try, more often where it could be possible."""

    # --- choosing ----------------------------------------------------------------------------------------------------

    def pick(self, index: int, *states: str) -> Application | None:
        """Return one of the applications, more likely one in which the step could be possible."""
        rows = list(Application.objects.order_by("created_at", "number", "pk"))
        likely = [row for row in rows if row.state in states] if index % 4 != 3 else rows
        return (likely or rows)[index % len(likely or rows)] if rows else None

    def likely(self, actor: str, index: int, application: Application) -> User:
        """Return the actor, or more often whoever began the application: else little would ever be submitted."""
        return self.actor(actor) if index % 3 == 2 else application.created_by

    def official(self, actor: str, index: int, role: str) -> User:
        """Return the actor, or more often the official whose step it is."""
        return self.actor(actor if index % 3 == 2 else role)

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
