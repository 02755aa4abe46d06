"""A clarification as its readers see it: what was asked about, what stood there before and after."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from procurement.domain.evaluation.contents import content_of
from procurement.domain.forms.proposal_forms import Reading
from procurement.domain.proposals.drafts import announcement_of, form_and_facts
from procurement.interfaces.proposal_words import answer_words, path_words
from procurement.models import Clarification, Proposal


@dataclass(frozen=True, slots=True)
class ClarifiedLine:
    """A named field, what it said when it was opened and what it says since; `file` is the key of one that came."""

    label: str
    before: str
    after: str
    file: str = ""


def clarified_lines(clarification: Clarification) -> list[ClarifiedLine]:
    """Return the fields that the answer changed, in the order in which they were changed."""
    reading, files = _reading(clarification)
    return [_line(reading, files, path, told) for path, told in clarification.answers.items()]


def last_clarification(proposal: Proposal) -> Clarification | None:
    """Return the last request about the proposal, with its round; nothing where none was made."""
    rows = Clarification.objects.filter(admission__proposal=proposal).select_related("admission__round")
    found = rows.order_by("pk").last()
    if found is not None:
        found.admission.proposal = proposal
    return found


def named_labels(clarification: Clarification) -> list[str]:
    """Return the names of the fields that the request is about."""
    reading, _files = _reading(clarification)
    return [label_of(reading, path) for path in clarification.fields]


def label_of(reading: Reading, path: str) -> str:
    """Name a field, a cell, or a whole table."""
    field = reading.form.field(path)
    return field.label if field is not None else path_words(reading, path)


def _reading(clarification: Clarification) -> tuple[Reading, Mapping[str, Any]]:
    proposal = clarification.admission.proposal
    form, facts = form_and_facts(announcement_of(proposal))
    told = content_of(proposal)
    return Reading(form, told.get("content") or {}, facts), told.get("files") or {}


def _line(reading: Reading, files: Mapping[str, Any], path: str, told: Mapping[str, Any]) -> ClarifiedLine:
    found = reading.form.find(path)
    before, after = told.get("before"), told.get("after")
    if found is None:
        return ClarifiedLine(path, str(before or ""), str(after or ""))
    field = found[0]
    key = after if field.kind == "document" and isinstance(after, str) else ""
    was, now = answer_words(field, before, files), answer_words(field, after, files)
    return ClarifiedLine(path_words(reading, path), was, now, key)
