"""A proposal as a member of the commission reads it; where it is scored blind, without what tells whose it is."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import PurePath
from typing import Any, Final

from django.utils.translation import gettext as _

from procurement.domain.evaluation.contents import content_of
from procurement.domain.evaluation.steps import policy_of
from procurement.domain.forms.proposal_forms import Form, Reading, Section
from procurement.domain.seal.working_copies import WorkingCopy
from procurement.enums import RoundState
from procurement.interfaces.proposal_answers import AnswerLine, AnswerLines, AnswerSection, answers_of
from procurement.interfaces.proposal_reading import open_draft
from procurement.models import Competition, EvaluationRound, Proposal

HIDDEN: Final = "▒▒▒"
# a shorter name would be found inside other words
_SHORTEST_NAME: Final = 4
_SUFFIX: Final = re.compile(r"\.[A-Za-z0-9]{1,8}")


@dataclass(frozen=True, slots=True)
class Opened:
    """What a proposal says: its sections, and its files as key and facts."""

    sections: list[AnswerSection]
    files: list[tuple[str, Mapping[str, Any]]]


def is_blind(competition: Competition, round_: EvaluationRound | None) -> bool:
    """Say whether members do not see whose proposals they score: by the frozen policy, until the minutes are signed."""
    if round_ is not None and round_.state not in RoundState.running:
        return False
    if round_ is not None and round_.state == RoundState.MINUTED:
        return False
    return bool(policy_of(competition).get("blind_scoring"))


def proposal_name(proposal: Proposal, *, blind: bool) -> str:
    """Name a proposal in a list of those that are scored."""
    numbered = _("Proposal %(number)s") % {"number": proposal.number}
    return numbered if blind else f"{proposal.number}. {proposal.organisation.name}"


def read_opened(proposal: Proposal, *, blind: bool) -> Opened | None:
    """Return what an opened proposal says with its clarified answers; nothing where it did not open."""
    draft = open_draft(proposal) if proposal.content is not None else None
    if draft is None:
        return None
    opened = content_of(proposal)
    files = _files(opened.get("files") or {}, blind=blind)
    content = dict(opened.get("content") or {})
    form = _without_applicant(draft.form) if blind else draft.form
    reading = Reading(form, content, draft.reading.facts)
    told = replace(draft, copy=WorkingCopy(content, files=files), reading=reading)
    sections = [one for one in answers_of(told) if one.blocks]
    if blind:
        _mask(sections, _names(proposal))
    return Opened(sections, list(files.items()))


def file_name(proposal: Proposal, key: str, *, blind: bool) -> str:
    """Return the name under which a file is handed out."""
    files = content_of(proposal).get("files") or {}
    name = str(_files(files, blind=blind)[key].get("name", "") or "file")
    return f"{proposal.competition.number}-{proposal.number}-{name}" if blind else name


def _files(files: Mapping[str, Mapping[str, Any]], *, blind: bool) -> dict[str, dict[str, Any]]:
    """Return the files in the order of their names, which tell of the applicant and give way to numbers."""
    ordered = sorted(files.items(), key=lambda item: str(item[1].get("name", "")))
    if not blind:
        return {key: dict(about) for key, about in ordered}
    ordered.sort(key=lambda item: item[0])
    return {
        key: {**about, "name": _("File %(number)d") % {"number": number} + _suffix(str(about.get("name", "")))}
        for number, (key, about) in enumerate(ordered, 1)
    }


def _suffix(name: str) -> str:
    suffix = PurePath(name).suffix
    return suffix.lower() if _SUFFIX.fullmatch(suffix) else ""


def _without_applicant(form: Form) -> Form:
    """Return the form without what the register filled in, and without the short answers that stand beside the name."""
    return Form(tuple(_section(one) for one in form.sections))


def _section(section: Section) -> Section:
    names_applicant = any(one.spec.get("prefill") == "organisation_name" for one in section.fields)
    kept = [
        one for one in section.fields if not one.spec.get("prefill") and not (names_applicant and one.kind == "text")
    ]
    return replace(section, fields=tuple(kept))


def _names(proposal: Proposal) -> list[str]:
    """Return the names and codes of applicant and co-applicants, and what was filled in for them, the longest first."""
    told = proposal.content or {}
    people = [told.get("organisation") or {}, *(told.get("co_applicants") or [])]
    names = {str(one.get(key) or "") for one in people for key in ("name", "code")}
    names |= {proposal.organisation.name, proposal.organisation.code or ""}
    names |= {quoted for name in names for quoted in re.findall(r"[«\"“]([^»\"”]+)[»\"”]", name)}
    return sorted((one for one in names if len(one) >= _SHORTEST_NAME), key=len, reverse=True)


def _mask(sections: list[AnswerSection], names: list[str]) -> None:
    pattern = re.compile("|".join(re.escape(name) for name in names), re.IGNORECASE) if names else None
    for line in _lines(sections):
        if pattern is not None:
            line.value = pattern.sub(HIDDEN, line.value)
        line.url = ""


def _lines(sections: list[AnswerSection]) -> Iterator[AnswerLine]:
    for section in sections:
        for block in section.blocks:
            if isinstance(block, AnswerLines):
                yield from block.lines
            else:
                for _title, cells in block.rows:
                    yield from cells
