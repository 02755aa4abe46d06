"""Risk cards as everybody reads them, and those that wait for a word."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, Prefetch, Q, QuerySet

from procurement import contract_rules, rules
from procurement.contract_enums import ContractState, RiskState
from procurement.enums import CompetitionState
from procurement.models import RiskCard, RiskReply, RiskRule
from registry.models import Territory


def public_cards() -> QuerySet[RiskCard]:
    """Return the cards of concluded contracts and of competitions whose proposals are opened or decided on."""
    return RiskCard.objects.filter(
        Q(contract__state__in=ContractState.public) | Q(competition__state__in=CompetitionState.readable)
    )


def for_list(rows: QuerySet[RiskCard]) -> QuerySet[RiskCard]:
    """Read with each card all that is said of it, the latest found first."""
    related = rows.select_related(
        "rule",
        "contract__hromada__oblast",
        "contract__contractor",
        "contract__commissioner__organisation",
        "competition__hromada__oblast",
        "competition__commissioner__organisation",
    ).defer("competition__public_key", "competition__wrapped_key")
    replies = RiskReply.objects.order_by("at", "pk")
    return related.prefetch_related(Prefetch("replies", replies)).order_by("-found_at", "-pk")


def cards_for_official(user: Any) -> QuerySet[RiskCard]:
    """Return the cards of this official's hromadas; an auditor has all."""
    if contract_rules.is_auditor(user):
        return public_cards()
    places = rules.hromadas_of(user)
    return public_cards().filter(Q(contract__hromada__in=places) | Q(competition__hromada__in=places))


def risk_rules() -> QuerySet[RiskRule]:
    """Return the indicators in their order, each with how many of its cards hold now (`holding`)."""
    public = Q(cards__contract__state__in=ContractState.public)
    public |= Q(cards__competition__state__in=CompetitionState.readable)
    holding = Count("cards", filter=Q(cards__state=RiskState.OPEN) & public)
    return RiskRule.objects.annotate(holding=holding).order_by("order", "slug")


def hromadas_of_cards() -> QuerySet[Territory]:
    """Return the hromadas that have cards, with their oblasts."""
    of_contracts = public_cards().values("contract__hromada")
    of_competitions = public_cards().values("competition__hromada")
    rows = Territory.objects.filter(Q(pk__in=of_contracts) | Q(pk__in=of_competitions))
    return rows.select_related("oblast").order_by("oblast__name", "name")
