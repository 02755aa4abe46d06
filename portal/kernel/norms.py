"""Statutory terms: from a rule of the reference table and the day of an event to a date that shows its reasons.

No number of days stands in code. A rule without an amount or a unit yields no date but says that the term is not set.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import nonmember
from typing import Protocol

from django.db.models import TextChoices
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from portal.kernel.calendar import KYIV, ONE_DAY, Calendar, CountUnit, RegimeKind, add_months, clamped, day_of

# the long formats of Django end in «р.», which a sentence cannot bear
DAY_FORMAT = "j E Y"
MOMENT_FORMAT = "j E Y, H:i"


class Unit(TextChoices):
    """What a term is measured in; the last two are a термін, a place in the year, and not a length."""

    CALENDAR_DAYS = "calendar_days", gettext_lazy("calendar days")
    WORKING_DAYS = "working_days", gettext_lazy("working days")
    HOURS = "hours", gettext_lazy("hours")
    MONTHS = "months", gettext_lazy("months")
    YEARS = "years", gettext_lazy("years")
    FIXED_DATE = "fixed_date", gettext_lazy("fixed date")
    DAY_RANGE = "day_range", gettext_lazy("from one date to another")

    lengths = nonmember(("calendar_days", "working_days", "hours", "months", "years"))
    places = nonmember(("fixed_date", "day_range"))


class Mark(TextChoices):
    """Where a row of the reference table comes from."""

    LAW = "law", gettext_lazy("text of the act")
    SEED = "seed", gettext_lazy("task material")
    PRACTICE = "practice", gettext_lazy("published practice")
    UNCONFIRMED = "unconfirmed", gettext_lazy("not confirmed")


class Rule(Protocol):
    """What a term needs to be computed and explained; `DeadlineRule` is one."""

    @property
    def unit(self) -> str | None: ...
    @property
    def amount(self) -> int | None: ...
    @property
    def direction(self) -> int: ...
    @property
    def month(self) -> int | None: ...
    @property
    def day(self) -> int | None: ...
    @property
    def end_month(self) -> int | None: ...
    @property
    def end_day(self) -> int | None: ...
    @property
    def year_offset(self) -> int: ...
    @property
    def roll_forward(self) -> bool: ...
    @property
    def verified(self) -> bool: ...
    @property
    def mark_label(self) -> str: ...
    @property
    def anchor_label(self) -> str: ...
    @property
    def citation(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Due:
    """When a term ends and why; `explanation` is written in the language active when the term was computed."""

    on: date | None = None
    at: datetime | None = None
    starts_on: date | None = None
    verified: bool = False
    explanation: tuple[str, ...] = ()

    @property
    def known(self) -> bool:
        return self.on is not None


def due(rule: Rule, anchor: date | datetime, calendar: Calendar) -> Due:
    """Compute the end of the term that the event on `anchor` starts.

    Raises `UnknownDay` when a day that has to be judged lies outside every regime of the calendar.
    """
    event = _("Event: %(event)s, %(day)s.") % {"event": rule.anchor_label, "day": _moment(anchor)}
    if not rule.unit or (rule.unit in Unit.lengths and rule.amount is None):
        return Due(verified=rule.verified, explanation=(_unknown(rule), event, *_origin(rule)))
    if rule.unit in Unit.places:
        on, at, starts_on, steps = _place_in_year(rule, day_of(anchor))
    elif rule.unit == Unit.HOURS:
        on, at, starts_on, steps = _hours(rule, anchor)
    else:
        on, at, starts_on, steps = _length(rule, day_of(anchor), calendar)
    return Due(on, at, starts_on, rule.verified, (event, *steps, *_origin(rule)))


_Steps = tuple[date, datetime | None, date | None, list[str]]


def _place_in_year(rule: Rule, anchor: date) -> _Steps:
    """Find the fixed date or range in the year of the event; it never moves, whatever day of the week it is."""
    assert rule.month is not None
    assert rule.day is not None
    year = anchor.year + rule.year_offset
    first = clamped(year, rule.month, rule.day)
    if rule.unit == Unit.FIXED_DATE:
        steps = [_("The act fixes the date itself: %(day)s.") % {"day": _day(first)}]
        last, starts_on = first, None
    else:
        assert rule.end_month is not None
        assert rule.end_day is not None
        last, starts_on = clamped(year, rule.end_month, rule.end_day), first
        steps = [_("The act fixes the dates: from %(first)s to %(last)s.") % {"first": _day(first), "last": _day(last)}]
    steps.append(_("A fixed date does not move, whatever day of the week it falls on."))
    return last, None, starts_on, steps


def _hours(rule: Rule, anchor: date | datetime) -> _Steps:
    """Count hours as they pass, so that the nights when clocks change neither give nor take one."""
    if not isinstance(anchor, datetime):
        raise TypeError("a term in hours is counted from a moment, not from a day")
    passed = timedelta(hours=rule.direction * (rule.amount or 0))
    at = (anchor.astimezone(UTC) + passed).astimezone(KYIV)
    return at.date(), at, None, [_formula(rule), _("The term ends: %(day)s.") % {"day": _moment(at)}]


def _length(rule: Rule, anchor: date, calendar: Calendar) -> _Steps:
    counted = _count(rule, anchor, calendar)
    steps = [
        _formula(rule),
        _("Counting starts on the day after the event (Civil Code, art. 253)."),
        _("Last day by the count: %(day)s.") % {"day": _day(counted)},
    ]
    last, rolls = _roll(rule, counted, calendar)
    if rule.unit == Unit.WORKING_DAYS or rule.roll_forward:
        judged = anchor if rule.unit == Unit.WORKING_DAYS else counted
        steps += _regimes(calendar, *sorted((judged, last)))
    return last, None, None, steps + rolls


def _count(rule: Rule, anchor: date, calendar: Calendar) -> date:
    amount = rule.amount or 0
    if rule.unit == Unit.MONTHS:
        return add_months(anchor, rule.direction * amount)
    if rule.unit == Unit.YEARS:
        return add_months(anchor, rule.direction * amount * 12)
    unit = CountUnit.WORKING if rule.unit == Unit.WORKING_DAYS else CountUnit.CALENDAR
    return calendar.add(anchor, amount, unit, rule.direction)


def _roll(rule: Rule, last: date, calendar: Calendar) -> tuple[date, list[str]]:
    """Move a last day on which nobody works, one day at a time, each with its reason, if the rule says so."""
    steps: list[str] = []
    if not rule.roll_forward:
        return last, steps
    while (reason := calendar.why_off(last)) is not None:
        steps.append(
            _("%(day)s is not a working day (%(reason)s): the end moves on to %(next)s.")
            % {"day": _day(last), "reason": reason, "next": _day(last + ONE_DAY)}
        )
        last += ONE_DAY
    return last, steps


def _regimes(calendar: Calendar, first: date, last: date) -> list[str]:
    texts = {
        RegimeKind.MARTIAL_LAW: _("Martial law: Monday to Friday are working days, holidays included (%(ground)s)."),
        RegimeKind.PEACE: _("Peacetime: holidays and moved days off are not working days (%(ground)s)."),
    }
    return [texts[regime.kind] % {"ground": regime.ground} for regime in calendar.regimes_between(first, last)]


def _formula(rule: Rule) -> str:
    if rule.direction < 0:
        return _("Term: %(length)s before the event.") % {"length": length_of(rule)}
    return _("Term: %(length)s after the event.") % {"length": length_of(rule)}


def length_of(rule: Rule) -> str:
    """Return the amount and its unit in words: “30 calendar days”."""
    count = rule.amount or 0
    texts = {
        Unit.CALENDAR_DAYS: ngettext("%(count)d calendar day", "%(count)d calendar days", count),
        Unit.WORKING_DAYS: ngettext("%(count)d working day", "%(count)d working days", count),
        Unit.HOURS: ngettext("%(count)d hour", "%(count)d hours", count),
        Unit.MONTHS: ngettext("%(count)d month", "%(count)d months", count),
        Unit.YEARS: ngettext("%(count)d year", "%(count)d years", count),
    }
    return texts[Unit(rule.unit or "")] % {"count": count}


def _unknown(rule: Rule) -> str:
    if rule.amount is None:
        return _("The term is not set in the reference table.")
    return _("The reference table gives the number %(amount)d but not its unit, so no date follows.") % {
        "amount": rule.amount
    }


def _origin(rule: Rule) -> list[str]:
    source = (
        _("Source: %(citation)s.") % {"citation": rule.citation}
        if rule.citation
        else _("The reference table names no act.")
    )
    checked = (
        _("Checked against the current edition.") if rule.verified else _("Not checked against the current edition.")
    )
    return [source, _("Origin of the row: %(mark)s.") % {"mark": rule.mark_label}, checked]


def _day(day: date) -> str:
    return date_format(day, DAY_FORMAT)


def _moment(moment: date | datetime) -> str:
    if isinstance(moment, datetime):
        return date_format(moment.astimezone(KYIV), MOMENT_FORMAT)
    return _day(moment)
