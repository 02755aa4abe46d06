"""A hromada's official at the desk, those who may only look on, and those for whom it does not exist."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from portal.accounts.models import User
from procurement.domain.seal import keys
from procurement.models import Competition
from tests.commissioning.calling import CALLS
from tests.factories.accounts import make_mandate, make_official, make_organisation, make_person
from tests.factories.ordering import make_commissioner
from tests.factories.procurement import make_call, make_published
from tests.factories.registry import Territories, make_catalogue, make_territories, next_edrpou
from tests.factories.rule_profiles import make_rules

HOME = "/cabinet/commissioning/"


@dataclass
class Office:
    """`official` orders services in Dykanka alone; `client` is their browser. The others are for what they may not."""

    places: Territories
    official: User
    client: Client
    users: dict[str, User]
    now: datetime


@pytest.fixture(autouse=True)
def _own_keys(settings, tmp_path):
    settings.PRIVATE_ROOT = tmp_path / "private"
    settings.SEALING_KEY_FILE = tmp_path / "keys" / "sealing.key"
    settings.DRAFT_KEY_FILE = tmp_path / "keys" / "drafts.key"
    keys.make_missing_keys()


@pytest.fixture
def office(db, sign_in) -> Office:
    places = make_territories()
    make_catalogue(), make_rules(), make_commissioner()
    official = make_official("commissioner", places.dykanska)
    provider = make_person()
    make_mandate(provider, make_organisation(code=next_edrpou()))
    users = {
        "neighbour": make_official("commissioner", places.odesa_hromada),
        "provider": provider,
        "registrar": make_official("registrar", places.poltavska),
        "auditor": make_official("auditor"),
        "administrator": make_official("administrator"),
    }
    return Office(places, official, sign_in(official), users, timezone.now())


@pytest.fixture
def draft(office) -> Competition:
    """A complete draft."""
    return make_call(user=office.official, now=office.now)


@pytest.fixture
def bare(office) -> Competition:
    """A draft that only has been begun."""
    answer = office.client.post(
        f"{CALLS}new/", {"procedure": "social-order", "commissioner": make_commissioner().pk, "title": "Догляд вдома"}
    )
    return Competition.objects.get(pk=int(answer.url.split("/")[-2]))


@pytest.fixture
def running(office) -> Competition:
    return make_published(user=office.official, now=office.now - timedelta(days=2))
