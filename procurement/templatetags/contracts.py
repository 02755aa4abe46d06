"""Contracts on pages of other parts: a provider's card, a hromada's pages, a competition."""

from __future__ import annotations

from typing import Any

from django import template

from portal.accounts.models import Organisation
from procurement.interfaces.contract_panels import panel_of_hromada, panel_of_provider
from procurement.models import Competition
from procurement.queries.contracts.public import contractor_name, contracts_of_competition
from registry.models import Territory

register = template.Library()


@register.inclusion_tag("procurement/contracts/_of_provider.html")
def contracts_of_provider(organisation: Organisation, number: str) -> dict[str, Any]:
    """Draw what a provider, known by its number in the register, has done by contracts; nothing where it has none."""
    return {"panel": panel_of_provider(organisation), "number": number}


@register.inclusion_tag("procurement/contracts/_of_hromada.html")
def contracts_of_hromada(unit: Territory) -> dict[str, Any]:
    """Draw what a hromada pays for by contracts; nothing where it has none."""
    return {"panel": panel_of_hromada(unit), "unit": unit}


@register.inclusion_tag("procurement/contracts/_of_competition.html")
def contracts_of(competition: Competition) -> dict[str, Any]:
    """Draw which contracts came of a competition; nothing where none was concluded."""
    found = contracts_of_competition(competition.pk)
    return {"contracts": [(contract, contractor_name(contract)) for contract in found]}
