"""Who reads what is written about a contract: officials who have nothing to do with the provider, its own people."""

from __future__ import annotations

from datetime import date

from portal.accounts.enums import Role
from portal.accounts.models import Organisation, User
from procurement.models import Contract
from procurement.queries.readers import people_of_all
from registry.models import Territory
from registry.queries.readers import officials_or_administrators, units_around


def officials_of_contract(contract: Contract, on: date) -> list[User]:
    """Return the officials who order services there, without those who act for the provider."""
    return officials_of_place(contract.hromada, contract.contractor, on)


def officials_of_place(hromada: Territory, party: Organisation | None, on: date) -> list[User]:
    """Return the officials who order services in a hromada, without those who act for the party."""
    away = {user.pk for user in people_of_provider(party.pk, on)} if party is not None else set()
    found = officials_or_administrators(units_around(hromada), Role.COMMISSIONER)
    return [user for user in found if user.pk not in away]


def people_of_provider(organisation: int, on: date) -> list[User]:
    """Return those who may sign in and act for the provider on the day."""
    return people_of_all([organisation], on).get(organisation, [])
