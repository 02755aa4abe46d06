"""What keeps an application from being submitted, all of it at once, and the task list that follows from it.

An inclusion is judged whole. An amendment is judged where it changes something: a card brought in from elsewhere may
have gaps, and a new phone number must not wait until they are filled.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from portal.kernel.calendar import day_of
from registry.domain.contents import keys_of
from registry.domain.draft_checks import PARTS, Check, Problem
from registry.domain.draft_criteria import criteria_by_service, criteria_in_force
from registry.domain.draft_fields import PARTS_OF_KIND
from registry.domain.rebasing import prefilled_of
from registry.enums import ApplicationKind, ApplicationState
from registry.models import Application, Criterion

SUBMIT: Final = "submit"


@dataclass(frozen=True, slots=True)
class PartState:
    """A row of the task list; `state` is `empty`, `begun`, `faulty` or `done`, or `blocked` until others are done."""

    part: str
    state: str
    problems: tuple[Problem, ...] = ()


def problems_of(application: Application, *, on: date | None = None) -> list[Problem]:
    """Return everything that keeps the application from being submitted, in the order of the parts.

    `on` is the day on which criteria must be in force and documents must hold; by default that of the submission or of
    the last save. The number of queries does not depend on how much the application says.
    """
    if application.kind == ApplicationKind.INITIATIVE:
        return []
    amended = application.kind == ApplicationKind.AMENDMENT
    check = Check(application, _day(application, on), prefilled_of(application) if amended else {})
    if application.kind == ApplicationKind.EXCLUSION:
        check.exclusion()
    else:
        check.card()
    check.consents()
    order = (*PARTS, SUBMIT)
    return sorted(check.problems, key=lambda problem: order.index(problem.part))


def parts_of(application: Application, *, on: date | None = None) -> list[PartState]:
    """Return the task list of the application: only the parts its kind has, in order, `submit` last.

    Parts: organisation, sites, contacts, services, criteria, consents, exclusion, submit. Criteria wait for a service,
    and the submission for everything else.
    """
    problems = problems_of(application, on=on)
    rows = []
    for part in PARTS:
        if part in PARTS_OF_KIND[application.kind]:
            own = [problem for problem in problems if problem.part == part]
            rows.append(PartState(part, _state(application, part, own), tuple(own)))
    left = tuple(problem for problem in problems if problem.part == SUBMIT)
    ready = not left and all(row.state == "done" for row in rows)
    submitted = application.state != ApplicationState.DRAFT
    rows.append(PartState(SUBMIT, "done" if submitted else "empty" if ready else "blocked", left))
    return rows


def criteria_of(application: Application, *, on: date | None = None) -> dict[str, list[Criterion]]:
    """Return the criteria in force that apply to each service of the draft, by the service's key: three queries."""
    return criteria_by_service(application.content, criteria_in_force(_day(application, on)))


def _day(application: Application, on: date | None) -> date:
    return on or day_of(application.submitted_at or application.saved_at)


def _state(application: Application, part: str, problems: Sequence[Problem]) -> str:
    content = application.content
    if part == "criteria" and not any(
        content.get(f"services/{key}/service_type") for key in keys_of(content, "services")
    ):
        return "blocked"
    if not problems:
        return "done"
    if not all(problem.missing for problem in problems):
        return "faulty"
    heads = ("organisation", "about") if part == "organisation" else (part,)
    return "begun" if any(path.partition("/")[0] in heads for path in content) else "empty"
