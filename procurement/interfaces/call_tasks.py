"""The task list of a call: what is done, and everything that is missing or unlawful, each with the way to its field."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.forms import BaseForm
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from procurement.domain.calls.calling import Gap
from procurement.models import Competition

# task → its page, what it is called, what it is about
TASKS: Final = {
    "decision": ("commissioning:call_decision", _("Decision"), _("What the competition rests on.")),
    "about": ("commissioning:call_about", _("About the competition"), _("Title, legal ground, limit of the budget.")),
    "lots": ("commissioning:call_lots", _("Lots"), _("What is ordered, made of specifications.")),
    "timetable": (
        "commissioning:call_timetable",
        _("Timetable"),
        _("From the announcement to the end of the service; each date with its reasons."),
    ),
    "conditions": (
        "commissioning:call_conditions",
        _("Conditions and contacts"),
        _("Requirements, how to submit, where proposals are opened, whom to ask."),
    ),
    "documents": (
        "commissioning:call_documents",
        _("Documents and draft contract"),
        _("Files that everybody gets with the announcement."),
    ),
    "form": ("commissioning:call_form", _("Form and rubric"), _("What bidders fill in, and by what it is scored.")),
}
# fields that are filled in on another page than that of their gap's task
_ELSEWHERE: Final = {"budget_limit": "about"}
_LOT: Final = re.compile(r"lots/(?P<number>\d+)/(?P<name>\w+)")
# faults of the portal itself, which the official cannot mend
PORTAL: Final = "keys"


@dataclass(frozen=True, slots=True)
class Task:
    """One line of the task list."""

    code: str
    label: str | Promise
    hint: str | Promise
    url: str
    gaps: tuple[Gap, ...]

    @property
    def is_done(self) -> bool:
        return not self.gaps

    @property
    def colour(self) -> str:
        return "ok" if self.is_done else ""

    @property
    def state_label(self) -> Any:
        return pgettext_lazy("task", "done") if self.is_done else pgettext_lazy("task", "to be done")


@dataclass(frozen=True, slots=True)
class GapLine:
    """A gap with the address of its field."""

    text: str | Promise
    url: str


def tasks_of(competition: Competition, found: Sequence[Gap]) -> list[Task]:
    """Return every task with its gaps; those about the portal's keys belong to none."""
    by_task = _by_task(found)
    return [
        Task(code, label, hint, reverse(page, args=[competition.pk]), tuple(by_task[code]))
        for code, (page, label, hint) in TASKS.items()
    ]


def gap_groups(competition: Competition, found: Sequence[Gap]) -> list[tuple[Any, list[GapLine]]]:
    """Return the gaps under the names of their tasks, each leading to its field."""
    groups: list[tuple[Any, list[GapLine]]] = []
    for code, gaps in _by_task(found).items():
        label = TASKS[code][1] if code in TASKS else _("The portal")
        groups.append((label, [GapLine(gap.text, url_of(competition, gap)) for gap in gaps]))
    return groups


def gaps_of(task: str, found: Sequence[Gap]) -> list[Gap]:
    return _by_task(found)[task]


def url_of(competition: Competition, gap: Gap) -> str:
    """Return the address of the field that a gap is about; nothing for what is mended by nobody here."""
    code = _task_of(gap)
    if gap.field == "commissioner":
        return reverse("commissioning:body", args=[competition.commissioner_id])
    if code not in TASKS:
        return ""
    return f"{reverse(TASKS[code][0], args=[competition.pk])}{_fragment(gap.field)}"


def _fragment(field: str) -> str:
    """Return the place of a field on its page; the forms of lots are counted from nought."""
    lot = _LOT.fullmatch(field)
    if lot:
        return f"#id_lot-{int(lot['number']) - 1}-{lot['name']}"
    return f"#id_{field}" if field and field != "lots" else ""


def add_gaps(form: BaseForm, found: Sequence[Gap]) -> None:
    """Put each gap beside its field; what is about no field of this form stands above it."""
    for gap in found:
        form.add_error(gap.field if gap.field in form.fields else None, str(gap.text))


def has_portal_faults(found: Sequence[Gap]) -> bool:
    return any(gap.task == PORTAL for gap in found)


def _task_of(gap: Gap) -> str:
    return _ELSEWHERE.get(gap.field, gap.task)


def _by_task(found: Sequence[Gap]) -> defaultdict[str, list[Gap]]:
    by_task: defaultdict[str, list[Gap]] = defaultdict(list)
    for gap in found:
        by_task[_task_of(gap)].append(gap)
    return by_task
