"""The same call under two sets of rules: which dates would lie elsewhere, and in what the two differ."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.utils.translation import gettext as _

from portal.kernel.calendar import day_of
from portal.kernel.models import RuleProfile
from procurement.domain.calls.freezing import RuleSet, live_rules, plan_of, rules_of
from procurement.domain.calls.gaps import plan_for
from procurement.enums import CompetitionState, Moment
from procurement.models import Competition
from procurement.timetable import Finding, Plan, Verdict, Window, in_words, judge, windows


@dataclass(frozen=True, slots=True)
class Side:
    """What one set of rules says of a point: its window, what was found of each rule that binds it."""

    window: Window
    findings: tuple[Finding, ...]

    @property
    def is_broken(self) -> bool:
        return any(finding.verdict == Verdict.BROKEN for finding in self.findings)

    @property
    def words(self) -> tuple[str, ...]:
        return tuple(finding.sentence for finding in self.findings)


@dataclass(frozen=True, slots=True)
class PointDifference:
    """A point that the two sets of rules treat otherwise; `words` say in what, for a person."""

    point: str
    label: str
    typed: date | datetime | None
    ours: Side
    theirs: Side
    words: str


def profile_difference(competition: Competition, other: RuleProfile, now: datetime) -> list[PointDifference]:
    """Judge a competition by its own rules and by those of another profile as the tables have them today. No writes."""
    plan = plan_for(competition, now) if competition.state == CompetitionState.DRAFT else plan_of(competition)
    return difference(plan, rules_of(competition), live_rules(other, day_of(now)))


def difference(plan: Plan, ours: RuleSet, theirs: RuleSet) -> list[PointDifference]:
    """Compare what two sets of rules say of the same points."""
    left, right = _sides(plan, ours), _sides(plan, theirs)
    return [
        PointDifference(
            point.value, str(point.label), plan.get(point), left[point], right[point], _words(left[point], right[point])
        )
        for point in Moment
        if _differ(left[point], right[point])
    ]


def _sides(plan: Plan, rules: RuleSet) -> dict[Moment, Side]:
    found = [one for one in judge(plan, rules.rules, rules.calendar) if one.rule.code in rules.terms]
    spans = windows(plan, rules.rules, rules.calendar)
    return {
        point: Side(spans[point], tuple(finding for finding in found if finding.rule.end == point)) for point in Moment
    }


def _differ(left: Side, right: Side) -> bool:
    spans = [(one.window.earliest, one.window.latest) for one in (left, right)]
    dues = [_dues(one.findings) for one in (left, right)]
    return spans[0] != spans[1] or dues[0] != dues[1]


def _dues(findings: Iterable[Finding]) -> list[tuple[str, str, date | datetime | None, str]]:
    return [
        (one.rule.code, one.rule.bound, (one.due.at or one.due.on) if one.due else None, one.verdict.value)
        for one in findings
    ]


def _words(left: Side, right: Side) -> str:
    return _("%(ours)s; under the other rules: %(theirs)s.") % {"ours": _span(left), "theirs": _span(right)}


def _span(side: Side) -> str:
    first, last = side.window.earliest, side.window.latest
    if first and last:
        words = _("from %(first)s to %(last)s") % {"first": in_words(first), "last": in_words(last)}
    elif first:
        words = _("not before %(day)s") % {"day": in_words(first)}
    elif last:
        words = _("not later than %(day)s") % {"day": in_words(last)}
    else:
        words = _("no bound")
    return _("%(words)s — the entered date breaks a rule") % {"words": words} if side.is_broken else words
