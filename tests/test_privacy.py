"""Private is private in every channel: one walk through all of them with secrets planted in every private field."""

import io
import logging
from datetime import timedelta
from unittest import mock
from zipfile import ZipFile

import pytest
from django.urls import reverse

from portal.accounts.enums import Role
from portal.accounts.models import User
from portal.accounts.roles import ensure_roles
from portal.kernel.models import LogEntry, OutboxMessage
from registry.domain.providers import put_providers
from registry.domain.records import ContactRecord, ProviderRecord, ServiceRecord, SiteRecord
from registry.enums import SiteKind
from registry.models import EntryChange, Territory, TerritoryScope
from registry.queries.index import register_index
from tests.factories.registry import NOW, REGISTRAR, make_catalogue, make_provider, make_territories

pytestmark = [pytest.mark.django_db, pytest.mark.databases]

STREET, BUILDING, ROOM, INDEX, LABEL = "вул. Прихована", "77777", "88888", "36999", "Будинок Тиша"
OLD_STREET = "вул. Колишня"
LATITUDE, LONGITUDE = 49.123457, 34.765432
HIDDEN_TOWN = "Сховище"
PRIVATE_PHONE, PRIVATE_HEAD = "+380507778899", "Схована Особа Іванівна"
PROPRIETOR_RNOKPP, CARER_RNOKPP = "1234567899", "3184710691"
CARER_NAME = "Таємна Доглядальниця Петрівна"
SECRETS = [
    *("Прихована", BUILDING, ROOM, INDEX, LABEL, "Колишня", "49.123457", "34.765432", "49,123457", HIDDEN_TOWN),
    *(PRIVATE_PHONE, "0507778899", "050 777 88 99", PRIVATE_HEAD, PROPRIETOR_RNOKPP, CARER_RNOKPP, CARER_NAME),
]


def make_shelter():
    """Return the entry of a shelter whose address was public once, then moved, corrected and made confidential."""
    places, words = make_territories(), make_catalogue()
    town = Territory.objects.create(
        code="UA53080130020099999",
        category="C",
        name=HIDDEN_TOWN,
        parent=places.dykanska,
        oblast=places.poltavska,
        raion=places.poltavskyi_raion,
        hromada=places.dykanska,
    )

    def record(**site):
        address = SiteRecord(
            kind=SiteKind.SERVICE,
            hromada_id=places.dykanska.pk,
            oblast_id=places.poltavska.pk,
            territory_id=town.pk,
            **site,
        )
        return ProviderRecord(
            external_ref="shelter",
            name="ГО «Прихисток»",
            sites=[address],
            contacts=[
                ContactRecord("phone", "+380800000000"),
                ContactRecord("phone", PRIVATE_PHONE, private=True),
                ContactRecord("head", PRIVATE_HEAD, private=True),
            ],
            services=[ServiceRecord(words.shelter.pk, content="Притулок.", at_sites=(0,))],
        )

    secret = {
        "label": LABEL,
        "street": STREET,
        "building": BUILDING,
        "room": ROOM,
        "postal_index": INDEX,
        "latitude": LATITUDE,
        "longitude": LONGITUDE,
    }
    steps = [
        record(**{**secret, "confidential": True}),
        record(**{**secret, "confidential": True, "postal_index": "36998"}),
        record(**{**secret, "confidential": True, "street": OLD_STREET}),
        record(**{**secret, "confidential": True}),
    ]
    for day, step in enumerate(steps):
        (outcome,) = put_providers(
            [step], actor=REGISTRAR, ground="тест", now=NOW + timedelta(days=day), replace_parts=True
        )
    return outcome.entry


def make_people():
    """Return a sole proprietor with an open card and a carer with a closed one, both known by РНОКПП."""
    places, words = make_territories(), make_catalogue()
    site = SiteRecord(hromada_id=places.dykanska.pk, oblast_id=places.poltavska.pk)
    records = [
        ProviderRecord(
            rnokpp=PROPRIETOR_RNOKPP,
            name="ФОП Відкрита Олена",
            person_type="sole_proprietor",
            legal_form="sole_proprietor",
            sites=[site],
            services=[ServiceRecord(words.home_care.pk)],
        ),
        ProviderRecord(
            rnokpp=CARER_RNOKPP,
            name=CARER_NAME,
            person_type="natural_person",
            legal_form="carer_professional",
            sites=[site],
            services=[ServiceRecord(words.home_care.pk)],
        ),
    ]
    outcomes = put_providers(records, actor=REGISTRAR, ground="тест", now=NOW)
    put_providers(
        [
            ProviderRecord(rnokpp=PROPRIETOR_RNOKPP, about="Працює з 2020 року."),
            ProviderRecord(rnokpp=CARER_RNOKPP, about="Досвід."),
        ],
        actor=REGISTRAR,
        ground="тест",
        now=NOW,
    )
    return [outcome.entry for outcome in outcomes]


@pytest.fixture
def shelter():
    return make_shelter()


@pytest.fixture
def people():
    return make_people()


def official(role, territory=None):
    ensure_roles()
    user = User.objects.create_user(
        f"{role.value}-{territory.pk if territory else 0}@example.org", "secret-word-1", is_staff=True
    )
    from django.contrib.auth.models import Group

    user.groups.add(Group.objects.get(name=role.value))
    if territory:
        TerritoryScope.objects.create(user=user, territory=territory)
    return user


def text_of(response):
    body = b"".join(response.streaming_content) if response.streaming else response.content
    if response.headers.get("Content-Type", "").startswith("application/vnd.openxml"):
        with ZipFile(io.BytesIO(body)) as archive:
            return "\n".join(archive.read(name).decode() for name in archive.namelist())
    return body.decode()


