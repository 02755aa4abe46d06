"""The pages of a proposal: which page holds a field, and the task list that leads to them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from procurement.domain.forms.proposal_forms import Problem, Section
from procurement.enums import CoApplicantState
from procurement.interfaces.proposal_reading import Draft
from procurement.models import Proposal

STATES: Final = {
    "empty": (pgettext_lazy("task", "not begun"), "blue"),
    "begun": (pgettext_lazy("task", "begun"), "warn"),
    "faulty": (pgettext_lazy("task", "to be mended"), "bad"),
    "done": (pgettext_lazy("task", "done"), "ok"),
    "free": (pgettext_lazy("task", "if you wish"), ""),
}


@dataclass(slots=True)
class ProposalTask:
    """A row of the task list."""

    code: str
    label: str
    hint: str
    state: str
    url: str

    @property
    def state_label(self) -> str:
        return str(STATES[self.state][0])

    @property
    def colour(self) -> str:
        return STATES[self.state][1]


@dataclass(frozen=True, slots=True)
class Lack:
    """What keeps the proposal from being submitted, with the address of the field where it is mended."""

    text: str
    url: str


def section_url(proposal: Proposal, code: str) -> str:
    return reverse("proposals:section", args=[proposal.pk, code])


def lacks_of(proposal: Proposal, problems: Iterable[Problem]) -> list[Lack]:
    return [Lack(str(one.text), f"{section_url(proposal, one.section)}?missing=1#f-{one.path}") for one in problems]


def tasks_of(draft: Draft) -> list[ProposalTask]:
    """Return the rows of the task list: the sections of the form, then who else takes part."""
    rows = [_section_task(draft, section) for section in draft.form.sections]
    co_applicants = list(draft.proposal.co_applicants.all())
    waits = any(one.state == CoApplicantState.INVITED for one in co_applicants)
    state = "begun" if waits else "done" if co_applicants else "free"
    url = reverse("proposals:partners", args=[draft.proposal.pk])
    return [
        *rows,
        ProposalTask("partners", _("Co-applicants"), _("providers that give the service with you"), state, url),
    ]


def _section_task(draft: Draft, section: Section) -> ProposalTask:
    problems = [one for one in draft.problems if one.section == section.code]
    begun = any(path == section.code or path.startswith(f"{section.code}/") for path in draft.content)
    if any(not one.missing for one in problems):
        state = "faulty"
    elif problems:
        state = "begun" if begun else "empty"
    else:
        # a section that asks nothing is done only once something is said there
        state = "done" if begun or any(one.is_required for one in section.fields) else "free"
    url = section_url(draft.proposal, section.code) + ("?missing=1" if state in ("begun", "faulty") else "")
    return ProposalTask(section.code, section.title, section.lead, state, url)
