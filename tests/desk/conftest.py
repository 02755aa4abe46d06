from dataclasses import dataclass
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from portal.accounts.models import User
from registry.domain.records import ContactRecord, SiteRecord
from registry.models import Application, RegisterEntry
from tests.factories.accounts import make_official
from tests.factories.applications import make_criteria, make_grounds, make_rules, make_submitted
from tests.factories.registry import Territories, make_provider, make_territories

SECRET_STREET = "вул. Прихована"
SECRET_PHONE = "+380509998877"


@dataclass
class Desk:
    places: Territories
    entry: RegisterEntry
    clients: dict[str, Client]
    users: dict[str, User]


@pytest.fixture
def places(db) -> Territories:
    return make_territories()


def shelter(places: Territories, **overrides) -> RegisterEntry:
    """A provider of Poltava oblast with a confidential address and a private contact."""
    public = SiteRecord(
        kind="legal",
        territory_id=places.dykanka.pk,
        hromada_id=places.dykanska.pk,
        oblast_id=places.poltavska.pk,
        street="вул. Незалежності",
        building="133",
    )
    secret = SiteRecord(
        territory_id=places.poltava.pk,
        hromada_id=places.poltava_hromada.pk,
        oblast_id=places.poltavska.pk,
        label="Таємний дім",
        street=SECRET_STREET,
        building="7",
        confidential=True,
    )
    return make_provider(
        **{
            "sites": [public, secret],
            "contacts": [ContactRecord("phone", "+380535190000"), ContactRecord("phone", SECRET_PHONE, "", True)],
            **overrides,
        }
    )


@pytest.fixture
def desk(places, sign_in) -> Desk:
    """One provider in Poltava oblast, and an official of every role; `neighbour` is a registrar of Odesa oblast."""
    users = {
        "administrator": make_official("administrator"),
        "registrar": make_official("registrar", places.poltavska),
        "approver": make_official("approver", places.poltavska),
        "editor": make_official("editor"),
        "auditor": make_official("auditor"),
        "neighbour": make_official("registrar", places.odeska),
    }
    return Desk(places, shelter(places), {name: sign_in(user) for name, user in users.items()}, users)


@pytest.fixture
def asked(desk) -> Application:
    """A submitted application for inclusion in Poltava oblast, with two services and criteria for each."""
    make_criteria()
    make_rules(days=30, correction_days=10)
    make_grounds()
    return make_submitted(services=2, now=timezone.now() - timedelta(days=2))
