"""Admission as the official sees it: how each proposal stands, what may be named in a request, defences."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portal.kernel.models.reference import in_language
from procurement.domain.evaluation.clarifications import clarifiable_paths, reading_of
from procurement.domain.evaluation.contents import content_of
from procurement.domain.evaluation.steps import policy_of
from procurement.enums import AdmissionState, CheckResult, ClarificationState, DefenceState
from procurement.interfaces.admission_forms import Choice
from procurement.interfaces.clarified import label_of
from procurement.interfaces.proposal_words import answer_words
from procurement.models import Admission, AdmissionCheck, Clarification, Defence, EvaluationRound, Proposal

COLOURS: Final = {
    AdmissionState.PENDING: "",
    AdmissionState.CLARIFYING: "warn",
    AdmissionState.ADMITTED: "ok",
    AdmissionState.REJECTED: "bad",
}
RESULT_COLOURS: Final = {CheckResult.MET: "ok", CheckResult.NOT_MET: "bad", CheckResult.UNCLEAR: "warn"}
SHOWN: Final = 120


@dataclass(frozen=True, slots=True)
class AdmissionLine:
    """A proposal in the list: how far its checks are, what waits."""

    admission: Admission
    words: str
    colour: str


@dataclass(frozen=True, slots=True)
class CheckedLine:
    """An item as it was checked."""

    text: str
    result: str
    colour: str
    note: str


@dataclass(frozen=True, slots=True)
class DefenceLine:
    """An admitted proposal and its defence, if one is appointed."""

    proposal: Proposal
    defence: Defence | None
    colour: str


def admission_lines(round_: EvaluationRound) -> list[AdmissionLine]:
    """Return the proposals of the round by their numbers, in a fixed number of queries."""
    rows = round_.admissions.select_related("proposal__organisation", "ground", "clarification")
    rows = rows.defer("proposal__content", "proposal__draft").prefetch_related("checks")
    count = len(policy_of(round_.competition)["admission"])
    return [
        AdmissionLine(one, _words(one, count), COLOURS[AdmissionState(one.state)])
        for one in rows.order_by("proposal__number")
    ]


def _words(admission: Admission, count: int) -> str:
    asked: Clarification | None = getattr(admission, "clarification", None)
    if admission.state == AdmissionState.REJECTED:
        return str(admission.ground)
    if admission.state == AdmissionState.PENDING and asked is not None:
        if asked.state == ClarificationState.ANSWERED:
            return _("The applicant has answered the request: look at the checks again.")
        return _("The request was not answered in time.")
    done = len(admission.checks.all())
    told = {"done": done, "count": count}
    return ngettext("%(done)d of %(count)d item checked", "%(done)d of %(count)d items checked", count) % told


def checked_lines(policy: Mapping[str, Any], checks: Sequence[AdmissionCheck]) -> list[CheckedLine]:
    """Return the items of the list with what was found, those that nobody checked with an empty result."""
    known = {one.code: one for one in checks}
    lines = []
    for item in policy["admission"]:
        text, one = in_language(item.get("text_uk", ""), item.get("text_en", "")), known.get(item["code"])
        if one is None:
            lines.append(CheckedLine(text, "", "", ""))
        else:
            colour = RESULT_COLOURS[CheckResult(one.result)]
            lines.append(CheckedLine(text, one.get_result_display(), colour, one.note))
    return lines


def clarifiable(proposal: Proposal) -> list[tuple[str, list[Choice]]]:
    """Return what may be named in a request, section by section, each with what it says now."""
    reading, files = reading_of(proposal), content_of(proposal).get("files") or {}
    groups: dict[str, list[Choice]] = {}
    for path, (field, row) in clarifiable_paths(reading.form, reading).items():
        is_table = field.kind == "table"
        value = (
            _("the whole table, rows may be added")
            if is_table
            else answer_words(field, reading.value(field, row), files)
        )
        label, code = label_of(reading, path), path.partition("/")[0]
        groups.setdefault(code, []).append(Choice(path, label, Truncator(value.replace("\n", ", ")).chars(SHOWN)))
    titles = {section.code: section.title for section in reading.form.sections}
    return [(titles[code], choices) for code, choices in groups.items()]


def defence_lines(round_: EvaluationRound) -> list[DefenceLine]:
    """Return the admitted proposals with their defences."""
    known = {one.proposal_id: one for one in round_.defences.all()}
    rows = round_.admissions.filter(state=AdmissionState.ADMITTED).select_related("proposal__organisation")
    rows = rows.defer("proposal__content", "proposal__draft").order_by("proposal__number")
    return [_defence(one.proposal, known.get(one.proposal_id)) for one in rows]


def _defence(proposal: Proposal, defence: Defence | None) -> DefenceLine:
    if defence is None:
        return DefenceLine(proposal, None, "warn")
    return DefenceLine(proposal, defence, "blue" if defence.state == DefenceState.SCHEDULED else "ok")
