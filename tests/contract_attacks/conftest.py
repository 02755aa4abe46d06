from collections.abc import Iterator

import pytest
from django.utils import translation

from portal.kernel import clock
from tests.factories.contracts import NOW


@pytest.fixture(autouse=True)
def in_english() -> Iterator[None]:
    """Have refusals said as the code writes them, on the day of the tests."""
    with translation.override("en"), clock.standing_at(NOW):
        yield
