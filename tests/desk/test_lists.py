"""Lists of the desk: found by what an official types, filtered, and as costly for three rows as for one."""

import pytest
from django.urls import reverse

from portal.kernel.models import LogEntry
from registry.models import RegisterEntry
from tests.desk.conftest import shelter
from tests.factories.accounts import make_official
from tests.factories.registry import make_carer, make_catalogue, make_provider, make_territories


def listed(client, **asked) -> list[str]:
    response = client.get(reverse("desk_entries:index"), asked)
    return [entry.number for entry in response.context["object_list"]]


@pytest.mark.parametrize("item_count", [1, 3])
def test_list_of_providers_costs_the_same(desk, django_assert_num_queries, item_count):
    for _ in range(item_count - 1):
        shelter(desk.places)
    client = desk.clients["registrar"]
    client.get(reverse("desk_entries:index"))

    with django_assert_num_queries(13):
        response = client.get(reverse("desk_entries:index"))

    assert len(response.context["object_list"]) == item_count


@pytest.mark.parametrize(("text", "item_count"), [("Диканька", 1), ("Полтавськ", 3)])
def test_list_of_territories_costs_the_same(desk, django_assert_num_queries, text, item_count):
    client = desk.clients["auditor"]
    url = reverse("desk_territories:index")
    client.get(url)

    with django_assert_num_queries(12):
        response = client.get(url, {"q": text})

    assert len(response.context["object_list"]) == item_count


@pytest.mark.parametrize("item_count", [1, 3])
def test_decision_log_costs_the_same(desk, django_assert_num_queries, item_count):
    for _ in range(item_count - 1):
        shelter(desk.places)
    client = desk.clients["auditor"]
    client.get(reverse("desk_log:index"))

    with django_assert_num_queries(11):
        response = client.get(reverse("desk_log:index"))

    assert len(response.context["object_list"]) == item_count == LogEntry.objects.count()


@pytest.mark.parametrize("item_count", [1, 3])
def test_list_of_accounts_costs_the_same(desk, django_assert_num_queries, item_count):
    for number in range(item_count):
        make_official("registrar", desk.places.poltavska, email=f"counted{number}@gov.example")
    client = desk.clients["administrator"]
    url = reverse("wagtailusers_users:index")
    client.get(url)

    with django_assert_num_queries(15):
        response = client.get(url, {"q": "counted"})

    assert len(response.context["object_list"]) == item_count


@pytest.mark.parametrize("item_count", [1, 3])
def test_card_costs_the_same(desk, django_assert_num_queries, item_count):
    entry = desk.entry
    client = desk.clients["auditor"]
    url = reverse("desk_entries:entry", args=[entry.number])
    client.get(url)
    for number in range(item_count - 1):
        entry.contacts.create(kind="phone", value=f"+38053519000{number}")
        entry.sites.create(street=f"вул. {number}", hromada=desk.places.dykanska)
        service = entry.services.create(service_type=make_catalogue().shelter, title=f"Притулок {number}")
        service.areas.add(desk.places.dykanska)

    with django_assert_num_queries(24):
        client.get(url)


def test_list_finds_by_name_number_and_code_in_any_case(desk):
    entry = make_provider(name="ГО «Ясна Зоря»")
    client = desk.clients["registrar"]

    for text in ("ясна", "ЗОРЯ ясна", entry.number, entry.organisation.code, entry.organisation.code[:5]):
        assert entry.number in listed(client, q=text)
    assert listed(client, q="ясна", p="1") == [entry.number]
    assert listed(client, q="100%_(") == []


def test_list_is_of_the_own_territory(desk):
    elsewhere = make_provider(sites=[], services=[])
    carer = make_carer()

    assert listed(desk.clients["registrar"]) == [desk.entry.number, carer.number]
    assert listed(desk.clients["approver"]) == [desk.entry.number, carer.number]
    assert listed(desk.clients["neighbour"]) == []
    assert listed(desk.clients["auditor"]) == [desk.entry.number, elsewhere.number, carer.number]


def test_list_narrows_by_each_filter(desk):
    bare = make_provider(services=[], demo=True, ownership_form="private")
    client, own = desk.clients["registrar"], desk.entry.number

    found = {
        "oblast": listed(client, oblast=desk.places.odeska.pk),
        "standing": listed(client, standing="suspended"),
        "ownership": listed(client, ownership="private"),
        "with services": listed(client, with_services="true"),
        "without": listed(client, with_services="false"),
        "demo": listed(client, demo="true"),
        "confirmed": listed(client, confirmed="true"),
        "unconfirmed": listed(client, confirmed="false"),
    }

    assert found == {
        "oblast": [],
        "standing": [],
        "ownership": [bare.number],
        "with services": [own],
        "without": [bare.number],
        "demo": [bare.number],
        "confirmed": [],
        "unconfirmed": [own, bare.number],
    }


def test_figures_of_the_first_page_are_of_the_own_territory(desk):
    make_provider(sites=[], services=[])

    panels = [panel.name for panel in desk.clients["registrar"].get(reverse("wagtailadmin_home")).context["panels"]]

    assert panels[:2] == ["desk_applications", "desk_figures"]
    page = desk.clients["registrar"].get(reverse("wagtailadmin_home")).content.decode()
    assert desk.entry.number in page
    assert RegisterEntry.objects.exclude(pk=desk.entry.pk).get().number not in page


def test_log_narrows_by_tag_subject_and_day(desk):
    make_provider()
    client = desk.clients["auditor"]

    def found(**asked):
        return [line.seq for line in client.get(reverse("desk_log:index"), asked).context["object_list"]]

    assert found() == [2, 1]
    assert found(subject=f"registry.entry:{desk.entry.number}") == [1]
    assert found(tag="registry:entry") == [2, 1]
    assert found(tag="kernel") == []
    assert found(since="2026-11-22", until="2026-11-22") == [2, 1]
    assert found(since="2026-11-23") == []
    assert found(actor_role="administrator") == []


def test_territories_are_found_with_any_apostrophe_and_case(db, sign_in, places):
    from registry.queries.desk import find_places, place_text

    made = make_territories()

    assert find_places("диканька") == [made.dykanka]
    assert find_places("Полтава, полт") == [made.poltava]
    assert find_places("UA5308013001") == [made.dykanka]
    assert find_places("") == []
    assert place_text(made.dykanka) == (
        "Диканька, Диканська громада, Полтавський район, Полтавська область (UA53080130010081044)"
    )
