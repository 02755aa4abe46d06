"""Wagtail's permission policies for the search's models, asking the predicates of `search.rules`."""

from __future__ import annotations

from django.db.models import Model
from wagtail.permissions import register_permission_policy

from registry.viewsets.policies import Predicate, RulePolicy
from search import rules
from search.models import AskedQuery, Promotion, Synonym, UnmetNeed

EDITED: tuple[type[Model], ...] = (Synonym, Promotion)
# counted by the portal itself; nobody writes there
COUNTED: tuple[type[Model], ...] = (AskedQuery, UnmetNeed)


def register_policies() -> None:
    """Tell Wagtail who may what with each model; before any view is made."""
    seen: dict[str, Predicate] = {"view": rules.can_view_search}
    edited: dict[str, Predicate] = dict.fromkeys(("add", "change", "delete"), rules.can_edit_search)
    for model in EDITED:
        register_permission_policy(model, RulePolicy(model, {**seen, **edited}), exact_class=True)
    for model in COUNTED:
        register_permission_policy(model, RulePolicy(model, seen), exact_class=True)
