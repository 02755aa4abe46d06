"""Dates of competitions as a calendar to subscribe to (RFC 5545, 7986): one entry for each point, the same for ever.

The identifier of an entry is made of competition, point and host, and `SEQUENCE` grows when dates move: a calendar
program that has the entry moves it and makes no second one. The description says what the page says beside the date.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import Any, Final
from urllib.parse import urlsplit

from django.conf import settings
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from icalendar import Calendar, Event, Timezone

from portal.accounts.letters import absolute
from portal.kernel.calendar import KYIV, day_of
from portal.kernel.plain_text import without_controls
from procurement.domain.calls.freezing import plan_of, thaw
from procurement.domain.calls.timeline import TimelineLine, lines_of
from procurement.enums import CompetitionState
from procurement.letters import end_reasons
from procurement.models import Competition
from procurement.queries.followed import Followed, frozen_rules

# how often programs look for what moved
_REFRESH: Final = timedelta(hours=1)
_PRODUCT: Final = "-//Poruch//competitions//UK"
_FIRST_YEAR: Final = 2026
# written entries by all that they depend on
_written: dict[Hashable, bytes] = {}
_MOST_WRITTEN: Final = 2_000


def calendar_of(found: Sequence[Followed], name: str) -> bytes:
    """Return the calendar file; its bytes change only when something about the competitions does."""
    calendar = Calendar()
    calendar.add("prodid", _PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("name", name)
    calendar.add("x-wr-calname", name)
    calendar.add("x-wr-timezone", KYIV.key)
    calendar.add("refresh-interval", _REFRESH, parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", "PT1H")
    calendar.add_component(_zone(*_years(found)))
    head, end, rest = calendar.to_ical().rpartition(b"END:VCALENDAR")
    return head + b"".join(_entries(found)) + end + rest


def uid_of(competition: Competition, point: str) -> str:
    host = urlsplit(settings.PORTAL_BASE_URL).hostname or "localhost"
    return f"{competition.number}-{point}@{host}"


def sequence_of(competition: Competition) -> int:
    """Return the number of revisions of the dates; a competition that ended early has one more."""
    return competition.sequence + (competition.state in CompetitionState.ended)


def _entries(found: Sequence[Followed]) -> list[bytes]:
    """Return the entries of each competition, written once for all readers as long as nothing about them changes."""
    keys = [_key(one) for one in found]
    new = [one for one, key in zip(found, keys, strict=True) if key not in _written]
    rules = frozen_rules([one.competition.pk for one in new])
    made = {_key(one): _write(one, rules[one.competition.pk]) for one in new}
    entries = [made[key] if key in made else _written[key] for key in keys]
    if len(_written) + len(made) > _MOST_WRITTEN:
        _written.clear()
    _written.update(made)
    return entries


def _key(one: Followed) -> Hashable:
    """Return all that the entries of a competition depend on; the digest stands for what was announced."""
    row = one.competition
    ended = (row.state in CompetitionState.ended, row.ended_at, row.end_reason)
    return (row.number, one.version.digest, one.version.at, row.sequence, str(row.commissioner), ended, get_language())


def _write(one: Followed, frozen: Mapping[str, Any]) -> bytes:
    competition = one.competition
    stamps = [stamp for stamp in (one.version.at, competition.ended_at) if stamp]
    changed = max(stamps).astimezone(UTC).replace(microsecond=0)
    lines = lines_of(plan_of(competition), thaw(frozen))
    return b"".join(_event(competition, line, changed).to_ical() for line in lines if line.typed is not None)


def _event(competition: Competition, line: TimelineLine, changed: datetime) -> Event:
    assert line.typed is not None
    event = Event()
    off = _is_off(competition, line.typed)
    label = capfirst(line.label)
    words = {"point": label, "title": without_controls(competition.title)}
    event.add("uid", uid_of(competition, line.point))
    event.add("sequence", sequence_of(competition))
    event.add("dtstamp", changed)
    event.add("last-modified", changed)
    event.add("summary", (_("Cancelled: %(point)s. %(title)s") if off else _("%(point)s. %(title)s")) % words)
    event.add("dtstart", line.typed.astimezone(KYIV) if isinstance(line.typed, datetime) else line.typed)
    event.add("status", "CANCELLED" if off else "CONFIRMED")
    # a date to know of, not one at which the reader is busy
    event.add("transp", "TRANSPARENT")
    address = absolute(reverse("procurement:competition", args=[competition.number]))
    event.add("url", address)
    event.add("description", without_controls("\n".join(_description(competition, line, address))))
    return event


def _is_off(competition: Competition, typed: date | datetime) -> bool:
    """Say whether the point was still to come when the competition was called off."""
    if competition.state not in CompetitionState.ended or competition.ended_at is None:
        return False
    if isinstance(typed, datetime):
        return typed > competition.ended_at
    return typed > day_of(competition.ended_at)


def _description(competition: Competition, line: TimelineLine, address: str) -> Iterable[str]:
    yield _("Competition № %(number)s, %(name)s") % {
        "number": competition.number,
        "name": competition.commissioner,
    }
    if competition.state in CompetitionState.ended:
        yield from end_reasons(competition)
    yield from line.why
    # a sentence may name its clause already
    said = " ".join(line.why)
    yield from (citation for citation in line.citations if citation not in said)
    yield address


def _years(found: Iterable[Followed]) -> tuple[int, int]:
    dates = [date for one in found for date in plan_of(one.competition).values() if date is not None]
    years = [date.year for date in dates] or [_FIRST_YEAR]
    return min(years), max(years)


@lru_cache(maxsize=32)
def _zone(first: int, last: int) -> Timezone:
    """Return the rules of Kyiv's clock for these years, for programs that do not know them."""
    return Timezone.from_tzid(KYIV.key, first_date=date(first - 1, 1, 1), last_date=date(last + 2, 1, 1))
