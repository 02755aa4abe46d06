"""How an application fares, in words: what happens next and until when, what was done, what was decided."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Final

from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from portal.kernel.calendar import day_of
from portal.kernel.models.calendar import load_calendar
from portal.kernel.norms import due
from registry import rules
from registry.enums import ApplicationKind, ApplicationState
from registry.interfaces.application_words import STEP_LABELS
from registry.models import Application, ApplicationStep, CorrectionRequest
from registry.queries.terms import decision_rule
from registry.workflow import APPLICATION

if TYPE_CHECKING:
    from portal.accounts.models import User

COLOURS: Final = {
    ApplicationState.DRAFT: "",
    ApplicationState.SUBMITTED: "blue",
    ApplicationState.EXAMINATION: "blue",
    ApplicationState.CORRECTION: "warn",
    ApplicationState.PROPOSED: "blue",
    ApplicationState.DECIDED: "ok",
    ApplicationState.WITHDRAWN: "",
}
NEXT: Final = {
    ApplicationState.DRAFT: gettext_lazy("Fill it in and submit it."),
    ApplicationState.SUBMITTED: gettext_lazy("A registrar will take it up. You need do nothing."),
    ApplicationState.EXAMINATION: gettext_lazy("A registrar is examining it. You need do nothing."),
    ApplicationState.CORRECTION: gettext_lazy("Correct the fields that the registrar named and send it back."),
    ApplicationState.PROPOSED: gettext_lazy("An outcome is proposed; another official decides."),
    ApplicationState.DECIDED: gettext_lazy("It is decided."),
    ApplicationState.WITHDRAWN: gettext_lazy("It is withdrawn."),
}
_ROLES: Final = {
    "provider": pgettext_lazy("actor", "the provider"),
    "registrar": pgettext_lazy("actor", "the registrar"),
    "approver": pgettext_lazy("actor", "who approves"),
    "administrator": pgettext_lazy("actor", "the administrator"),
}
# what officials write to each other about an unfinished decision is not for the provider
SHOWN_COMMENTS: Final = ("submit", "ask_correction", "withdraw", "decide")


@dataclass(frozen=True, slots=True)
class Term:
    """Until when something is to be done, and why; without a day the reference table has none."""

    on: date | None
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TimelineStep:
    label: str
    at: datetime
    who: str
    comment: str


def next_step(application: Application) -> str:
    return str(NEXT[ApplicationState(application.state)])


def decision_term(application: Application) -> Term:
    """Return until when the register decides, with the rule of the application's own profile that it follows from."""
    if application.profile is None or application.submitted_at is None:
        return Term(application.decision_due_on)
    rule = decision_rule(application.profile, day_of(application.submitted_at))
    if rule is None:
        return Term(application.decision_due_on, (_("The reference table has no rule about this."),))
    told = due(rule, application.submitted_at, load_calendar())
    return Term(application.decision_due_on, told.explanation)


def open_correction_of(application: Application) -> CorrectionRequest | None:
    """Return the correction that the provider is asked for now, if any."""
    if application.state != ApplicationState.CORRECTION:
        return None
    return application.corrections.open().first()


def timeline(application: Application) -> list[TimelineStep]:
    """Return the steps in words, the newest first; officials are named by their role."""
    steps: Sequence[ApplicationStep] = application.steps.select_related("by").order_by("-at", "-pk")
    return [
        TimelineStep(
            capfirst(str(STEP_LABELS.get(step.step, step.step))),
            step.at,
            str(_ROLES.get(step.actor_role, _("the portal, automatically"))),
            step.comment if step.step in SHOWN_COMMENTS else "",
        )
        for step in steps
    ]


def may_be_withdrawn(application: Application, user: User) -> bool:
    """Say whether this person may take it back now: nothing is proposed yet."""
    in_time = any(step.name == "withdraw" for step in APPLICATION.allowed(application.state))
    return in_time and rules.can_withdraw_application(user, application)


def shows_changes(application: Application) -> bool:
    return application.kind == ApplicationKind.AMENDMENT
