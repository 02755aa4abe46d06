"""Changing an announced competition: always a new version, judged by the rules it was announced with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Final

from django.db import transaction
from django.utils.translation import gettext as _

from portal.kernel import norms
from portal.kernel.calendar import UnknownDay, day_of
from portal.kernel.workflow import StepRefused
from procurement.domain.calls.bidders import unsettle_proposals
from procurement.domain.calls.drafts import NOTICE, POINTS, refuse_unkeepable, set_values
from procurement.domain.calls.freezing import RuleSet, plan_of, rules_of
from procurement.domain.calls.gaps import Gap, NotReady, timetable_gaps
from procurement.domain.calls.phases import ends_at
from procurement.domain.calls.steps import (
    ground_of,
    lock_competition,
    move,
    not_before_bidders,
    official_of,
    require_reason,
    version_payload,
    write_version,
)
from procurement.enums import CompetitionState, GroundUse, Moment, VersionKind
from procurement.models import Competition
from procurement.timetable import Finding, FrozenRule, Plan, Verdict, event_of, in_words, term_words
from procurement.workflow import COMPETITION
from registry.domain.providers import Actor

if TYPE_CHECKING:
    from portal.accounts.models import User

FREEZE: Final = "change-freeze"
# these have happened by the time anything is changed
_PAST: Final = (Moment.ORDER_DECIDED_ON, Moment.PUBLISHED_AT)
MOVABLE: Final = tuple(point for point in POINTS if point not in _PAST)
# what the notice may not be left without
_NEEDED: Final = ("title", "legal_ground", "requirements", "documents_note", "opening_place", "contact_name")


@transaction.atomic
def change(
    *,
    competition_id: int,
    user: User,
    values: Mapping[str, Any],
    ground_id: int | None,
    reason: str,
    now: datetime,
    read_version: int | None = None,
) -> Competition:
    """Make a new version of the announcement; near the close only together with an extension (rule `change-freeze`).

    What is judged is the plan as it will be, by the frozen rules. Where the policy says so, those who had submitted
    confirm again. Raises `NotReady`, `StepRefused`, also when another version than `read_version` is in force by now,
    `KeyError` for what cannot be changed.
    """
    competition, actor = _running(competition_id, user, "change", now)
    now = not_before_bidders(competition, now)
    if read_version is not None and read_version != competition.version:
        raise StepRefused(_("The announcement has changed while you were reading it. Read what is new and go on."))
    ground = ground_of(ground_id, GroundUse.CHANGE, competition, now) if ground_id is not None else None
    reason = require_reason(reason)
    rules, before = rules_of(competition), _state_of(competition)
    set_values(competition, values, (*NOTICE, *MOVABLE))
    changed = [name for name, value in _state_of(competition).items() if before[name] != value]
    if not changed:
        raise StepRefused(_("Nothing is changed."))
    found = [*_emptied(competition), *_plan_gaps(competition, before, rules, now)]
    bar = change_bar(rules, competition.closes_at, now)
    if bar is not None and bar.verdict == Verdict.BROKEN:
        found.append(Gap("timetable", Moment.CLOSES_AT.value, bar.sentence))
    if found:
        raise NotReady(found)
    unsettles = bool(rules.policy["change_unsettles"])
    _write(
        competition,
        VersionKind.CHANGE,
        changed,
        rules=rules,
        actor=actor,
        now=now,
        reason=reason,
        ground=ground,
        unsettles=unsettles,
    )
    if unsettles:
        unsettle_proposals(competition, actor=actor, now=now)
    return competition


@transaction.atomic
def extend(
    *, competition_id: int, user: User, dates: Mapping[str, Any], ground_id: int, reason: str, now: datetime
) -> Competition:
    """Move dates of a running competition later; proposals stay submitted. Raises as `change` does."""
    competition, actor = _running(competition_id, user, "extend", now)
    now = not_before_bidders(competition, now)
    ground = ground_of(ground_id, GroundUse.EXTENSION, competition, now)
    reason = require_reason(reason)
    rules, before = rules_of(competition), _state_of(competition)
    set_values(competition, dates, MOVABLE)
    changed = [name for name in MOVABLE if before[name] != getattr(competition, name)]
    if not changed:
        raise StepRefused(_("No date is moved."))
    found = [*_moved_earlier(competition, before, changed), *_plan_gaps(competition, before, rules, now)]
    if found:
        raise NotReady(found)
    _write(
        competition,
        VersionKind.EXTENSION,
        changed,
        rules=rules,
        actor=actor,
        now=now,
        reason=reason,
        ground=ground,
    )
    return competition


def change_bar(rules: RuleSet, closes_at: datetime | None, now: datetime) -> Finding | None:
    """Say whether a change today is far enough from this end; None when the profile has no such rule.

    A rule without a term bars nothing, and its sentence says so.
    """
    rule = rules.terms.get(FREEZE)
    if rule is None or closes_at is None:
        return None
    if rules.term(FREEZE) is None:
        words = _("%(action)s: the term is not set in the reference table, so nothing bars a change before the end.")
        return Finding(rule, Verdict.UNKNOWN, None, now, words % {"action": rule.action_label})
    term = replace(rule, start=Moment.CLOSES_AT.value)
    try:
        due = norms.due(term, event_of(term, closes_at), rules.calendar)
    except UnknownDay:
        words = _("%(term)s: the calendar does not say which days work then, so nothing bars a change.")
        return Finding(term, Verdict.UNKNOWN, None, now, words % {"term": term_words(term)})
    return _barred(term, due, now)


def _barred(term: FrozenRule, due: norms.Due, now: datetime) -> Finding:
    assert due.on is not None
    is_late = now > due.at if due.at is not None else day_of(now) > due.on
    words = (
        _("After %(due)s a change needs a later end of accepting proposals. %(term)s.")
        if is_late
        else _("Until %(due)s the announcement may be changed without a later end. %(term)s.")
    )
    said = {"due": in_words(due.at or due.on), "term": term_words(term)}
    return Finding(term, Verdict.BROKEN if is_late else Verdict.KEPT, due, now, words % said)


def _running(competition_id: int, user: User, step: str, now: datetime) -> tuple[Competition, Actor]:
    competition = lock_competition(competition_id)
    actor = official_of(competition, user)
    # the comment is asked for in words of its own
    COMPETITION.step(step, state=competition.state, comment="-")
    ends = ends_at(competition, now)
    if competition.state != CompetitionState.PUBLISHED or ends is None or now >= ends:
        raise StepRefused(_("Accepting proposals has ended: the announcement is not changed any more."))
    return competition, actor


def _state_of(competition: Competition) -> dict[str, Any]:
    return {name: getattr(competition, name) for name in (*NOTICE, *POINTS)}


def _emptied(competition: Competition) -> list[Gap]:
    return [
        Gap("conditions", name, _("This may be worded otherwise but not left out."))
        for name in _NEEDED
        if not getattr(competition, name).strip()
    ]


def _plan_gaps(competition: Competition, before: Mapping[str, Any], rules: RuleSet, now: datetime) -> list[Gap]:
    """Judge the plan as it will be; what had passed already stays as it was."""
    refuse_unkeepable(competition)
    plan: Plan = plan_of(competition)
    found = list(timetable_gaps(plan, rules, now))
    for name in MOVABLE:
        old, new = before[name], plan[name]
        if old == new:
            continue
        # a held end has its moment behind it and is running still
        if old is not None and _has_passed(old, now) and name != Moment.CLOSES_AT:
            found.append(Gap("timetable", name, _("This has passed already and cannot be moved.")))
        elif new is not None and _has_passed(new, now):
            found.append(Gap("timetable", name, _("The new date must lie in the future.")))
    return found


def _has_passed(value: date | datetime, now: datetime) -> bool:
    return value <= now if isinstance(value, datetime) else value < day_of(now)


def _moved_earlier(competition: Competition, before: Mapping[str, Any], changed: list[str]) -> list[Gap]:
    text = _("An extension moves dates later, never earlier.")
    return [
        Gap("timetable", name, text)
        for name in changed
        if (new := getattr(competition, name)) is None or (before[name] is not None and new < before[name])
    ]


def _write(
    competition: Competition,
    kind: VersionKind,
    changed: list[str],
    *,
    rules: RuleSet,
    actor: Actor,
    now: datetime,
    reason: str,
    **facts: Any,
) -> None:
    """Write the version and the step; a moved date gives the calendar entries a new sequence."""
    moved = [name for name in changed if name in POINTS]
    if moved:
        competition.sequence += 1
    competition.saved_at = now
    frozen = competition.versions.get(number=1).frozen
    version = write_version(competition, kind, rules=rules, frozen=frozen, now=now, actor=actor, reason=reason, **facts)
    step = "extend" if kind == VersionKind.EXTENSION else "change"
    payload = version_payload(version, moved=moved, unsettles=version.unsettles)
    fields = ["version", "sequence", "saved_at", *changed]
    version.log_seq = move(competition, step, actor=actor, now=now, comment=reason, payload=payload, fields=fields)
    version.save(update_fields=["log_seq"])
