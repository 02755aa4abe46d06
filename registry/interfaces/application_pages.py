"""The pages of an application: which page holds a field, and the task list that leads to them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from django.urls import reverse
from django.utils.translation import gettext_lazy, pgettext_lazy

from registry.domain.drafts import PartState, Problem
from registry.enums import ApplicationKind, ApplicationState
from registry.models import Application

PARTS: Final = {
    "organisation": (gettext_lazy("Organisation"), gettext_lazy("name, legal form, a few words about you")),
    "sites": (gettext_lazy("Addresses"), gettext_lazy("where you are registered and where you give services")),
    "contacts": (gettext_lazy("Contacts"), gettext_lazy("phones, e-mail, the head")),
    "services": (gettext_lazy("Services"), gettext_lazy("what you do, for whom, at what price")),
    "criteria": (gettext_lazy("Criteria"), gettext_lazy("what confirms that each service meets the requirements")),
    "consents": (gettext_lazy("Consents"), gettext_lazy("that the data are true and may be processed")),
    "exclusion": (gettext_lazy("Reason"), gettext_lazy("why and from which day")),
    "submit": (gettext_lazy("Check the answers and submit"), ""),
}
STATES: Final = {
    "empty": (pgettext_lazy("task", "not begun"), "blue"),
    "begun": (pgettext_lazy("task", "begun"), "warn"),
    "faulty": (pgettext_lazy("task", "to be mended"), "bad"),
    "done": (pgettext_lazy("task", "done"), "ok"),
    "blocked": (pgettext_lazy("task", "cannot be begun yet"), ""),
}
KINDS: Final = {
    ApplicationKind.INCLUSION: gettext_lazy("Application for inclusion in the register"),
    ApplicationKind.AMENDMENT: gettext_lazy("Change of data in the register"),
    ApplicationKind.EXCLUSION: gettext_lazy("Leaving the register"),
    ApplicationKind.INITIATIVE: gettext_lazy("Initiative of the registrar"),
}


@dataclass(slots=True)
class Task:
    """A row of the task list."""

    part: str
    label: str
    hint: str
    state: str
    state_label: str
    colour: str
    url: str
    problems: tuple[Problem, ...] = ()


@dataclass(slots=True)
class Missing:
    """What keeps the application from being submitted, with the page and the field where it is mended."""

    text: str
    url: str
    path: str = field(default="")


def tasks_of(application: Application, states: Iterable[PartState]) -> list[Task]:
    """Return the rows of the task list; what is blocked leads nowhere yet."""
    rows = []
    for state in states:
        label, hint = PARTS[state.part]
        words, colour = STATES[state.state]
        url = "" if state.state == "blocked" else part_url(application, state.part)
        # an organisation is begun before anybody has seen its page
        if url and state.state == "begun" and state.part != "organisation":
            url += "?missing=1"
        rows.append(Task(state.part, str(label), str(hint), state.state, str(words), colour, url, state.problems))
    return rows


def part_url(application: Application, part: str) -> str:
    """Return the address of the first page of a part."""
    names = {"criteria": "cabinet:criteria", "submit": "cabinet:check", "contacts": "cabinet:contacts"}
    if part in names:
        return reverse(names[part], args=[application.pk])
    if part in ("sites", "services"):
        return reverse("cabinet:items", args=[application.pk, part])
    return reverse("cabinet:part", args=[application.pk, "organisation" if part == "about" else part])


def field_url(application: Application, path: str) -> str:
    """Return the address of the field itself: its page, told to say what is missing, and the place on it."""
    if application.state == ApplicationState.CORRECTION:
        return f"{reverse('cabinet:correction', args=[application.pk])}#f-{path}"
    part, *rest = path.split("/")
    if part in ("sites", "services") and rest:
        return f"{reverse('cabinet:item', args=[application.pk, part, rest[0]])}?missing=1#f-{path}"
    if part == "criteria" and rest:
        return f"{reverse('cabinet:criteria_of', args=[application.pk, rest[0]])}?missing=1#f-{path}"
    return f"{part_url(application, part)}?missing=1#f-{path}" if part in PARTS or part == "about" else ""


def page_url(application: Application, path: str) -> str:
    """Return the address of the page that holds the field; of one of several things also its own."""
    return field_url(application, path).partition("#")[0]


def missing(application: Application, problems: Iterable[Problem]) -> list[Missing]:
    return [Missing(problem.text, field_url(application, problem.path), problem.path) for problem in problems]


def reasons(problems: Iterable[Problem]) -> dict[str, str]:
    """Return the first reason under each path."""
    told: dict[str, str] = {}
    for problem in problems:
        told.setdefault(problem.path, problem.text)
    return told
