"""The places, rules and officials that tests of needs and orders begin with."""

import pytest
from django.utils import timezone, translation

from tests.factories.orders import MARCH, make_budget_act, make_commissioner, make_norms
from tests.factories.registry import make_catalogue, make_territories


@pytest.fixture
def in_march(monkeypatch):
    """Let it be 13 March 2027: the decisions on the adopted budgets of the year have been due for twelve days."""
    monkeypatch.setattr(timezone, "now", lambda: MARCH)


@pytest.fixture
def places(db):
    make_norms()
    make_catalogue()
    return make_territories()


@pytest.fixture
def official(places):
    return make_commissioner(places.dykanska)


@pytest.fixture
def neighbour(places):
    return make_commissioner(places.odeska)


@pytest.fixture
def act(official):
    return make_budget_act(user=official)


@pytest.fixture
def read_in_english():
    translation.activate("en")
