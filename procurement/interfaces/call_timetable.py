"""The timetable of a call as its page shows it: each date beside the days between which it may lie, and why."""

from __future__ import annotations

from collections.abc import Mapping
from copy import copy
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.kernel.calendar import KYIV
from procurement.domain.calls.freezing import RuleSet
from procurement.domain.calls.gaps import plan_for
from procurement.enums import Moment
from procurement.models import Competition
from procurement.timetable import Finding, Plan, Verdict, Window, in_words, judge, windows
from procurement.timetable.judging import ORDER

DAY_INPUT: Final = "%Y-%m-%d"
MOMENT_INPUT: Final = "%Y-%m-%dT%H:%M"
# the decision says itself when it was taken
TYPED: Final = tuple(point for point in Moment if point != Moment.ORDER_DECIDED_ON)
# at what time of the day something is put when only its day follows
TIMES: Final = {Moment.OPENS_AT: time(9), Moment.OPENING_AT: time(10)}
END_OF_WORK: Final = time(18)
AN_HOUR: Final = timedelta(hours=1)
# outside them no clock of the portal counts: a slip of the finger, and nothing that a plan may hold
FIRST_YEAR: Final = 2000
LAST_YEAR: Final = 2100


class TimetableForm(forms.Form):
    """A date or a moment for every point; nothing is obligatory here, the list of gaps says what is missing."""

    def __init__(self, *args: Any, points: tuple[Moment, ...] = TYPED, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for point in points:
            self.fields[point.value] = point_field(point)

    @property
    def typed(self) -> dict[str, date | datetime | None]:
        """What could be read of the dates that were sent; call it after `is_valid`."""
        return dict(self.cleaned_data)


def point_field(point: Moment) -> forms.Field:
    label = str(point.label)
    label = label[:1].upper() + label[1:]
    if point in Moment.moments:
        widget = forms.DateTimeInput({"type": "datetime-local"}, format=MOMENT_INPUT)
        return forms.DateTimeField(
            label=label,
            required=False,
            widget=widget,
            input_formats=[MOMENT_INPUT],
            validators=[refuse_other_times],
        )
    day = forms.DateInput({"type": "date"}, format=DAY_INPUT)
    return forms.DateField(
        label=label, required=False, widget=day, input_formats=[DAY_INPUT], validators=[refuse_other_times]
    )


def refuse_other_times(value: date) -> None:
    """Raise `ValidationError` for a year that nobody plans for."""
    if not FIRST_YEAR <= value.year <= LAST_YEAR:
        raise ValidationError(
            _("Enter a year between %(first)d and %(last)d."), params={"first": FIRST_YEAR, "last": LAST_YEAR}
        )


@dataclass(frozen=True, slots=True)
class PointRow:
    """One date: its field, the days between which it may lie given the others, and what the law does not say."""

    field: forms.BoundField
    earliest: str
    latest: str
    why_earliest: tuple[Finding, ...]
    why_latest: tuple[Finding, ...]
    is_possible: bool
    # rules of the table that bind this point, with the day that follows from each
    terms: tuple[Finding, ...]
    # those that have no amount in the table
    unknown: tuple[Finding, ...]
    broken: tuple[Finding, ...]

    @property
    def is_bound(self) -> bool:
        return bool(self.earliest or self.latest)


def plan_with(competition: Competition, typed: Mapping[str, Any], now: datetime) -> dict[str, Any]:
    """Return the points as they would be if what is typed were saved: judged as the list of gaps judges them."""
    imagined = copy(competition)
    for point, value in typed.items():
        setattr(imagined, point, value)
    return plan_for(imagined, now)


def first_broken(plan: Plan, rules: RuleSet) -> Finding | None:
    """Return the first rule that the plan breaks, which a refusal names."""
    found = judge(plan, rules.rules, rules.calendar)
    return next((one for one in found if one.verdict == Verdict.BROKEN), None)


def point_rows(form: TimetableForm, plan: Plan, rules: RuleSet) -> list[PointRow]:
    """Return a row for each date of the form."""
    found = judge(plan, rules.rules, rules.calendar)
    limits = windows(plan, rules.rules, rules.calendar)
    return [_row(bound, limits[bound.name], found) for bound in form]


def _row(bound: forms.BoundField, window: Window, findings: list[Finding]) -> PointRow:
    own = [one for one in findings if one.rule.end == bound.name]
    return PointRow(
        bound,
        in_words(window.earliest),
        in_words(window.latest),
        _told(window.because_earliest),
        _told(window.because_latest),
        window.is_possible,
        tuple(one for one in own if one.due is not None and one.verdict != Verdict.BROKEN),
        tuple(one for one in own if one.verdict == Verdict.UNKNOWN),
        tuple(one for one in own if one.verdict == Verdict.BROKEN),
    )


def _told(because: tuple[Finding, ...]) -> tuple[Finding, ...]:
    """Leave out a reason that is told twice."""
    return tuple({one.sentence: one for one in because}.values())


def suggestions(plan: Plan, rules: RuleSet) -> dict[str, str]:
    """Count the dates that are empty from those that are set, in the words of their fields; what is typed stays.

    Only where a term leads to a day: a date that nothing but the order of things binds is for the official to choose.
    """
    filled, made = dict(plan), {}
    for point in TYPED:
        if filled.get(point) is not None:
            continue
        window = windows(filled, rules.rules, rules.calendar)[point]
        day = _day(window)
        if day is not None:
            filled[point.value] = value = _value(point, day, filled)
            made[point.value] = as_input(value)
    return made


def _day(window: Window) -> date | None:
    """Return the first day that terms allow, else the last one; nothing where no day is allowed."""
    if not window.is_possible:
        return None
    for day, because in ((window.earliest, window.because_earliest), (window.latest, window.because_latest)):
        if day is not None and any(one.rule.code != ORDER for one in because):
            return day
    return None


def _value(point: Moment, day: date, filled: Plan) -> date | datetime:
    """Put a moment at its usual time of the day, but after what comes before it."""
    if point not in Moment.moments:
        return day
    moment = datetime.combine(day, TIMES.get(point, END_OF_WORK), KYIV)
    order = list(Moment)
    earlier = [filled.get(one) for one in order[: order.index(point)]]
    last = max((one for one in earlier if isinstance(one, datetime)), default=None)
    return moment if last is None or last < moment else (last.astimezone(UTC) + AN_HOUR).astimezone(KYIV)


def as_input(value: date | datetime | None) -> str:
    """Write a date as its field holds it."""
    if isinstance(value, datetime):
        return timezone.localtime(value, KYIV).strftime(MOMENT_INPUT)
    return value.strftime(DAY_INPUT) if value else ""
