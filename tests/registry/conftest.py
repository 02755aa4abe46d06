"""The places, officials and drafts that tests of the register begin with."""

import pytest

from tests.factories.accounts import make_official
from tests.factories.applications import make_draft, make_representative
from tests.factories.registry import make_catalogue, make_territories


@pytest.fixture
def draft():
    make_territories()
    make_catalogue()
    return make_draft()


@pytest.fixture
def colleague(draft):
    return make_representative(draft.organisation, scope="editor", first_name="Петро", last_name="Гнатюк")


@pytest.fixture
def places():
    return make_territories()


@pytest.fixture
def registrar(places):
    return make_official("registrar", places.dykanska)


@pytest.fixture
def approver(places):
    return make_official("approver", places.poltavska)
