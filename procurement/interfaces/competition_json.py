"""Competitions as JSON: only what everybody may read, dates with their reasons as the page says them."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Final

from django.urls import reverse

from portal.accounts.letters import absolute
from portal.kernel.visibility import public_view
from procurement.domain.calls.timeline import TimelineLine
from procurement.enums import Phase
from procurement.interfaces.competition_lists import CompetitionRow
from procurement.interfaces.competition_page import CompetitionPage, ShownVersion
from procurement.interfaces.json_values import place_json, written
from procurement.interfaces.result_json import appeal_json, result_json
from procurement.models import Competition, CompetitionVersion, Question
from procurement.queries.competitions import procedure_names

# what an announcement says; whatever else a version may come to hold is told when somebody has decided so
CONTENT: Final = (
    *("commissioner", "title", "procedure", "legal_ground", "lots", "requirements", "documents", "documents_note"),
    *("submission_note", "opening_place", "contact", "budget_limit", "dates", "rubric", "form", "draft_contract"),
)
_QUESTION: Final = ("number", "state", "text", "asked_at", "answer_due_on", "answer", "answered_at")
_VERSION: Final = ("number", "kind", "at", "reason", "digest", "unsettles", "log_seq")
_ENDED: Final = ("closed_at", "opened_at", "ended_at", "end_reason")


def row_json(row: CompetitionRow) -> dict[str, Any]:
    """Return a line of the list."""
    return {
        **_head(row.competition, row.phase),
        "services": list(row.services),
        "total": _sum(row.total),
    }


def competition_json(page: CompetitionPage) -> dict[str, Any]:
    """Return one competition as the page shows it at the same moment."""
    competition, content = page.competition, page.version.content
    return {
        **_head(competition, page.phase),
        "services": list(dict.fromkeys(lot.service for lot in page.notice.lots if lot.service)),
        "total": _sum(page.total),
        "ends_at": written(page.end),
        "end_ground": competition.end_ground.text if competition.end_ground else "",
        **{name: written(value) for name, value in _public(competition, _ENDED).items()},
        "content": {name: content[name] for name in CONTENT if name in content},
        "timeline": [line_json(line) for line in page.timeline],
        "versions": [_version(shown) for shown in page.earlier_versions],
        "questions": [_question(question) for question in page.questions],
        "result": result_json(page.results) if page.results else None,
        "appeals": [appeal_json(one) for one in page.appeals],
    }


def line_json(line: TimelineLine) -> dict[str, Any]:
    """Return a point of the timeline; `citations` are those that stand beside the date on the page."""
    return {
        "point": line.point,
        "label": str(line.label),
        "date": written(line.typed),
        "due": written(line.due),
        "due_words": line.due_words,
        "why": list(line.why),
        "citations": list(line.citations),
        "verified": line.verified,
        "done_at": written(line.done_at),
        "done_by": line.done_by,
        "is_now": line.is_now,
        "is_late": line.is_late,
        "days_late": line.days_late,
    }


def _sum(value: Decimal | None) -> str | None:
    """Write hryvnias with kopiiky, whichever database the sum was added up in."""
    return None if value is None else f"{value:.2f}"


def _head(competition: Competition, phase: Phase) -> dict[str, Any]:
    number = competition.number
    dates = ("published_at", "opens_at", "questions_until", "closes_at", "opening_at")
    return {
        "number": number,
        "title": competition.title,
        "procedure": competition.procedure,
        "procedure_label": procedure_names().get(competition.procedure, ""),
        "phase": phase.value,
        "phase_label": str(phase.label),
        "url": absolute(reverse("procurement:competition", args=[number])),
        "calendar": absolute(reverse("procurement:competition_calendar", args=[number])),
        "notice": absolute(reverse("procurement:notice", args=[number])),
        "commissioner": str(competition.commissioner),
        "hromada": place_json(competition.hromada),
        "version": competition.version,
        "sequence": competition.sequence,
        "is_demo": competition.is_demo,
        **{name: written(value) for name, value in _public(competition, dates).items()},
    }


def _version(shown: ShownVersion) -> dict[str, Any]:
    version: CompetitionVersion = shown.version
    told = public_view("procurement.CompetitionVersion", version, _VERSION)
    ground = version.ground.text if version.ground else ""
    return {**{name: written(value) for name, value in told.items()}, "ground": ground, "url": absolute(shown.url)}


def _question(question: Question) -> dict[str, Any]:
    told: Mapping[str, Any] = public_view("procurement.Question", question, _QUESTION)
    return {name: written(value) for name, value in told.items()}


def _public(competition: Competition, names: tuple[str, ...]) -> dict[str, Any]:
    return public_view("procurement.Competition", competition, names)
