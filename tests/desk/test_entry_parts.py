"""Addresses, contacts and services of an entry at the desk: added, changed, removed, or refused beside the field."""

import pytest

from portal.kernel.models import LogEntry
from registry.models import RegisterEntry
from tests.desk.editing import GROUND, address, filled
from tests.factories.registry import make_catalogue


@pytest.mark.parametrize("part", ["sites", "contacts", "services"])
def test_part_form_sent_back_as_it_came_changes_nothing(desk, part):
    client = desk.clients["registrar"]
    before = LogEntry.objects.count()
    for row in getattr(desk.entry, part).all():
        url = address(desk, "edit_part", part, row.pk)
        response = client.post(url, filled(client.get(url)))
        assert response.status_code == 302

    assert LogEntry.objects.count() == before


def test_part_removed_meanwhile_loses_nothing_typed(desk):
    mine, other = desk.clients["registrar"], desk.clients["administrator"]
    contact = desk.entry.contacts.filter(private=False).get()
    url = address(desk, "edit_part", "contacts", contact.pk)
    page = mine.get(url)
    other.post(address(desk, "remove_part", "contacts", contact.pk), {"ground": GROUND, "version": desk.entry.version})

    response = mine.post(url, filled(page, value="+380535111111"))

    assert (response.status_code, response.context["form"]["value"].value()) == (200, "+380535111111")


def test_address_is_added_with_its_place_hours_and_access(desk):
    client, words = desk.clients["registrar"], make_catalogue()
    url = address(desk, "add_part", "sites")
    typed = {
        "kind": "service",
        "place": "Полтава, Полтавська",
        "street": "вул. Соборності",
        "building": "1",
        "hours_mon": "9-13, 14:00–18:00",
        f"access_{words.ramp.pk}": "yes",
        f"access_{words.toilet.pk}": "no",
    }

    response = client.post(url, filled(client.get(url), **typed))

    assert response.status_code == 302
    site = desk.entry.sites.get(street="вул. Соборності")
    assert (site.territory, site.hromada, site.oblast) == (
        desk.places.poltava,
        desk.places.poltava_hromada,
        desk.places.poltavska,
    )
    assert site.hours == {"mon": [["09:00", "13:00"], ["14:00", "18:00"]]}
    assert dict(site.access.values_list("feature__slug", "available")) == {"ramp": True, "accessible-toilet": False}


@pytest.mark.parametrize(
    ("typed", "fields"),
    [
        ({"place": ""}, ["place"]),
        ({"place": "Неіснуюче"}, ["place"]),
        ({"place": "UA99999999999999999"}, ["place"]),
        ({"place": "UA53080000000016371"}, ["place"]),
        ({"latitude": "49.5"}, ["longitude"]),
        ({"latitude": "95", "longitude": "200"}, ["__all__"]),
        ({"postal_index": "3851"}, ["postal_index"]),
        ({"hours_mon": "з ранку"}, ["hours"]),
        ({"hours_mon": "18:00–09:00"}, ["hours"]),
    ],
)
def test_faulty_address_is_refused_beside_its_field(desk, typed, fields):
    client = desk.clients["registrar"]
    url = address(desk, "add_part", "sites")

    response = client.post(url, filled(client.get(url), **{"place": "Диканька", "street": "вул. Нова", **typed}))

    assert (response.status_code, list(response.context["form"].errors)) == (200, fields)


@pytest.mark.parametrize(
    ("typed", "fields"),
    [
        ({"price_mode": "free", "price": "10"}, ["price"]),
        ({"price_mode": "tariff", "price": "10"}, ["price_unit"]),
        ({"price_mode": "tariff", "price_unit": "visit"}, ["price"]),
        ({"price_mode": "tariff", "price": "-1", "price_unit": "visit"}, ["price"]),
        ({"price_on": "2026-11-01"}, ["price_on"]),
        ({"capacity": "5"}, ["capacity_on"]),
        ({"capacity_on": "2026-11-01"}, ["capacity"]),
        ({"area_kind": "hromadas"}, ["areas"]),
        ({"area_kind": "country", "areas": "Диканська громада (UA53080130000079450)"}, ["areas"]),
        ({"area_kind": "oblast", "areas": "UA53080130000079450"}, ["areas"]),
        ({"service_type": ""}, ["service_type"]),
    ],
)
def test_faulty_service_is_refused_beside_its_field(desk, typed, fields):
    client, words = desk.clients["registrar"], make_catalogue()
    url = address(desk, "add_part", "services")

    response = client.post(url, filled(client.get(url), **{"service_type": words.counselling.pk, **typed}))

    assert (response.status_code, list(response.context["form"].errors)) == (200, fields)


def test_service_is_added_with_everything_it_says(desk):
    client, words = desk.clients["registrar"], make_catalogue()
    url = address(desk, "add_part", "services")
    typed = {
        "service_type": words.counselling.pk,
        "content": "Консультації",
        "price_mode": "tariff",
        "price": "120.50",
        "price_unit": "visit",
        "price_on": "2026-11-01",
        "capacity": "15",
        "capacity_on": "2026-11-01",
        "meets_standard": "yes",
        "groups": [words.older_people.pk],
        "delivery_forms": [words.at_home.pk],
        "area_kind": "hromadas",
        "areas": "Диканська громада (UA53080130000079450)\nUA53080370000021115",
        "at_sites": ["1"],
    }

    response = client.post(url, filled(client.get(url), **typed))

    assert response.status_code == 302
    service = desk.entry.services.get(service_type=words.counselling)
    assert (str(service.price), service.capacity, service.meets_standard) == ("120.50", 15, True)
    assert set(service.areas.values_list("name", flat=True)) == {"Диканська", "Полтавська"}
    assert [place.site.confidential for place in service.locations.all()] == [True]


def test_same_contact_twice_is_refused(desk):
    client = desk.clients["registrar"]
    url = address(desk, "add_part", "contacts")

    response = client.post(url, filled(client.get(url), kind="phone", value="+380535190000"))

    assert list(response.context["form"].errors) == ["__all__"]


def test_removed_address_leaves_services_at_the_others(desk):
    client = desk.clients["registrar"]
    legal, secret = desk.entry.sites.all()
    service = desk.entry.services.get()
    url = address(desk, "edit_part", "services", service.pk)
    client.post(url, filled(client.get(url), at_sites=["0", "1"]))
    version = RegisterEntry.objects.get(pk=desk.entry.pk).version

    client.post(address(desk, "remove_part", "sites", legal.pk), {"ground": GROUND, "version": version})

    service = desk.entry.services.get()
    assert list(desk.entry.sites.all()) == [secret]
    assert [place.site for place in service.locations.all()] == [secret]


def test_entry_does_not_leave_the_territory_of_its_registrar(desk):
    client = desk.clients["registrar"]
    legal = desk.entry.sites.get(kind="legal")
    url = address(desk, "edit_part", "sites", legal.pk)

    response = client.post(url, filled(client.get(url), place="Одеса (UA51100270010076757)"))

    assert list(response.context["form"].errors) == ["place"]
    assert RegisterEntry.objects.get(pk=desk.entry.pk).oblast == desk.places.poltavska
    moved = desk.clients["administrator"]
    assert moved.post(url, filled(moved.get(url), place="Одеса (UA51100270010076757)")).status_code == 302
    assert RegisterEntry.objects.get(pk=desk.entry.pk).oblast == desk.places.odeska
