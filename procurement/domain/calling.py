"""Calling a competition: from a draft to an announcement with frozen rules, its changes, extension and end."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.utils.functional import Promise

from procurement.models import Competition

if TYPE_CHECKING:
    from portal.accounts.models import User


@dataclass(frozen=True, slots=True)
class Gap:
    """Something that keeps a competition from being announced: which task of the list, which field, in words."""

    task: str
    field: str
    text: str | Promise


class NotReady(Exception):  # noqa: N818 the name says what it is
    """The competition cannot be announced or changed like this; `gaps` says all that is missing or wrong at once."""

    def __init__(self, gaps: Sequence[Gap]) -> None:
        super().__init__("; ".join(str(gap.text) for gap in gaps))
        self.gaps = tuple(gaps)


def start_competition(
    *, user: User, commissioner_id: int, procedure: str, title: str, now: datetime, decision_id: int | None = None
) -> Competition:
    """Begin a draft under the rule profile in force today for the hromada (its own, else the national one)."""
    raise NotImplementedError


def save_call(*, competition_id: int, user: User, values: Mapping[str, Any], now: datetime) -> Competition:
    """Set fields of a draft: those of the notice and points of the timetable; unknown names raise `KeyError`."""
    raise NotImplementedError


def set_lots(*, competition_id: int, user: User, lots: Sequence[Mapping[str, Any]], now: datetime) -> Competition:
    """Put these lots in place of a draft's: each `{"title", "specification", "ceiling"}`, a key or a sum or None."""
    raise NotImplementedError


def gaps(competition: Competition, now: datetime) -> list[Gap]:
    """Return everything that is missing or unlawful at once: the task list and the dry run show it; no writes."""
    raise NotImplementedError


def publish(*, competition_id: int, user: User, key: str, now: datetime) -> Competition:
    """Announce: freeze rules, form, rubric and lots, make the keys, give the number. Raises `NotReady`, `StepRefused`.

    A second call with the same `key` returns what the first did.
    """
    raise NotImplementedError


def change(
    *, competition_id: int, user: User, values: Mapping[str, Any], ground_id: int | None, reason: str, now: datetime
) -> Competition:
    """Make a new version of the announcement; near the close only together with an extension (rule `change-freeze`)."""
    raise NotImplementedError


def extend(
    *, competition_id: int, user: User, dates: Mapping[str, Any], ground_id: int, reason: str, now: datetime
) -> Competition:
    """Move dates of a running competition later; proposals stay submitted."""
    raise NotImplementedError


def cancel(*, competition_id: int, user: User, ground_id: int, reason: str, now: datetime) -> Competition:
    raise NotImplementedError


def close(*, competition_id: int, now: datetime) -> Competition:
    """Write down that the clock has closed it; safe to run twice. Working copies lose their keys, drafts lapse."""
    raise NotImplementedError


def void(*, competition_id: int, user: User, ground_id: int, reason: str, now: datetime) -> Competition:
    raise NotImplementedError
