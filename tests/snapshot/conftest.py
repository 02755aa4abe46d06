"""A register, an order, a competition and a contract with something private in every corner of them."""

import pytest

from procurement.models import Contract
from tests.contract_machine.test_small_numbers import contract
from tests.factories.orders import make_budget_act, make_commissioner, make_needs, make_norms, make_taken_decision
from tests.factories.registry import make_provider, make_territories
from tests.results_pages.decided import make_decided
from tests.test_privacy import people, shelter

__all__ = ["contract", "people", "shelter"]


@pytest.fixture
def everything(shelter, people, contract) -> Contract:
    """Return the contract of a portal that has something of every table."""
    make_norms()
    make_provider()
    place = make_territories().poltava_hromada
    user = make_commissioner(place)
    make_taken_decision(make_budget_act(user=user, hromada=place), user)
    make_needs(user, hromada=place)
    make_decided()
    return contract
