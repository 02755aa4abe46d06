import pytest

from tests.entitlement.rules import load_rules


@pytest.fixture
def shipped(db) -> None:
    """Put the shipped rules into the tables."""
    load_rules()
