"""Wagtail's permission policies for the tables of the social order: read by officials, corrected by administrators."""

from __future__ import annotations

from wagtail.permissions import register_permission_policy

from procurement.models import CompetitionPolicy, ProcedureGround, RiskRule, RubricVersion, TimetableRule
from registry import rules
from registry.viewsets.policies import Predicate, RulePolicy

TABLES = (CompetitionPolicy, RubricVersion, ProcedureGround, TimetableRule)


def register_policies() -> None:
    """Tell Wagtail who may what with each table; before any view is made."""
    for model in TABLES:
        editable: dict[str, Predicate] = dict.fromkeys(("add", "change"), rules.can_edit_reference)
        register_permission_policy(model, RulePolicy(model, {"view": rules.can_view_law, **editable}), exact_class=True)
    # which indicators there are follows from the formulas: none is added by hand
    corrected: dict[str, Predicate] = {"view": rules.can_view_law, "change": rules.can_edit_reference}
    register_permission_policy(RiskRule, RulePolicy(RiskRule, corrected), exact_class=True)
