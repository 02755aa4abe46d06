"""What an auditor looks for: contracts and competitions by number, name, code or identifier, and their risk cards."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from django.db.models import Count, Q

from procurement import contract_rules, rules
from procurement.contract_enums import ContractState, RiskState
from procurement.enums import CompetitionState
from procurement.models import Competition, Contract, RiskCard
from procurement.queries.contracts.risks import cards_for_official

if TYPE_CHECKING:
    from portal.accounts.models import User

LISTED: Final = 20
_FEW: Final = 10


def contracts_like(user: User, text: str) -> list[Contract]:
    """Return concluded contracts that the official or auditor may read, by the words; without words the latest."""
    rows = contract_rules.contracts_of_official(user).filter(state__in=ContractState.public)
    if text:
        named = Q(number__icontains=text) | Q(own_number__icontains=text) | Q(identifier__icontains=text)
        named |= Q(contractor__code=text) | Q(contractor__name__icontains=text) | Q(title__icontains=text)
        rows = rows.filter(named | Q(hromada__name__istartswith=text))
    held = Count("risks", filter=Q(risks__state=RiskState.OPEN))
    related = rows.select_related("hromada", "contractor", "commissioner__organisation").annotate(holding=held)
    return list(related.order_by("-concluded_on", "-pk")[:LISTED])


def competitions_like(user: User, text: str) -> list[Competition]:
    """Return competitions whose dossier there is, by the words; without words the latest."""
    rows = Competition.objects.filter(state__in=CompetitionState.decided)
    if not contract_rules.is_auditor(user):
        rows = rows.filter(hromada__in=rules.hromadas_of(user))
    if text:
        named = Q(number__icontains=text) | Q(title__icontains=text) | Q(hromada__name__istartswith=text)
        rows = rows.filter(named)
    held = Count("risks", filter=Q(risks__state=RiskState.OPEN))
    related = rows.select_related("hromada", "commissioner__organisation").annotate(holding=held)
    return list(related.defer("public_key", "wrapped_key").order_by("-published_at", "-pk")[:LISTED])


def latest_cards(user: Any) -> list[RiskCard]:
    """Return the cards that were found last and hold."""
    rows = cards_for_official(user).filter(state=RiskState.OPEN).select_related("rule", "contract", "competition")
    return list(rows.defer("competition__public_key", "competition__wrapped_key").order_by("-found_at", "-pk")[:_FEW])
