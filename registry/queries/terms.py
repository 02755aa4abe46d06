"""The rules by which the register works on a day: its profile for a hromada, and the term of its decision there."""

from __future__ import annotations

from datetime import date
from typing import Final

from portal.kernel.models import DeadlineRule, RuleProfile
from registry.models import Territory

PROCEDURE: Final = "registry"
DECISION_TERM: Final = "registry-decision"


def profile_in_force(on: date, hromada: Territory | None = None) -> RuleProfile | None:
    """Return the rules of the hromada, else the national ones; none where the table has none."""
    try:
        return RuleProfile.objects.in_force(PROCEDURE, on, authority=hromada.code if hromada else "")
    except RuleProfile.DoesNotExist:
        return None


def decision_rule(profile: RuleProfile | None, on: date) -> DeadlineRule | None:
    """Return the row that says how long a decision may take by these rules; none where the table has none."""
    try:
        return profile.rule(DECISION_TERM, on) if profile else None
    except DeadlineRule.DoesNotExist:
        return None
