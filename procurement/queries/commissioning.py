"""What an official who orders services may look at, and in which hromadas."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from django.db.models import Exists, OuterRef

from portal.kernel.models import RuleProfile
from portal.kernel.models.reference import in_force_on
from procurement.enums import OrderOutcome
from procurement.models import (
    BudgetAct,
    Commissioner,
    Competition,
    CompetitionPolicy,
    FormVersion,
    NeedsAssessment,
    OrderDecision,
    ProcedureGround,
    RubricVersion,
)
from procurement.models.competition import within
from procurement.queries.orders import current_decisions
from registry.models import Territory

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from portal.accounts.models import User


@dataclass(frozen=True, slots=True)
class Procedure:
    """A procedure by which a hromada may call a competition, and under what rules."""

    code: str
    name: str
    profile: RuleProfile


def hromadas_seen_by(user: User) -> QuerySet[Territory]:
    """Return the hromadas whose orders the account may look at: an auditor sees all of them and acts in none."""
    return Territory.objects.hromadas().filter(within(user, "hromada"))


def grounds_for(use: str, procedure: str, on: date) -> QuerySet[ProcedureGround]:
    """Return the typed grounds that the table has on the day for a step of the procedure."""
    rows = ProcedureGround.objects.filter(in_force_on(on, "valid_from", "valid_to"), use=use)
    return rows.filter(procedure__in=("", procedure))


def decisions_to_call(hromada: Territory) -> QuerySet[OrderDecision]:
    """Return the decisions to order services that a competition may rest on; one that was corrected is left out."""
    rows = current_decisions().filter(hromada=hromada, outcome=OrderOutcome.ORDER)
    return rows.select_related("budget_act").order_by("-decided_on", "-pk")


def templates_of(model: type[FormVersion | RubricVersion]) -> QuerySet[Any]:
    """Return the last version of each form or rubric, in the order of their codes."""
    newer = model._default_manager.filter(code=OuterRef("code"), number__gt=OuterRef("number"))  # noqa: SLF001
    return model._default_manager.filter(~Exists(newer)).order_by("code")  # noqa: SLF001


def procedures_in_force(hromada: Territory, on: date) -> list[Procedure]:
    """Return each procedure with the rules a competition would take today: the hromada's own, else the national."""
    bodies = Commissioner.objects.filter(hromada=hromada).values_list("organisation__code", flat=True)
    # as `calling.start_competition` looks for them: what comes later stands
    nearness = {"": 0, **{code: 1 for code in bodies if code}, hromada.code: 2}
    profiles = RuleProfile.objects.filter(in_force_on(on, "valid_from", "valid_to"), authority__in=nearness)
    found = sorted(profiles, key=lambda one: (one.procedure, nearness[one.authority], one.valid_from))
    policies = CompetitionPolicy.objects.filter(profile__in=found).select_related("profile")
    names = {
        one.profile.procedure: str(one) for one in sorted(policies, key=lambda one: nearness[one.profile.authority])
    }
    nearest = {one.procedure: one for one in found}
    return [Procedure(code, name, nearest[code]) for code, name in sorted(names.items())]


def profiles_to_compare(competition: Competition) -> list[RuleProfile]:
    """Return the other sets of rules for competitions that the table has, for an exercise."""
    rows = RuleProfile.objects.filter(competition_policy__isnull=False).exclude(pk=competition.profile_id)
    return list(rows.order_by("procedure", "authority", "-valid_from"))


def at_work(hromadas: QuerySet[Territory]) -> QuerySet[Territory]:
    """Keep the hromadas in which somebody has entered a budget, published needs or begun a competition."""
    begun = (model.objects.filter(hromada=OuterRef("pk")) for model in (BudgetAct, Competition, NeedsAssessment))
    acts, competitions, needs = (Exists(rows) for rows in begun)
    return hromadas.filter(acts | competitions | needs)
