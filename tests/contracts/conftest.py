from collections.abc import Iterator

import pytest
from django.utils import translation


@pytest.fixture
def in_english() -> Iterator[None]:
    """Have refusals said as the code writes them, however they are translated."""
    with translation.override("en"):
        yield
