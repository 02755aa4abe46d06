"""An attempt of anybody at a step: a refusal leaves no trace, whatever is accepted was lawful and leaves all of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction

from portal.accounts.models import Claim, Mandate, User
from portal.kernel.models import LogEntry
from portal.kernel.workflow import StepRefused
from registry.domain import applying
from registry.domain.application_steps import DECIDING, EXAMINING
from registry.domain.desk import OutsideTerritoryError
from registry.domain.providers import CLOCK
from registry.enums import ApplicationKind, ApplicationState
from registry.models import Application, ApplicationStep, CriterionCheck, EntryChange, RegisterDecision, RegisterEntry
from registry.workflow import APPLICATION
from tests.registry.world import START, World
from tests.stories import Story

REFUSALS = (
    StepRefused,
    PermissionDenied,
    OutsideTerritoryError,
    applying.NotReadyError,
    applying.ChangedMeanwhileError,
)
BY_PROVIDER = ("submit", "correct", "withdraw", "enter_at_once")


class Attempting(Story):
    world: World

    def __init__(self) -> None:
        super().__init__()
        self.now = START
        self.states: set[str] = set()

    def actor(self, name: str) -> User:
        return self.world.people[name]

    def pass_time(self) -> None:
        self.now += timedelta(minutes=1)

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
