"""The places, officials and drafts that tests of the register begin with."""

from decimal import Decimal

import pytest
from django.utils import translation

from registry.domain.providers import put_providers
from registry.domain.records import ContactRecord, ProviderRecord, ServiceRecord, SiteRecord
from registry.signals import application_moved
from tests.factories.accounts import make_official
from tests.factories.applications import (
    make_draft,
    make_grounds,
    make_representative,
)
from tests.factories.registry import (
    NOW,
    REGISTRAR,
    make_catalogue,
    make_provider,
    make_territories,
    provider_record,
)
from tests.registry.merging import SECRET_PHONE, SECRET_STREET


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


@pytest.fixture
def read_in_english():
    translation.activate("en")


@pytest.fixture
def grounds():
    return make_grounds()


@pytest.fixture
def officials():
    places = make_territories()
    return {
        "registrar": make_official("registrar", places.poltavska),
        "approver": make_official("approver", places.poltavska),
        "neighbour": make_official("approver", places.odeska),
        "administrator": make_official("administrator"),
    }


@pytest.fixture
def pair():
    """Return the card known by a code, and the one that a list without codes brought of the same organisation."""
    places, words = make_territories(), make_catalogue()
    kept = make_provider(name="КУ «Центр»")
    record = ProviderRecord(
        external_ref="list:77",
        name="Центр надання соціальних послуг",
        about="Працює з 2019 року.",
        sites=[
            provider_record().sites[0],
            SiteRecord(
                territory_id=places.poltava.pk,
                hromada_id=places.poltava_hromada.pk,
                oblast_id=places.poltavska.pk,
                street="вул. Соборна",
                building="5",
            ),
            SiteRecord(
                hromada_id=places.dykanska.pk, oblast_id=places.poltavska.pk, street=SECRET_STREET, confidential=True
            ),
        ],
        contacts=[
            ContactRecord("phone", "+380535190000"),
            ContactRecord("website", "https://center.example"),
            ContactRecord("phone", SECRET_PHONE, private=True),
        ],
        services=[
            ServiceRecord(words.home_care.pk, content="Інший зміст."),
            ServiceRecord(
                words.shelter.pk,
                content="Ночівля.",
                price_mode="tariff",
                price=Decimal("50.00"),
                price_unit="day",
                at_sites=(0, 1),
            ),
            ServiceRecord(words.counselling.pk),
        ],
    )
    (outcome,) = put_providers([record], actor=REGISTRAR, ground="список", now=NOW)
    return kept, outcome.entry


@pytest.fixture
def heard():
    """Return the steps that the layers above were told of."""
    steps = []

    def listen(sender, application_id, step, **kwargs):
        steps.append((application_id, step))

    application_moved.connect(listen)
    yield steps
    application_moved.disconnect(listen)
