"""Changing an entry at the desk: the ground, the version, the log, the history, and nothing lost on the way."""

import json

import pytest
from django.urls import reverse

from portal.kernel.audit import verify
from portal.kernel.models import LogEntry
from registry.domain.desk import current_record
from registry.domain.providers import Actor, put_providers
from registry.domain.standing import exclude_entry
from registry.interfaces.hours import DAYS
from registry.models import EntryChange, RegisterEntry
from tests.factories.registry import NOW, REGISTRAR, make_catalogue, make_provider, next_edrpou, provider_record

GROUND = "Заява № 7 від 20.11.2026"


def address(desk, view, *args) -> str:
    return reverse(f"desk_entries:{view}", args=[desk.entry.number, *args])


def filled(response, **changes) -> dict[str, object]:
    """Return what a browser would send back from the page's form, with the changes typed."""
    form = response.context["form"]
    data: dict[str, object] = {}
    for bound in form:
        value = bound.value()
        if bound.name == "hours":
            lines = bound.field.widget.decompress(value)
            data |= {f"hours_{day}": line for day, line in zip([*DAYS, "note"], lines, strict=True)}
        elif isinstance(value, bool):
            data |= {bound.html_name: "on"} if value else {}
        elif value is not None:
            data[bound.html_name] = bound.field.prepare_value(value)
    data |= {"ground": GROUND, **changes}
    return {name: value for name, value in data.items() if value is not None}


def test_record_put_back_unchanged_changes_nothing(desk):
    (outcome,) = put_providers(
        [current_record(desk.entry)], actor=Actor(None, "registrar"), ground="", now=NOW, replace_parts=True
    )

    assert (outcome.kind, outcome.differences) == ("unchanged", [])


def test_organisation_form_sent_back_as_it_came_changes_nothing(desk):
    client = desk.clients["registrar"]
    page = client.get(address(desk, "edit"))
    before = LogEntry.objects.count()

    response = client.post(address(desk, "edit"), filled(page))

    assert response.status_code == 302
    assert LogEntry.objects.count() == before


@pytest.mark.parametrize("part", ["sites", "contacts", "services"])
def test_part_form_sent_back_as_it_came_changes_nothing(desk, part):
    client = desk.clients["registrar"]
    before = LogEntry.objects.count()
    for row in getattr(desk.entry, part).all():
        url = address(desk, "edit_part", part, row.pk)
        response = client.post(url, filled(client.get(url)))
        assert response.status_code == 302

    assert LogEntry.objects.count() == before


def test_change_of_the_card_is_logged_and_told_in_the_history(desk):
    client = desk.clients["registrar"]
    page = client.get(address(desk, "edit"))

    client.post(address(desk, "edit"), filled(page, about="Працюємо щодня."))

    entry = RegisterEntry.objects.get(pk=desk.entry.pk)
    change = EntryChange.objects.filter(field="about").get()
    line = LogEntry.objects.get(seq=change.log_seq)
    assert (entry.about, entry.version) == ("Працюємо щодня.", desk.entry.version + 1)
    assert (change.new, change.ground, change.by, change.actor_role) == (
        "Працюємо щодня.",
        GROUND,
        desk.users["registrar"],
        "registrar",
    )
    assert (line.tag, line.actor_role, json.loads(line.payload)["ground"]) == (
        "registry:entry:amend",
        "registrar",
        GROUND,
    )
    assert verify() is None


def test_change_without_a_ground_is_refused_and_keeps_what_was_typed(desk):
    client = desk.clients["registrar"]
    page = client.get(address(desk, "edit"))

    response = client.post(address(desk, "edit"), filled(page, about="Новий текст", ground=" "))

    form = response.context["form"]
    assert (response.status_code, list(form.errors), form["about"].value()) == (200, ["ground"], "Новий текст")
    assert RegisterEntry.objects.get(pk=desk.entry.pk).version == desk.entry.version


def test_ground_takes_no_taxpayer_number(desk):
    client = desk.clients["registrar"]
    page = client.get(address(desk, "edit"))

    response = client.post(address(desk, "edit"), filled(page, about="Новий текст", ground="Заява 3184710691"))

    assert list(response.context["form"].errors) == ["ground"]


def test_stale_version_is_told_beside_the_present_values_and_may_be_saved_knowingly(desk):
    mine, other = desk.clients["registrar"], desk.clients["administrator"]
    page = mine.get(address(desk, "edit"))
    other.post(address(desk, "edit"), filled(other.get(address(desk, "edit")), about="Інше"))

    stale = mine.post(address(desk, "edit"), filled(page, about="Моє"))

    form = stale.context["form"]
    assert (stale.status_code, form["about"].value()) == (200, "Моє")
    assert [(one["now"], one["typed"]) for one in form.conflicts] == [("Інше", "Моє")]
    assert RegisterEntry.objects.get(pk=desk.entry.pk).about == "Інше"
    assert mine.post(address(desk, "edit"), filled(stale, about="Моє")).status_code == 302
    assert RegisterEntry.objects.get(pk=desk.entry.pk).about == "Моє"


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


def test_excluded_entry_is_not_changed(desk):
    page = desk.clients["registrar"].get(address(desk, "edit"))
    exclude_entry(entry_id=desk.entry.pk, actor=REGISTRAR, ground=GROUND, now=NOW)
    version = RegisterEntry.objects.get(pk=desk.entry.pk).version

    response = desk.clients["registrar"].post(address(desk, "edit"), filled(page, about="Ще щось", version=version))

    assert list(response.context["form"].errors) == ["__all__"]
    assert RegisterEntry.objects.filter(organisation=desk.entry.organisation).count() == 1


