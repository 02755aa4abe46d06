"""Why a decision on the social order is due on its day: by the rule kept with its budget act, not by the table now."""

from __future__ import annotations

from datetime import date
from typing import Final

from django.utils.translation import gettext as _

from portal.kernel.calendar import UnknownDay
from portal.kernel.models import DeadlineRule, RuleProfile
from portal.kernel.models.calendar import load_calendar
from portal.kernel.models.reference import in_language
from portal.kernel.norms import Due, Unit, due
from procurement.enums import BudgetActKind
from procurement.models import BudgetAct
from procurement.timetable import FrozenRule, calendar_from_json

PROCEDURE: Final = "social-order"
RULES: Final = {BudgetActKind.ADOPTED: "order-decision", BudgetActKind.AMENDED: "order-decision-amended"}


def anchor_of(act: BudgetAct) -> date:
    """Return the day of the event: an adopted budget's first day, an amendment's own day."""
    return date(act.year, 1, 1) if act.kind == BudgetActKind.ADOPTED else act.adopted_on


def kept_rule(act: BudgetAct) -> FrozenRule | None:
    """Return the rule as it stood when the act was entered, if the table had one."""
    kept = act.due_snapshot.get("rule")
    return FrozenRule.from_json(kept) if kept else None


def due_of(act: BudgetAct) -> Due:
    """Return the day with its reasons in the reader's language; where no day follows, the reasons say why not."""
    rule = kept_rule(act)
    if rule is None:
        return Due(explanation=(_("The reference table has no rule for this decision."),))
    if rule.unit == Unit.HOURS:
        return Due(explanation=(_("The reference table counts this term in hours, and no day follows from it."),))
    try:
        return due(rule, anchor_of(act), calendar_from_json(act.due_snapshot["calendar"]))
    except UnknownDay:
        return Due(explanation=(_("The calendar does not say which days work then, so no day follows."),))


def profile_words(act: BudgetAct) -> str:
    """Name the set of rules that the day was counted by."""
    profile = act.due_snapshot.get("profile")
    if not profile:
        return ""
    title = in_language(profile["title"], profile["title_en"])
    return _("%(title)s, rules of the hromada itself") % {"title": title} if profile["authority"] else title


def citation_of(act: BudgetAct) -> str:
    """Return the citation that stands beside the day on every surface."""
    rule = kept_rule(act)
    return (rule.citation if rule else "") or _("the reference table names no act")


def national_term(year: int) -> Due | None:
    """Return by when the decision on the adopted budget of the year is due by the national rule in the table now."""
    return _term(PROCEDURE, RULES[BudgetActKind.ADOPTED], year)


def study_term(year: int) -> Due | None:
    """Return from when to when the social study of needs is carried out in the year, by the table now."""
    return _term("needs", "needs-study", year)


def _term(procedure: str, code: str, year: int) -> Due | None:
    first = date(year, 1, 1)
    try:
        rule = RuleProfile.objects.in_force(procedure, on=first).rule(code, on=first)
        return due(rule, first, load_calendar())
    except (RuleProfile.DoesNotExist, DeadlineRule.DoesNotExist, UnknownDay, TypeError):
        return None
