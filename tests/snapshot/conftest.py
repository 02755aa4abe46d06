"""A register, an order, a competition and a contract with something private in every corner of them."""

from collections.abc import Iterator

import pytest

from procurement.models import Contract
from tests.contract_machine.test_small_numbers import make_told_contract
from tests.factories.orders import make_budget_act, make_commissioner, make_needs, make_norms, make_taken_decision
from tests.factories.registry import make_provider, make_territories
from tests.results_pages.decided import make_decided
from tests.standing import standing
from tests.test_privacy import make_people, make_shelter


def make_everything() -> Contract:
    """Return the contract of a portal that has something of every table."""
    make_shelter()
    make_people()
    contract = make_told_contract()
    make_norms()
    make_provider()
    place = make_territories().poltava_hromada
    user = make_commissioner(place)
    make_taken_decision(make_budget_act(user=user, hromada=place), user)
    make_needs(user, hromada=place)
    make_decided()
    return contract


@pytest.fixture(scope="module")
def standing_contract(django_db_setup, django_db_blocker) -> Iterator[Contract]:
    with standing(django_db_blocker, make_everything) as contract:
        yield contract


@pytest.fixture
def everything(standing_contract, db) -> Contract:
    return Contract.objects.get(pk=standing_contract.pk)
