"""The whole of a proposal as summary lists: for the last look, for what was opened, for those who wrote it."""

from __future__ import annotations

from dataclasses import dataclass, field

from django.urls import reverse

from procurement.domain.forms.proposal_forms import Field, Section
from procurement.interfaces.proposal_pages import section_url
from procurement.interfaces.proposal_reading import Draft
from procurement.interfaces.proposal_sheet import row_title, totals_of
from procurement.interfaces.proposal_words import answer_words


@dataclass(slots=True)
class AnswerLine:
    """An answer; of a document also the address where its owner reads it back."""

    label: str
    value: str
    url: str = ""


@dataclass(slots=True)
class AnswerLines:
    """Answers that follow one another."""

    lines: list[AnswerLine]
    kind: str = "lines"


@dataclass(slots=True)
class AnswerTable:
    """A table row by row, each a title and its lines; `totals` are lines too."""

    label: str
    rows: list[tuple[str, list[AnswerLine]]]
    totals: list[AnswerLine]
    kind: str = "table"


@dataclass(slots=True)
class AnswerSection:
    code: str
    title: str
    url: str
    blocks: list[AnswerLines | AnswerTable] = field(default_factory=list)


def answers_of(draft: Draft) -> list[AnswerSection]:
    """Return what was answered in the order of the form; what is not asked is not shown."""
    return [_section(draft, section) for section in draft.form.sections]


def _section(draft: Draft, section: Section) -> AnswerSection:
    told = AnswerSection(section.code, section.title, section_url(draft.proposal, section.code))
    for one in section.fields:
        if not draft.reading.applies(one):
            continue
        if one.kind == "table":
            told.blocks.append(_table(draft, one))
        elif told.blocks and isinstance(told.blocks[-1], AnswerLines):
            told.blocks[-1].lines.append(_line(draft, one))
        else:
            told.blocks.append(AnswerLines([_line(draft, one)]))
    return told


def _line(draft: Draft, one: Field, row: str = "") -> AnswerLine:
    value = draft.reading.value(one, row)
    words = answer_words(one, value, draft.copy.files)
    url = ""
    if one.kind == "document" and isinstance(value, str):
        url = reverse("proposals:file", args=[draft.proposal.pk, value])
    return AnswerLine(one.label, words, url)


def _table(draft: Draft, table: Field) -> AnswerTable:
    rows = [
        (row_title(draft, table, row, number), [_line(draft, column, row) for column in table.columns])
        for number, row in enumerate(draft.reading.rows(table), 1)
    ]
    return AnswerTable(table.label, rows, [AnswerLine(label, words) for label, _path, words in totals_of(draft, table)])