def new_entry(client, **typed):
    url = reverse("desk_entries:add")
    values = {
        "person_type": "legal_entity",
        "code": next_edrpou(),
        "name": "ГО «Нова»",
        "legal_form": "public_association",
        "ownership_form": "private",
        "sector": "non_state",
        "place": "Диканька",
        "street": "вул. Шкільна",
        "phone": "+380535120000",
        "ground": GROUND,
    }
    return client.post(url, {name: value for name, value in {**values, **typed}.items() if value is not None})


def test_new_provider_enters_with_number_address_and_history(desk):
    response = new_entry(desk.clients["registrar"])

    entry = RegisterEntry.objects.get(organisation__name="ГО «Нова»")
    assert response.url == reverse("desk_entries:entry", args=[entry.number])
    assert (entry.territory, entry.oblast) == (desk.places.dykanka, desk.places.poltavska)
    assert list(entry.contacts.values_list("kind", "value")) == [("phone", "+380535120000")]
    assert entry.changes.get().ground == GROUND


@pytest.mark.parametrize(
    ("typed", "fields"),
    [
        ({"code": "43970361"}, ["code"]),
        ({"code": ""}, ["code"]),
        ({"code": "", "rnokpp": "3184710691"}, ["rnokpp", "code"]),
        ({"person_type": "sole_proprietor"}, ["code", "rnokpp"]),
        ({"legal_form": "carer_professional"}, ["legal_form"]),
        ({"place": "Одеса (UA51100270010076757)"}, ["place"]),
        ({"included_on": "2199-01-01"}, ["included_on"]),
        ({"head_number": "9999999"}, ["head_number"]),
        ({"name": ""}, ["name"]),
        ({"ground": ""}, ["ground"]),
    ],
)
def test_faulty_new_provider_is_refused_beside_its_field(desk, typed, fields):
    before = RegisterEntry.objects.count()

    response = new_entry(desk.clients["registrar"], **typed)

    assert sorted(response.context["form"].errors) == sorted(fields)
    assert RegisterEntry.objects.count() == before


def test_organisation_that_is_in_the_register_is_not_included_again(desk):
    response = new_entry(desk.clients["registrar"], code=desk.entry.organisation.code)

    assert list(response.context["form"].errors) == ["code"]
    assert desk.entry.number in str(response.context["form"].errors)


def test_carer_gets_a_closed_card_and_the_number_is_never_shown(desk):
    client = desk.clients["registrar"]

    response = new_entry(
        client,
        person_type="natural_person",
        legal_form="carer_nonprofessional",
        code="",
        rnokpp="3184710691",
        name="Особа Приватна",
    )

    entry = RegisterEntry.objects.get(organisation__rnokpp="3184710691")
    assert entry.is_open is False
    assert "3184710691" not in client.post(response.url).content.decode()


def test_neighbour_cannot_post_a_change(desk):
    url = address(desk, "edit")

    response = desk.clients["neighbour"].post(url, {"ground": GROUND, "version": desk.entry.version, "name": "Чуже"})

    assert response.status_code == 404
    assert RegisterEntry.objects.get(pk=desk.entry.pk).version == desk.entry.version


def test_auditor_and_approver_cannot_post_a_change(desk):
    for role in ("auditor", "approver"):
        response = desk.clients[role].post(address(desk, "edit"), {"ground": GROUND, "version": desk.entry.version})
        assert (response.status_code, response.url) == (302, reverse("wagtailadmin_home"))


def test_home_of_an_entry_elsewhere_is_not_shadowed_by_the_number(desk):
    other = make_provider(sites=[], services=[])

    assert desk.clients["registrar"].get(reverse("desk_entries:entry", args=[other.number])).status_code == 404


def test_code_is_entered_when_it_becomes_known(desk):
    record = provider_record(code="43970360")
    record.code, record.external_ref = None, "popelnaste"
    (outcome,) = put_providers([record], actor=Actor(None, "registrar"), ground="", now=NOW)
    url = reverse("desk_entries:edit_code", args=[outcome.entry.number])

    response = desk.clients["registrar"].post(url, {"code": "43970360", "version": 1, "ground": GROUND})

    entry = RegisterEntry.objects.get(pk=outcome.entry.pk)
    change = entry.changes.get(field="code")
    assert (response.status_code, entry.organisation.code, entry.version) == (302, "43970360", 2)
    assert (change.old, change.new, change.ground) == (None, "43970360", GROUND)
    assert LogEntry.objects.get(seq=change.log_seq).tag == "registry:entry:amend"


@pytest.mark.parametrize("typed", [{"code": "43970361"}, {"code": ""}, {"ground": ""}, {"version": 99}])
def test_faulty_correction_of_the_code_changes_nothing(desk, typed):
    values = {"code": next_edrpou(), "version": desk.entry.version, "ground": GROUND, **typed}

    response = desk.clients["registrar"].post(address(desk, "edit_code"), values)

    fresh = RegisterEntry.objects.get(pk=desk.entry.pk)
    assert (response.status_code, bool(response.context["form"].errors)) == (200, True)
    assert (fresh.organisation.code, fresh.version) == (desk.entry.organisation.code, desk.entry.version)


def test_code_of_another_organisation_is_refused(desk):
    other = make_provider()
    values = {"code": other.organisation.code, "version": desk.entry.version, "ground": GROUND}

    response = desk.clients["registrar"].post(address(desk, "edit_code"), values)

    assert list(response.context["form"].errors) == ["code"]
