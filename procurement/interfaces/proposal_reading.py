"""A proposal as its pages read it: the working copy, the form it is written by, and what comes in from a page."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from django.http import QueryDict

from portal.kernel import vault
from procurement.domain.forms.definition import ROW
from procurement.domain.forms.proposal_forms import (
    Field,
    Form,
    Problem,
    Reading,
    Section,
    ValueRefused,
    judge,
    read_value,
)
from procurement.domain.proposals.drafts import announcement_of, form_and_facts
from procurement.domain.seal.working_copies import WorkingCopy, read_copy
from procurement.models import CompetitionVersion, Proposal

Typed = dict[str, Any]
YES: Final = "yes"
# drawn with a control of its own; documents come as files
TYPED: Final = frozenset({"text", "long_text", "number", "money", "date", "yes_no", "choice", "choices", "statement"})


@dataclass(slots=True)
class Draft:
    """A proposal with its working copy in the clear, for the bidder's own pages alone."""

    proposal: Proposal
    announcement: CompetitionVersion
    copy: WorkingCopy
    reading: Reading
    _problems: list[Problem] | None = field(default=None, repr=False)

    @property
    def form(self) -> Form:
        return self.reading.form

    @property
    def content(self) -> Mapping[str, Any]:
        return self.copy.content

    @property
    def problems(self) -> list[Problem]:
        if self._problems is None:
            self._problems = judge(self.reading)
        return self._problems

    @property
    def is_read(self) -> bool:
        """Say whether the bidder has read the announcement that is in force."""
        return self.proposal.competition_version_id == self.announcement.pk


def open_draft(proposal: Proposal) -> Draft | None:
    """Read the working copy, or what the opening act made readable; nothing while the proposal lies sealed."""
    announcement = announcement_of(proposal)
    form, facts = form_and_facts(announcement)
    copy = opened_copy(proposal) if proposal.content is not None else _working_copy(proposal)
    return Draft(proposal, announcement, copy, Reading(form, copy.content, facts)) if copy is not None else None


def _working_copy(proposal: Proposal) -> WorkingCopy | None:
    if not proposal.draft or proposal.draft_key is None:
        return None
    try:
        return read_copy(proposal)
    except vault.VaultError:
        return None


def opened_copy(proposal: Proposal) -> WorkingCopy:
    """Return what was opened in the shape of a working copy."""
    told = proposal.content or {}
    return WorkingCopy(content=dict(told.get("content") or {}), files=dict(told.get("files") or {}))


def paths_of(section: Section, rows: Mapping[str, Iterable[str]]) -> dict[str, Field]:
    """Return the path of everything that is typed on the page of a section; `rows` are those of each table there."""
    found: dict[str, Field] = {}
    for one in section.fields:
        if one.kind in TYPED:
            found[one.path] = one
        for row in rows.get(one.path, ()):
            found |= {one.cell(row, column.name): column for column in one.columns if column.kind in TYPED}
    return found


def typed_of(section: Section, data: QueryDict) -> dict[str, tuple[Field, Any]]:
    """Return what the page of a section sent: of tables, the rows that it had."""
    rows: dict[str, list[str]] = {}
    for table in section.fields:
        if table.kind == "table":
            start = f"{table.path}/"
            found = (name[len(start) :].partition("/")[0] for name in data if name.startswith(start))
            rows[table.path] = [row for row in dict.fromkeys(found) if ROW.fullmatch(row)]
    return {path: (one, raw_of(one, path, data)) for path, one in paths_of(section, rows).items()}


def raw_of(one: Field, path: str, data: QueryDict) -> Any:
    """Return what a page sent for a field, as `read_value` takes it."""
    if one.kind == "choices":
        return data.getlist(path)
    return data.get(path, "").replace("\x00", "")


def patch_of(typed: Mapping[str, tuple[Field, Any]], base: Mapping[str, Any]) -> Typed:
    """Return what differs from what the page began with, the malformed included: saving says why it is not taken."""
    told: Typed = {}
    for path, (one, raw) in typed.items():
        try:
            value = read_value(one, raw)
        except ValueRefused:
            told[path] = raw
            continue
        if path not in base or base[path] != value:
            told[path] = raw
    return told


def read_pairs(form: Form, sent: Mapping[str, Any]) -> Typed:
    """Read what the page's script sends: under each path the names and values of its controls, as a form has them."""
    data = QueryDict(mutable=True)
    for pairs in sent.values():
        for pair in pairs if isinstance(pairs, list) else ():
            if isinstance(pair, list) and len(pair) == 2:  # noqa: PLR2004 a name and a value
                data.appendlist(str(pair[0]), str(pair[1]))
    told: Typed = {}
    for path in sent:
        found = form.find(path)
        told[path] = raw_of(found[0], path, data) if found and found[0].kind in TYPED else data.get(path, "")
    return told
