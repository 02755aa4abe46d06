"""The timeline that page, API, calendar file and PDF share: each point, its date, why, by which clause, done when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from procurement.models import Competition


@dataclass(frozen=True, slots=True)
class TimelineLine:
    """One point of a competition; `why` are sentences, `citations` are the same on every surface."""

    point: str
    label: str
    typed: date | datetime | None
    # when the law asks for it, and how sure that is; None where the term is not set
    due: date | datetime | None
    due_words: str
    why: tuple[str, ...]
    citations: tuple[str, ...]
    verified: bool
    done_at: datetime | None
    done_by: str
    is_now: bool


def timeline(competition: Competition, now: datetime) -> list[TimelineLine]:
    """Return the points of the competition in their order; reads the frozen rules of its last version, or live ones."""
    raise NotImplementedError
