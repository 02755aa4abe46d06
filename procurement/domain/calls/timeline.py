"""The timeline that page, API, calendar file and PDF share: each point, its date, why, by which clause, done when."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, Final

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from portal.kernel.calendar import closes_at as over_at
from portal.kernel.calendar import day_of
from portal.kernel.norms import Due
from procurement.domain.calls.freezing import RuleSet, plan_of, rules_of
from procurement.domain.calls.phases import ends_at
from procurement.enums import Bound, CompetitionState, Moment, RoundState
from procurement.models import BudgetAct, Competition, CompetitionStep
from procurement.queries.orders_due import due_of, kept_rule
from procurement.timetable import Finding, FrozenRule, Plan, in_words, judge

# what a step of the competition makes done
_DONE_BY_STEP: Final = {
    Moment.PUBLISHED_AT: "publish",
    Moment.CLOSES_AT: "close",
}
# what somebody has to do by its date; contracts and services are followed elsewhere
_DUTIES: Final = (Moment.OPENING_AT, Moment.EVALUATED_ON, Moment.AWARD_ON, Moment.RESULTS_ON)
# what is over when its moment has passed, without anybody doing anything
_PASSES: Final = (Moment.OPENS_AT, Moment.QUESTIONS_UNTIL)
# what nothing is to follow: it ended early, or nobody has won
_ENDING: Final = (*CompetitionState.ended, CompetitionState.UNAWARDED)


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
    done_at: date | datetime | None
    done_by: str
    is_now: bool
    # the date is past and it is not done; or it was done after it: so many days
    is_late: bool = False
    days_late: int = 0


def timeline(competition: Competition, now: datetime) -> list[TimelineLine]:
    """Return the points of the competition in their order; reads the frozen rules of its last version, or live ones.

    A point without a date and without a rule is left out. `is_now` marks the one that comes next.
    """
    plan = plan_of(competition)
    done = _done(competition, now)
    lines = [_with_done(line, done.get(line.point)) for line in lines_of(plan, rules_of(competition))]
    if competition.state in _ENDING:
        return lines
    lines = [replace(line, is_late=_is_late(line, now)) for line in lines]
    following = next((line.point for line in lines if line.done_at is None and line.typed is not None), None)
    return [replace(line, is_now=line.point == following) for line in lines]


def lines_of(plan: Plan, rules: RuleSet) -> list[TimelineLine]:
    """Return the dates with their reasons, before anything is done: what an announcement says of them."""
    found = judge(plan, rules.rules, rules.calendar)
    lines = []
    for point in Moment:
        findings = [one for one in found if one.rule.end == point and one.rule.code in rules.terms]
        line = _line(point, plan.get(point), findings)
        if point == Moment.ORDER_DECIDED_ON and rules.order:
            line = _of_the_order(line, rules.order)
        if line.typed is not None or line.why:
            lines.append(line)
    return lines


def _line(point: Moment, typed: date | datetime | None, findings: list[Finding]) -> TimelineLine:
    dues = [(one.rule, one.due) for one in findings if one.due is not None and one.due.known]
    return TimelineLine(
        point=point.value,
        label=str(point.label),
        typed=typed,
        due=_binding(dues),
        due_words="; ".join(_due_words(rule, due) for rule, due in dues),
        why=tuple(capfirst(sentence) for one in findings for sentence in _why(one)),
        citations=_unique(one.rule.citation for one in findings),
        verified=bool(findings) and all(one.rule.verified for one in findings),
        done_at=None,
        done_by="",
        is_now=False,
    )


def _why(finding: Finding) -> tuple[str, ...]:
    """Return the reasons of the date: how it was counted, or why no date follows; then what was entered."""
    explained = finding.due.explanation if finding.due else ()
    if explained:
        return (f"{finding.rule.action_label}.", *explained)
    return (finding.sentence, *_origin(finding.rule))


def _origin(rule: FrozenRule) -> tuple[str, ...]:
    if rule.citation:
        return (_("Source: %(citation)s.") % {"citation": rule.citation},)
    return (_("The reference table names no act."),)


def _binding(dues: list[tuple[FrozenRule, Due]]) -> date | datetime | None:
    """Return the date that binds: the first of the latest days, or where there is none the last of the earliest."""
    latest = [due for rule, due in dues if rule.bound != Bound.NOT_BEFORE]
    chosen = min(latest, key=_on) if latest else max((due for _rule, due in dues), key=_on, default=None)
    return (chosen.at or chosen.on) if chosen else None


def _on(due: Due) -> date:
    assert due.on is not None
    return due.on


def _due_words(rule: FrozenRule, due: Due) -> str:
    words = _("not before %(day)s") if rule.bound == Bound.NOT_BEFORE else _("not later than %(day)s")
    return words % {"day": in_words(due.at or due.on)}


def _unique(texts: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(text for text in texts if text))


def _of_the_order(line: TimelineLine, order: Mapping[str, Any]) -> TimelineLine:
    """Add when the decision itself was due, by the rule that its budget act kept."""
    told = order["act"]
    act = BudgetAct(
        kind=told["kind"],
        year=told["year"],
        number=told["number"],
        adopted_on=date.fromisoformat(told["adopted_on"]),
        due_snapshot=order["snapshot"],
    )
    due, rule = due_of(act), kept_rule(act)
    why = [*due.explanation]
    if due.on is not None and line.typed is not None:
        why.append(_lateness(day_of(line.typed), due.on))
    return replace(
        line,
        due=due.on,
        due_words=_("not later than %(day)s") % {"day": in_words(due.on)} if due.on else "",
        why=(*line.why, *why),
        citations=_unique((*line.citations, rule.citation if rule else "")),
        verified=due.verified,
    )


def _lateness(decided: date, due: date) -> str:
    if decided <= due:
        return _("Decided in time.")
    return _("Decided %(days)d days after the term.") % {"days": (decided - due).days}


# --- what has been done --------------------------------------------------------------------------------------------


def _done(competition: Competition, now: datetime) -> dict[str, tuple[date | datetime, str]]:
    """Return when each point was reached and by whom: the body that orders, its commission, or the portal's clock."""
    if competition.state == CompetitionState.DRAFT:
        return {}
    body, clock = str(competition.commissioner.organisation), _("the portal's clock")
    steps = CompetitionStep.objects.filter(competition=competition).order_by("at", "pk")
    at = dict(steps.values_list("step", "at"))
    done: dict[str, tuple[date | datetime, str]] = {}
    done |= {point.value: (at[step], body) for point, step in _DONE_BY_STEP.items() if step in at}
    done |= _evaluated(competition, body)
    ends = ends_at(competition, now)
    if ends is not None and (ends <= now or "close" in at):
        # with the end the latest end is behind too
        done |= dict.fromkeys((Moment.CLOSES_AT.value, Moment.HOLD_UNTIL.value), (ends, clock))
    for point in _PASSES:
        moment = getattr(competition, point.value)
        if moment is not None and moment <= now:
            done[point.value] = (moment, clock)
    if competition.order_decided_on is not None:
        decision = competition.decision
        taken = decision.taken_at if decision and decision.taken_at else over_at(competition.order_decided_on)
        done[Moment.ORDER_DECIDED_ON.value] = (taken, (decision.body if decision else "") or body)
    return done


