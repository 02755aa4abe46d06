"""Wagtail's permission policies for the desk's models, all of them asking the predicates of `registry.rules`."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import TYPE_CHECKING, Any

from django.contrib.auth import get_user_model
from django.db.models import Model, QuerySet
from wagtail.permission_policies.base import BasePermissionPolicy
from wagtail.permissions import register_permission_policy

from portal.accounts.enums import Role
from portal.accounts.models import Claim
from portal.kernel.models import (
    Act,
    CalendarRegime,
    DeadlineRule,
    Edition,
    LogEntry,
    NonWorkingDay,
    RuleProfile,
)
from registry import rules
from registry.models import (
    AccessFeature,
    Application,
    BasicServiceRow,
    BudgetCode,
    CaseLoadNorm,
    DeliveryForm,
    EntryMerge,
    FeeRule,
    FreeOfCharge,
    HardshipFactor,
    ImportRun,
    IncomeBand,
    MistakeReport,
    PaymentTerm,
    RegisterEntry,
    ServiceType,
    StaffingNorm,
    SubsistenceMinimum,
    Territory,
    VulnerableGroup,
)

if TYPE_CHECKING:
    from portal.accounts.models import User

Predicate = Callable[..., bool]

LAW = (Act, Edition, RuleProfile, DeadlineRule, CalendarRegime, NonWorkingDay)
CATALOGUE = (
    ServiceType,
    BasicServiceRow,
    VulnerableGroup,
    HardshipFactor,
    DeliveryForm,
    AccessFeature,
    SubsistenceMinimum,
    BudgetCode,
    FreeOfCharge,
    IncomeBand,
    FeeRule,
    PaymentTerm,
    StaffingNorm,
    CaseLoadNorm,
)


class RulePolicy(BasePermissionPolicy):
    """Allow an action when its predicate does; an action without one is allowed to nobody."""

    def __init__(self, model: type[Model], predicates: Mapping[str, Predicate]) -> None:
        super().__init__(model)
        self.predicates = predicates

    def user_has_permission(self, user: User, action: str) -> bool:
        predicate = self.predicates.get(action)
        return predicate is not None and bool(predicate(user))

    def user_has_any_permission(self, user: User, actions: Collection[str]) -> bool:
        return any(self.user_has_permission(user, action) for action in actions)

    def users_with_any_permission(self, actions: Collection[str]) -> QuerySet[Any]:
        """Return the officials who may, found by asking each: there are dozens, not thousands."""
        officials = get_user_model().objects.filter(is_active=True, groups__name__in=Role.values).distinct()
        return officials.filter(pk__in=[user.pk for user in officials if self.user_has_any_permission(user, actions)])


def register_policies() -> None:
    """Tell Wagtail who may what with each model of the desk; before any view is made."""
    for model in LAW:
        editable: dict[str, Predicate] = dict.fromkeys(("add", "change"), rules.can_edit_reference)
        register_permission_policy(model, RulePolicy(model, {"view": rules.can_view_law, **editable}), exact_class=True)
    for model in CATALOGUE:
        editable = dict.fromkeys(("add", "change"), rules.can_edit_reference)
        policy = RulePolicy(model, {"view": rules.can_view_reference, **editable})
        register_permission_policy(model, policy, exact_class=True)
    fixed: dict[type[Model], dict[str, Predicate]] = {
        # units come from the codifier alone; facts about them may be corrected
        Territory: {"view": rules.can_view_reference, "change": rules.can_edit_reference},
        RegisterEntry: {"view": rules.can_view_entries, "add": rules.can_create_entry},
        ImportRun: {"view": rules.can_view_imports, "add": rules.can_import_providers},
        LogEntry: {"view": rules.can_view_log},
        EntryMerge: {"view": rules.can_view_entries},
        MistakeReport: {"view": rules.can_view_entries},
        Application: {"view": rules.can_view_entries},
        Claim: {"view": rules.can_view_claims},
    }
    for model, predicates in fixed.items():
        register_permission_policy(model, RulePolicy(model, predicates), exact_class=True)
