"""The rules of a competition: live while it is a draft, frozen with its announcement; and what they were taken from.

`CompetitionVersion.frozen` holds

    key        the press of the button that made the version
    profile    {id, procedure, authority, valid_from, valid_to, title, title_en, verified, note}
    rules      [FrozenRule]            terms that bind two points of the timetable, in the order they are judged
    terms      {code: FrozenRule}      every term of the profile, those of questions and changes among them
    calendar   [regimes]
    policy     the fields of `CompetitionPolicy`
    form, rubric   {code, number, title_uk, title_en, definition, act, point, verified} or null
    order      {due_on, snapshot, act: {kind, number, adopted_on, year, url}} of the budget act, or null

The rules stay those of version 1: a later version repeats them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any, Final

from portal.kernel.calendar import Calendar, day_of
from portal.kernel.models import DeadlineRule, RuleProfile
from portal.kernel.models.calendar import load_calendar
from portal.kernel.models.reference import in_force_on
from procurement.enums import CompetitionState, Moment
from procurement.models import (
    BudgetAct,
    Competition,
    CompetitionPolicy,
    CompetitionVersion,
    FormVersion,
    RubricVersion,
    TimetableRule,
)
from procurement.timetable import FrozenRule, Plan, calendar_as_json, calendar_from_json

# what a plan of a competition looks back to: the budget act and its decision
LOOK_BACK: Final = timedelta(days=2 * 366)
_PROFILE: Final = ("procedure", "authority", "title", "title_en", "verified", "note")
_POLICY: Final = (
    "name",
    "name_en",
    "channel",
    "needs_specification",
    "needs_register",
    "needs_service",
    "legal_forms",
    "sectors",
    "unanswered_holds",
    "change_unsettles",
    "form",
    "rubric",
    "commission_min",
    "quorum_share",
    "quorum_strict",
    "admission",
    "takes_clarifications",
    "blind_scoring",
    "names_members",
    "has_defence",
    "asked_path",
    "appeal_stops",
    "in_project_register",
    "act",
    "point",
    "verified",
    "note",
)
_TEMPLATE: Final = ("code", "number", "title_uk", "title_en", "definition", "act", "point", "verified")


@dataclass(frozen=True, slots=True)
class RuleSet:
    """All that decides about a competition's dates and bidders, whether live or frozen."""

    rules: tuple[FrozenRule, ...]
    terms: Mapping[str, FrozenRule]
    calendar: Calendar
    policy: Mapping[str, Any]
    profile: Mapping[str, Any]
    order: Mapping[str, Any] | None = None
    is_frozen: bool = False

    def term(self, code: str) -> FrozenRule | None:
        """Return the term, or None when the profile does not have it or gives it no length."""
        found = self.terms.get(code)
        return found if found and found.unit and found.amount is not None else None


def plan_of(competition: Competition) -> dict[str, date | datetime | None]:
    """Return the points of the timetable as they stand in the row."""
    return {point.value: getattr(competition, point.value) for point in Moment}


def rules_of(competition: Competition, on: date | None = None) -> RuleSet:
    """Return the frozen rules of an announced competition, or what the tables of a draft's profile say on the day."""
    if competition.state != CompetitionState.DRAFT:
        frozen = CompetitionVersion.objects.filter(competition=competition, number=1).values_list("frozen", flat=True)
        return thaw(frozen.first() or {})
    profile = competition.profile
    return replace(live_rules(profile, on or day_of(competition.created_at)), order=order_of(competition))


def live_rules(profile: RuleProfile, on: date) -> RuleSet:
    """Return what the tables say of a profile, for drafts and comparisons.

    Where rules of a hromada's own are silent, the national ones of the same procedure speak.
    """
    national = _national(profile, on)
    layers = [one for one in (national, profile) if one is not None]
    found = DeadlineRule.objects.filter(in_force_on(on, "effective_from", "effective_to"), profile__in=layers)
    rows: dict[str, DeadlineRule] = {}
    for layer in layers:
        own = [row for row in found.select_related("act").order_by("effective_from") if row.profile_id == layer.pk]
        rows |= {row.code: row for row in own}
    bindings = list(TimetableRule.objects.filter(profile=profile)) or list(
        TimetableRule.objects.filter(profile=national)
    )
    policies = {one.profile_id: one for one in CompetitionPolicy.objects.filter(profile__in=layers)}
    policy = next((policies[one.pk] for one in reversed(layers) if one.pk in policies), CompetitionPolicy())
    return RuleSet(
        rules=tuple(freeze(rows[one.code], one.start, one.end, one.bound) for one in bindings if one.code in rows),
        terms={code: freeze(row) for code, row in rows.items()},
        calendar=load_calendar(),
        policy=_policy(policy),
        profile=_profile(profile),
    )


