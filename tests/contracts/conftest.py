from collections.abc import Iterator

import pytest
from django.utils import translation

from tests.contracts.making import Deal


@pytest.fixture
def in_english() -> Iterator[None]:
    """Have refusals said as the code writes them, however they are translated."""
    with translation.override("en"):
        yield


@pytest.fixture
def deal() -> Deal:
    return Deal()
