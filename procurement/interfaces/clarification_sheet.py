"""The bidder's page of a clarification: the named fields, drawn as the form draws them, and what comes in from it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from django.utils.translation import gettext as _

from procurement.domain.evaluation.contents import content_of
from procurement.domain.forms.proposal_forms import Field, Reading, Section, ValueRefused, read_value
from procurement.domain.proposals.drafts import announcement_of, form_and_facts
from procurement.domain.seal.working_copies import WorkingCopy
from procurement.interfaces.clarified import label_of
from procurement.interfaces.proposal_reading import Draft, patch_of
from procurement.interfaces.proposal_sheet import Control, Sheet, sheet_of
from procurement.models import Clarification

Typed = dict[str, tuple[Field, Any]]


def draft_of(clarification: Clarification) -> Draft:
    """Return the opened proposal as it stands now in the shape in which pages draw proposals."""
    proposal = clarification.admission.proposal
    announcement = announcement_of(proposal)
    form, facts = form_and_facts(announcement)
    told = content_of(proposal)
    copy = WorkingCopy(content=dict(told.get("content") or {}), files=dict(told.get("files") or {}))
    return Draft(proposal, announcement, copy, Reading(form, copy.content, facts))


def section_of(clarification: Clarification, draft: Draft) -> Section:
    """Return the named fields as a section of their own: cells stand alone, each under the name of its row."""
    tables = {path for path in clarification.fields if draft.form.field(path) is not None}
    fields = []
    for path in clarification.fields:
        table = path.rpartition("/")[0].rpartition("/")[0]
        if table not in tables:
            fields.append(_field(draft, path))
    return Section("clarification", {}, tuple(one for one in fields if one is not None))


def _field(draft: Draft, path: str) -> Field | None:
    """Return the field of a path without its conditions, since it is asked for; of a cell, as a field of its own."""
    own = draft.form.field(path)
    if own is not None:
        return replace(own, spec={name: value for name, value in own.spec.items() if name != "when"})
    found = draft.form.find(path)
    if found is None:
        return None
    label = label_of(draft.reading, path)
    return replace(found[0], path=path, spec={**found[0].spec, "label_uk": label, "label_en": label})


def changes_of(draft: Draft, typed: Typed) -> dict[str, Any]:
    """Return what differs from what the proposal says, the malformed included."""
    base = {path: draft.content.get(path) for path in typed}
    return patch_of(typed, base)


def refusals_of(typed: Typed) -> dict[str, str]:
    """Return the reason for each value that its field does not take."""
    wrong: dict[str, str] = {}
    for path, (field, raw) in typed.items():
        try:
            read_value(field, raw)
        except ValueRefused as refusal:
            wrong[path] = str(refusal.reason)
    return wrong


def sheet_for(
    draft: Draft, section: Section, owner: int, *, typed: Typed | None = None, errors: Mapping[str, str] | None = None
) -> Sheet:
    """Draw the named fields; a filled row that was offered makes room for one more."""
    told = {path: raw for path, (_field, raw) in (typed or {}).items()}
    shown = _with_rows(draft, typed or {})
    sheet = sheet_of(shown, section, owner, typed=told, errors=errors)
    for block in sheet.blocks:
        if isinstance(block, Control):
            _tell_of_file(block)
    return sheet


def _with_rows(draft: Draft, typed: Typed) -> Draft:
    """Return the draft with rows that were typed, so that an empty one is offered after them."""
    added = {path: raw for path, (_field, raw) in typed.items() if raw and path not in draft.content}
    content = {**draft.content, **added}
    copy = WorkingCopy(content=content, files=draft.copy.files)
    return replace(draft, copy=copy, reading=Reading(draft.form, content, draft.reading.facts), _problems=None)


def _tell_of_file(control: Control) -> None:
    """Name the document that is there; another one takes its place, none takes it away."""
    if control.kind != "document" or control.file is None:
        return
    hint = _("Now: %(name)s. Another file takes its place.") % {"name": control.file.get("name", "")}
    control.field = replace(control.field, spec={**control.field.spec, "hint_uk": hint, "hint_en": hint})
    control.file = None