def _evaluated(competition: Competition, body: str) -> dict[str, tuple[date | datetime, str]]:
    """Return when proposals were opened, and in the round that counts minutes signed, winner decided, results told."""
    if competition.opened_at is None:
        return {}
    done: dict[str, tuple[date | datetime, str]] = {Moment.OPENING_AT.value: (competition.opened_at, body)}
    rounds = competition.rounds.exclude(state__in=(RoundState.ANNULLED, RoundState.ENDED)).select_related("commission")
    last = rounds.order_by("-number").first()
    if last is not None and last.minuted_at is not None:
        done[Moment.EVALUATED_ON.value] = (last.minuted_at, str(last.commission))
    decision = competition.decisions.order_by("number").filter(round=last).first() if last else None
    if decision is not None and competition.state in CompetitionState.decided:
        # the order on paper has its own date, its publication is the portal's
        done[Moment.AWARD_ON.value] = (decision.act_on, body)
        done[Moment.RESULTS_ON.value] = (decision.at, body)
    return done


def _with_done(line: TimelineLine, done: tuple[date | datetime, str] | None) -> TimelineLine:
    if done is None:
        return line
    late = (_day(done[0]) - _day(line.typed)).days if line.typed and line.point in _DUTIES else 0
    return replace(line, done_at=done[0], done_by=done[1], days_late=max(late, 0))


def _is_late(line: TimelineLine, now: datetime) -> bool:
    """Say whether somebody should have done it by now; a day is over at its end."""
    if line.done_at is not None or line.typed is None or line.point not in _DUTIES:
        return False
    return line.typed < now if isinstance(line.typed, datetime) else line.typed < day_of(now)


def _day(value: date | datetime) -> date:
    return day_of(value) if isinstance(value, datetime) else value