def _national(profile: RuleProfile, on: date) -> RuleProfile | None:
    if not profile.authority:
        return None
    rows = RuleProfile.objects.filter(in_force_on(on, "valid_from", "valid_to"), procedure=profile.procedure)
    return rows.filter(authority="").order_by("-valid_from").first()


def freeze(row: DeadlineRule, start: str = "", end: str = "", bound: str = "") -> FrozenRule:
    """Copy a row of the table of terms as it stands now."""
    same = (
        "code",
        "unit",
        "amount",
        "direction",
        "month",
        "day",
        "end_month",
        "end_day",
        "year_offset",
        "roll_forward",
        "verified",
        "mark",
        "anchor",
        "anchor_en",
        "action",
        "action_en",
        "citation",
        "note",
    )
    return FrozenRule(start=start, end=end, bound=bound, **{name: getattr(row, name) for name in same})


def freeze_all(competition: Competition, rules: RuleSet, key: str, now: datetime) -> dict[str, Any]:
    """Write down everything a competition keeps from its announcement on."""
    return {
        "key": key,
        "profile": dict(rules.profile),
        "rules": [rule.as_json() for rule in rules.rules],
        "terms": {code: rule.as_json() for code, rule in rules.terms.items()},
        "calendar": calendar_as_json(rules.calendar, since=day_of(now) - LOOK_BACK),
        "policy": dict(rules.policy),
        "form": _template(competition.form),
        "rubric": _template(competition.rubric),
        "order": dict(rules.order) if rules.order else None,
    }


def thaw(frozen: Mapping[str, Any]) -> RuleSet:
    """Read what `freeze_all` wrote; what an older edition of the portal did not write stays as the model has it."""
    return RuleSet(
        rules=tuple(FrozenRule.from_json(row) for row in frozen.get("rules", ())),
        terms={code: FrozenRule.from_json(row) for code, row in frozen.get("terms", {}).items()},
        calendar=calendar_from_json(frozen.get("calendar", ())),
        policy={**_policy(CompetitionPolicy()), **frozen.get("policy", {})},
        profile=frozen.get("profile", {}),
        order=frozen.get("order"),
        is_frozen=True,
    )


def order_of(competition: Competition) -> dict[str, Any] | None:
    """Return when the decision that the competition rests on was due, with the rule kept by its budget act."""
    act: BudgetAct | None = competition.decision.budget_act if competition.decision else None
    if act is None:
        return None
    return {
        "due_on": act.decision_due_on.isoformat() if act.decision_due_on else None,
        "snapshot": act.due_snapshot,
        "act": {
            "kind": act.kind,
            "number": act.number,
            "adopted_on": act.adopted_on.isoformat(),
            "year": act.year,
            "url": act.url,
        },
    }


def typed_plan(plan: Plan) -> dict[str, str | None]:
    """Write the points as the announcement has them."""
    return {point: value.isoformat() if value else None for point, value in plan.items()}


def _policy(policy: CompetitionPolicy) -> dict[str, Any]:
    return {name: getattr(policy, name) for name in _POLICY}


def _profile(profile: RuleProfile) -> dict[str, Any]:
    return {
        "id": profile.pk,
        "valid_from": profile.valid_from.isoformat(),
        "valid_to": profile.valid_to.isoformat() if profile.valid_to else None,
        **{name: getattr(profile, name) for name in _PROFILE},
    }


def _template(version: FormVersion | RubricVersion | None) -> dict[str, Any] | None:
    return {name: getattr(version, name) for name in _TEMPLATE} if version else None
