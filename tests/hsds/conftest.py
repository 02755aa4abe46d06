"""A register that has everything HSDS can say of a service, and a clean memory of identifiers."""

from collections.abc import Iterator

import pytest

from portal.site.opendata.hsds.finding import identifiers
from tests.hsds.scene import Scene, make_scene
from tests.hsds.schemas import standards
from tests.test_privacy import people, shelter

__all__ = ["people", "shelter"]


@pytest.fixture(autouse=True)
def forget_identifiers() -> Iterator[None]:
    identifiers.forget()
    yield
    identifiers.forget()


@pytest.fixture
def scene() -> Scene:
    return make_scene()


@pytest.fixture
def schemas() -> None:
    """Skip where the schemas are not beside this checkout."""
    standards()
