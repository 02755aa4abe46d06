"""Every rule of a timetable held against what was typed, each with a sentence for a person."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from typing import Final

from django.db.models import TextChoices
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from portal.kernel import norms
from portal.kernel.calendar import KYIV, Calendar, UnknownDay, day_of
from portal.kernel.norms import DAY_FORMAT, MOMENT_FORMAT, Due, Mark, Unit
from procurement.enums import Bound, Moment
from procurement.timetable.frozen import FrozenRule

# point (`enums.Moment`) to what was typed for it
Plan = Mapping[str, date | datetime | None]

# moments at which something is over already, so that one at midnight ends the day before
ENDS: Final = (Moment.QUESTIONS_UNTIL, Moment.CLOSES_AT, Moment.HOLD_UNTIL)
# what comes after what by the nature of things, whatever the rules say
CHAIN: Final[tuple[Moment, ...]] = tuple(point for point in Moment if point != Moment.QUESTIONS_UNTIL)
# these two never fall on the same moment
STRICT: Final = frozenset(
    {
        (Moment.PUBLISHED_AT, Moment.QUESTIONS_UNTIL),
        (Moment.PUBLISHED_AT, Moment.CLOSES_AT),
        (Moment.OPENS_AT, Moment.CLOSES_AT),
    }
)
ORDER: Final = "order"


class Verdict(TextChoices):
    KEPT = "kept", pgettext_lazy("rule", "kept")
    BROKEN = "broken", pgettext_lazy("rule", "broken")
    # one of the two points has no date yet
    UNTYPED = "untyped", pgettext_lazy("rule", "no date entered")
    # the table of terms has no amount
    UNKNOWN = "unknown", pgettext_lazy("rule", "the term is not set in the reference table")


@dataclass(frozen=True, slots=True)
class Finding:
    """What became of one rule in a plan: the date that follows from it, what was typed, and a sentence for a person."""

    rule: FrozenRule
    verdict: Verdict
    due: Due | None
    typed: date | datetime | None
    sentence: str


def judge(plan: Plan, rules: Sequence[FrozenRule], calendar: Calendar) -> list[Finding]:
    """Judge every rule in the order of the table; the first BROKEN one is what a refusal names.

    After them come the breaches of the natural order of points, which need no act.
    """
    return [judge_rule(rule, plan, calendar) for rule in rules] + breaches_of_order(plan)


def judge_rule(rule: FrozenRule, plan: Plan, calendar: Calendar) -> Finding:
    start, typed = plan.get(rule.start), plan.get(rule.end)
    if not is_known(rule):
        return Finding(rule, Verdict.UNKNOWN, None, typed, _unknown_words(rule))
    if start is None:
        return Finding(rule, Verdict.UNTYPED, None, typed, _no_start_words(rule))
    try:
        due = norms.due(rule, event_of(rule, start), calendar)
    except UnknownDay as error:
        return Finding(rule, Verdict.UNKNOWN, None, typed, _no_calendar_words(rule, error.day))
    except TypeError:
        return Finding(rule, Verdict.UNKNOWN, None, typed, _no_moment_words(rule))
    if typed is None:
        return Finding(rule, Verdict.UNTYPED, due, None, _due_words(rule, due))
    verdict = Verdict.KEPT if _is_kept(rule, due, typed) else Verdict.BROKEN
    return Finding(rule, verdict, due, typed, _typed_words(rule, due, typed, verdict))


def is_known(rule: FrozenRule) -> bool:
    """Say whether a date can follow from the rule at all."""
    return bool(rule.unit) and (rule.unit in Unit.places or rule.amount is not None)


def event_of(rule: FrozenRule, start: date | datetime) -> date | datetime:
    """Return when the event was: hours run from the very moment, days from the day on which something was over."""
    return start if rule.unit == Unit.HOURS or not _is_midnight_end(rule.start, start) else last_day(rule.start, start)


def last_day(point: str, value: date | datetime) -> date:
    """Return the day to which a point belongs: what is over at midnight was over with the day before."""
    return day_of(value) - timedelta(days=1) if _is_midnight_end(point, value) else day_of(value)


def _is_midnight_end(point: str, value: date | datetime) -> bool:
    return point in ENDS and isinstance(value, datetime) and value.astimezone(KYIV).time() == time.min


def limit_of(rule: FrozenRule, due: Due) -> date:
    """Return the day the rule compares with: of a range of dates, the end that its bound looks at."""
    assert due.on is not None
    return due.starts_on or due.on if rule.bound == Bound.NOT_BEFORE else due.on


def _is_kept(rule: FrozenRule, due: Due, typed: date | datetime) -> bool:
    if due.at is not None and isinstance(typed, datetime):
        return typed >= due.at if rule.bound == Bound.NOT_BEFORE else typed <= due.at
    day, limit = last_day(rule.end, typed), limit_of(rule, due)
    return day >= limit if rule.bound == Bound.NOT_BEFORE else day <= limit


# --- the natural order ---------------------------------------------------------------------------------------------


def order_rule(earlier: Moment, later: Moment) -> FrozenRule:
    """Return the natural order of two points as a rule without citation."""
    return FrozenRule(
        code=ORDER,
        start=earlier.value,
        end=later.value,
        bound=Bound.NOT_BEFORE.value,
        unit=Unit.CALENDAR_DAYS.value,
        amount=0,
        direction=1,
        month=None,
        day=None,
        end_month=None,
        end_day=None,
        year_offset=0,
        roll_forward=False,
        verified=True,
        mark=Mark.LAW.value,
        anchor=str(earlier.label),
        anchor_en="",
        action=str(later.label),
        action_en="",
        citation="",
    )


def breaches_of_order(plan: Plan) -> list[Finding]:
    """Return the points that come before what they follow, each against the last typed one before it."""
    typed = [point for point in CHAIN if plan.get(point) is not None]
    pairs: list[tuple[Moment, Moment]] = list(pairwise(typed))
    if plan.get(Moment.QUESTIONS_UNTIL) is not None:
        pairs += [(Moment.PUBLISHED_AT, Moment.QUESTIONS_UNTIL), (Moment.QUESTIONS_UNTIL, Moment.CLOSES_AT)]
    return [_breach(*pair, plan) for pair in pairs if not _in_order(*pair, plan)]


def _in_order(earlier: Moment, later: Moment, plan: Plan) -> bool:
    first, second = plan.get(earlier), plan.get(later)
    if first is None or second is None:
        return True
    if isinstance(first, datetime) and isinstance(second, datetime):
        return first < second if (earlier, later) in STRICT else first <= second
    return last_day(earlier, first) <= last_day(later, second)


def _breach(earlier: Moment, later: Moment, plan: Plan) -> Finding:
    first, second = plan[earlier], plan[later]
    sentence = _("“%(later)s”, %(later_day)s, must come after “%(earlier)s”, %(earlier_day)s.") % {
        "later": later.label,
        "later_day": in_words(second),
        "earlier": earlier.label,
        "earlier_day": in_words(first),
    }
    return Finding(order_rule(earlier, later), Verdict.BROKEN, None, second, sentence)


# --- in words ------------------------------------------------------------------------------------------------------


def in_words(value: date | datetime | None) -> str:
    """Write a day or a moment in Kyiv as sentences have it."""
    if isinstance(value, datetime):
        return date_format(value.astimezone(KYIV), MOMENT_FORMAT)
    return date_format(value, DAY_FORMAT) if value else ""


def term_words(rule: FrozenRule) -> str:
    """Return the term with what it is counted from, and its citation, as every refusal and reason names it."""
    source = rule.citation or _("the reference table names no act")
    if rule.unit in Unit.places:
        return _("%(action)s: the date is fixed (%(source)s)") % {"action": rule.action_label, "source": source}
    words = (
        _("%(action)s: %(length)s before “%(start)s” (%(source)s)")
        if rule.direction < 0
        else _("%(action)s: %(length)s after “%(start)s” (%(source)s)")
    )
    return words % {
        "action": rule.action_label,
        "length": norms.length_of(rule),
        # a term that binds no two points of the timetable is counted from its event
        "start": Moment(rule.start).label if rule.start else rule.anchor_label,
        "source": source,
    }


def _typed_words(rule: FrozenRule, due: Due, typed: date | datetime, verdict: Verdict) -> str:
    texts = {
        (Bound.NOT_BEFORE, Verdict.KEPT): _("“%(point)s”, %(typed)s, is not before %(due)s. %(term)s."),
        (Bound.NOT_BEFORE, Verdict.BROKEN): _("“%(point)s”, %(typed)s, is earlier than %(due)s. %(term)s."),
        (Bound.NOT_AFTER, Verdict.KEPT): _("“%(point)s”, %(typed)s, is not later than %(due)s. %(term)s."),
        (Bound.NOT_AFTER, Verdict.BROKEN): _("“%(point)s”, %(typed)s, is later than %(due)s. %(term)s."),
    }
    return texts[Bound(rule.bound), verdict] % {
        "point": Moment(rule.end).label,
        "typed": in_words(typed),
        "due": in_words(due.at or limit_of(rule, due)),
        "term": term_words(rule),
    }


def _due_words(rule: FrozenRule, due: Due) -> str:
    words = (
        _("“%(point)s” must not be before %(due)s. %(term)s.")
        if rule.bound == Bound.NOT_BEFORE
        else _("“%(point)s” must not be later than %(due)s. %(term)s.")
    )
    return words % {
        "point": Moment(rule.end).label,
        "due": in_words(due.at or limit_of(rule, due)),
        "term": term_words(rule),
    }


def _unknown_words(rule: FrozenRule) -> str:
    return _("%(action)s: the term is not set in the reference table, so the date is what the commissioner enters.") % {
        "action": rule.action_label
    }


def _no_start_words(rule: FrozenRule) -> str:
    return _("%(term)s. “%(start)s” has no date yet.") % {
        "term": term_words(rule),
        "start": Moment(rule.start).label,
    }


def _no_calendar_words(rule: FrozenRule, day: date) -> str:
    return _("%(term)s. The calendar of working days does not reach %(day)s.") % {
        "term": term_words(rule),
        "day": in_words(day),
    }


def _no_moment_words(rule: FrozenRule) -> str:
    return _("%(term)s. Hours are counted from a moment, and “%(start)s” is a day.") % {
        "term": term_words(rule),
        "start": Moment(rule.start).label,
    }