def told(text):
    """Return the secrets in a text, written as they are or escaped as JSON does."""
    plain = text.encode().decode("unicode_escape", errors="ignore") if "\\u04" in text else ""
    return [secret for secret in SECRETS if secret in text or secret in plain]


def public_addresses(shelter, people):
    places, words = make_territories(), make_catalogue()
    cards = [entry.number for entry in (shelter, *people)]
    for prefix in ("", "/en"):
        yield from (f"{prefix}{path}" for path in ("/", "/registry/", "/services/", "/territories/", "/verify/"))
        for number in cards:
            yield from (f"{prefix}/registry/{number}/", f"{prefix}/registry/{number}/history/")
            yield from (f"{prefix}/registry/{number}/history/?on=2026-11-{day}" for day in range(21, 27))
        for service in (words.shelter, words.home_care):
            yield f"{prefix}/services/{service.slug}/"
        for place in (places.poltavska, places.poltavskyi_raion, places.dykanska, places.dykanka):
            yield f"{prefix}/territories/{place.code}/"
        yield f"{prefix}/registry/data-dictionary/"
    for form in ("csv", "xlsx", "json"):
        yield f"/registry/export.{form}"
        yield f"/registry/export.{form}?standing=included&standing=suspended&standing=excluded"
    yield from ("/healthz", "/registry/data-dictionary/?format=json")
    # a search that finds by a secret would tell it
    yield from (f"/registry/?q={secret}" for secret in ("Прихована", HIDDEN_TOWN, "Петрівна", PROPRIETOR_RNOKPP))


def test_no_public_channel_tells_a_secret(client, shelter, people, caplog):
    make_provider()
    caplog.set_level(logging.DEBUG)
    register_index.refresh()

    leaks = {}
    for address in public_addresses(shelter, people):
        response = client.get(address)
        text = text_of(response)
        query = address.partition("?q=")[2]
        # the codifier's list of settlements is public; that something is hidden in one of them is not
        known = {HIDDEN_TOWN} if "/territories/" in address else set()
        if found := [secret for secret in told(text) if secret not in query and secret not in known]:
            leaks[address] = found
        if query:
            assert shelter.number not in text, address
            assert people[0].number not in text, address

    assert leaks == {}
    assert told(caplog.text) == []


def test_closed_cards_are_not_found_at_all(client, people):
    carer = people[1]

    answers = [client.get(f"/registry/{carer.number}{tail}").status_code for tail in ("/", "/history/")]

    assert answers == [404, 404]


def test_no_stored_trace_tells_a_secret(shelter, people):
    register_index.refresh()
    public_history = EntryChange.objects.filter(entry__is_open=True)

    assert told(str(list(public_history.values()))) == []
    assert told(str(list(LogEntry.objects.values()))) == []
    assert told(str(list(OutboxMessage.objects.values()))) == []
    assert told(" ".join(register_index._words)) == []


def test_search_text_does_not_know_the_words_of_a_secret(shelter, people):
    register_index.refresh()

    assert [
        word for word in ("прихована", "колишня", "сховище", "таємна", "петрівна") if register_index.matching(word)
    ] == []


def desk_addresses(entry):
    yield reverse("desk_entries:index")
    yield reverse("desk_entries:index") + "?q=" + entry.number
    yield reverse("desk_entries:places") + "?q=Сховище"
    for name in ("entry", "history", "edit"):
        yield reverse(f"desk_entries:{name}", args=[entry.number])
    for part, rows in (("sites", entry.sites), ("contacts", entry.contacts), ("services", entry.services)):
        yield reverse("desk_entries:add_part", args=[entry.number, part])
        for row in rows.all():
            yield reverse("desk_entries:edit_part", args=[entry.number, part, row.pk])
            yield reverse("desk_entries:remove_part", args=[entry.number, part, row.pk])
    yield reverse("desk_entries:confirm", args=[entry.number])
    yield reverse("desk_applications:initiative", args=[entry.number])
    yield reverse("wagtailadmin_home")
    yield reverse("wagtailadmin_explore_root")


def test_desk_addresses_of_the_walk_are_real_ones(client, shelter):
    client.force_login(official(Role.ADMINISTRATOR))

    assert {client.get(address, follow=True).status_code for address in desk_addresses(shelter)} == {200}


@pytest.mark.parametrize("role", [Role.REGISTRAR, Role.APPROVER, Role.EDITOR])
def test_official_of_another_territory_sees_no_secret(client, shelter, people, role):
    places = make_territories()
    client.force_login(official(role, places.odeska))

    leaks = {}
    for entry in (shelter, *people):
        for address in desk_addresses(entry):
            client.post(address)
            response = client.get(address, follow=True)
            # the gazetteer of settlements is public; that something is hidden there is not
            found = [
                secret for secret in told(text_of(response)) if not ("places" in address and secret == HIDDEN_TOWN)
            ]
            if found or (entry.number in text_of(response) and "q=" not in address):
                leaks[address] = found

    assert leaks == {}


def test_registrar_of_the_territory_reads_what_the_work_needs(client, shelter):
    places = make_territories()
    client.force_login(official(Role.REGISTRAR, places.poltavska))

    address = reverse("desk_entries:entry", args=[shelter.number])

    closed, opened = text_of(client.get(address)), text_of(client.post(address))

    assert told(closed) == []
    assert {"Прихована", BUILDING, PRIVATE_PHONE} <= set(told(opened))
    assert shelter.private_views.count() == 1


def test_errors_do_not_tell_secrets_in_logs(client, shelter, people, caplog):
    client.raise_request_exception = False
    with mock.patch("registry.views.card.render", side_effect=RuntimeError("broken")):
        response = client.get(f"/registry/{shelter.number}/")

    assert response.status_code == 500
    assert told(caplog.text) == []
    assert told(response.content.decode()) == []
