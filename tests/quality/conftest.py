"""A contract in force, its official, the provider's person; evaluations of both kinds begin from it."""

from dataclasses import dataclass
from datetime import datetime

import pytest

from portal.accounts.models import User
from portal.kernel import clock
from procurement.models import Contract
from tests.factories.contracts import make_contract
from tests.factories.quality import NOW, indicator_set


@dataclass
class House:
    contract: Contract
    official: User
    provider: User
    now: datetime = NOW


@pytest.fixture
def house(db) -> House:
    indicator_set()
    contract = make_contract()
    return House(contract, contract.created_by, contract.contractor.mandates.get().person)


@pytest.fixture
def july():
    """Let the pages stand at the moment of the factories."""
    with clock.standing_at(NOW):
        yield
