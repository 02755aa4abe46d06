"""Budget acts: entered once and public at once, each with the day by which the decision on the social order is due.

The day follows from the rule in force when the event happened. The rule and the calendar are kept with the act, so a
later edit of the reference table moves nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Final

from django.db import transaction
from django.utils.translation import gettext as _

from portal.kernel import audit
from portal.kernel.calendar import day_of
from portal.kernel.models import DeadlineRule, RuleProfile
from portal.kernel.models.calendar import load_calendar
from portal.kernel.workflow import StepRefused
from procurement.domain.acting import commissioner_role
from procurement.domain.calls.freezing import freeze
from procurement.enums import BudgetActKind, DecisionState, Moment
from procurement.models import BudgetAct, OrderDecision
from procurement.queries.orders_due import PROCEDURE, RULES, anchor_of, due_of
from procurement.timetable import calendar_as_json
from procurement.workflow import ACT
from registry.models import Territory

if TYPE_CHECKING:
    from portal.accounts.models import User

# a budget is adopted in the year before it or in its own; anything further is a mistyped year
FURTHEST_YEAR: Final = 1


@dataclass(frozen=True, slots=True)
class BudgetFacts:
    """What the act says of itself."""

    kind: str
    year: int
    adopted_on: date
    number: str
    url: str = ""
    note: str = ""


@transaction.atomic
def enter_budget_act(*, hromada_id: int, user: User, facts: BudgetFacts, now: datetime) -> BudgetAct:
    """Enter an act and count when the decision is due; raises `StepRefused` for one that is entered already."""
    hromada = Territory.objects.select_for_update(of=("self",)).get(pk=hromada_id)
    role = commissioner_role(user, hromada)
    act = BudgetAct(hromada=hromada, entered_by=user, entered_at=now, **_fields(facts))
    _refuse_impossible(act, now)
    _set_due(act)
    return _save(act, role, now)


@transaction.atomic
def correct_budget_act(*, act_id: int, user: User, facts: BudgetFacts, reason: str, now: datetime) -> BudgetAct:
    """Put a right act in place of a wrong one, which stays readable; what is decided on the one counts for the other.

    The kept rule goes over as it is, unless another event starts the term now.
    """
    hromada_id = BudgetAct.objects.values_list("hromada_id", flat=True).get(pk=act_id)
    hromada = Territory.objects.select_for_update(of=("self",)).get(pk=hromada_id)
    role = commissioner_role(user, hromada)
    wrong = BudgetAct.objects.get(pk=act_id)
    if BudgetAct.objects.filter(supersedes=wrong).exists():
        raise StepRefused(_("This act has been corrected already. Correct the one that stands in its place."))
    if not reason.strip():
        raise StepRefused(_("Say what is corrected and why."))
    act = BudgetAct(hromada=hromada, entered_by=user, entered_at=now, correction=reason.strip(), **_fields(facts))
    act.supersedes, act.first_id = wrong, wrong.first_id or wrong.pk
    act.is_demo = wrong.is_demo
    _refuse_impossible(act, now)
    if (act.kind, anchor_of(act)) == (wrong.kind, anchor_of(wrong)):
        act.rule_id, act.due_snapshot, act.decision_due_on = wrong.rule_id, wrong.due_snapshot, wrong.decision_due_on
    else:
        _set_due(act)
    _save(act, role, now)
    # drafts go on on the right act; what was taken stays on the act on which it was taken
    OrderDecision.objects.filter(budget_act=wrong, state=DecisionState.DRAFT).update(budget_act=act)
    return act


def _fields(facts: BudgetFacts) -> dict[str, Any]:
    return {
        "kind": facts.kind,
        "year": facts.year,
        "adopted_on": facts.adopted_on,
        "number": facts.number.strip(),
        "url": facts.url,
        "note": facts.note.strip(),
    }


def _refuse_impossible(act: BudgetAct, now: datetime) -> None:
    if not act.number:
        raise StepRefused(_("The act has no number."))
    if act.adopted_on > day_of(now):
        raise StepRefused(_("The act is dated later than today. Enter it when it is adopted."))
    if abs(act.year - act.adopted_on.year) > FURTHEST_YEAR:
        raise StepRefused(_("The budget year and the date of the act do not go together. Check them."))
    others = BudgetAct.objects.filter(hromada=act.hromada, year=act.year, superseded_by__isnull=True, kind=act.kind)
    if act.supersedes_id is not None:
        others = others.exclude(pk=act.supersedes_id)
    if act.kind == BudgetActKind.ADOPTED:
        if others.exists():
            raise StepRefused(_("The adopted budget of this year is already entered."))
    elif others.filter(adopted_on=act.adopted_on, number=act.number).exists():
        raise StepRefused(_("An amendment with this date and number is already entered."))


def _set_due(act: BudgetAct) -> None:
    """Keep the rule of the profile in force on the day of the event, with the calendar, and count by them."""
    anchor = anchor_of(act)
    found = _rule_for(act.hromada, BudgetActKind(act.kind), anchor)
    if found is None:
        act.rule, act.due_snapshot, act.decision_due_on = None, {}, None
        return
    profile, rule = found
    act.rule = rule
    act.due_snapshot = {
        "rule": freeze(rule, end=Moment.ORDER_DECIDED_ON).as_json(),
        "calendar": calendar_as_json(load_calendar(), since=date(anchor.year - 1, 1, 1)),
        "profile": {"authority": profile.authority, "title": profile.title, "title_en": profile.title_en},
    }
    act.decision_due_on = due_of(act).on


def _rule_for(hromada: Territory, kind: BudgetActKind, on: date) -> tuple[RuleProfile, DeadlineRule] | None:
    """Return the hromada's own rule, else the national one: rules of its own that are silent here change nothing."""
    for authority in (hromada.code, ""):
        try:
            profile = RuleProfile.objects.in_force(PROCEDURE, on=on, authority=authority)
            return profile, profile.rule(RULES[kind], on=on)
        except (RuleProfile.DoesNotExist, DeadlineRule.DoesNotExist):
            continue
    return None


def _save(act: BudgetAct, role: str, now: datetime) -> BudgetAct:
    act.save(force_insert=True)
    entry = audit.append(
        tag="procurement:budget:correct" if act.supersedes_id else "procurement:budget:enter",
        subject=f"procurement.budget:{act.pk}",
        payload=_logged(act),
        actor_role=role,
        at=now,
        clause=ACT,
    )
    act.log_seq = entry.seq
    act.save(update_fields=["log_seq"])
    return act


def _logged(act: BudgetAct) -> Mapping[str, Any]:
    """Return what the public log keeps: dates and codes; what a person wrote is there as a digest alone."""
    due = act.decision_due_on
    return {
        "hromada": act.hromada.code,
        "kind": act.kind,
        "year": act.year,
        "adopted_on": act.adopted_on.isoformat(),
        "due_on": due.isoformat() if due else None,
        "rule": act.rule.code if act.rule else None,
        "supersedes": act.supersedes_id,
        "content": audit.digest_of(
            {"number": act.number, "url": act.url, "note": act.note, "correction": act.correction}
        ),
    }
