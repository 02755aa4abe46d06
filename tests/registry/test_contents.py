"""The content of an application says what the register says, and leads back to it without a difference."""

from datetime import date
from decimal import Decimal

import pytest

from portal.accounts.models import Organisation
from portal.kernel.models import StoredDocument
from registry.domain.contents import content_of, keys_of, record_from
from registry.domain.desk import current_record
from registry.domain.providers import put_providers
from registry.domain.records import UNSET, ContactRecord, ServiceRecord, SiteRecord
from registry.models import Application, Evidence, RegisterEntry, Service
from tests.factories.applications import make_criteria, make_draft
from tests.factories.registry import NOW, REGISTRAR, make_catalogue, make_provider, make_territories, provider_record

pytestmark = [pytest.mark.django_db, pytest.mark.databases]


@pytest.fixture
def entry():
    """Return an entry that has something of everything: two addresses, three contacts, two services."""
    places, words = make_territories(), make_catalogue()
    legal = provider_record().sites[0]
    shelter = SiteRecord(
        hromada_id=places.odesa_hromada.pk,
        oblast_id=places.odeska.pk,
        territory_id=places.odesa.pk,
        street="вул. Прихована",
        building="7",
        confidential=True,
    )
    contacts = [
        ContactRecord("phone", "+380535190000", note="щодня"),
        ContactRecord("head", "Олена Коваль"),
        ContactRecord("phone", "+380507778899", private=True),
    ]
    care = provider_record().services[0]
    hostel = ServiceRecord(
        words.shelter.pk,
        title="Кризова кімната",
        price_mode="tariff",
        price=Decimal("120.50"),
        price_unit="bed_day",
        price_on=date(2026, 10, 1),
        urgent=True,
        meets_standard=False,
        area_kind="oblast",
        area_ids=frozenset({places.odeska.pk, places.poltavska.pk}),
        hours={"mon": [["00:00", "24:00"]], "note": "цілодобово"},
        at_sites=(0, 1),
    )
    return make_provider(
        sites=[legal, shelter], contacts=contacts, services=[care, hostel], about="Про нас.\nДва рядки."
    )


def application_on(entry, content=None):
    return Application(
        kind="amendment",
        organisation=entry.organisation,
        entry=entry,
        content=content_of(entry) if content is None else content,
    )


def record_on(entry, content=None, **options):
    application = application_on(entry, content)
    return record_from(application.content, application, **options)


def plain(entry):
    return RegisterEntry.objects.select_related("organisation", "parent").get(pk=entry.pk)


def test_content_put_back_unchanged_changes_nothing(entry):
    record = record_on(plain(entry))

    known = current_record(plain(entry))
    assert (record.sites, record.contacts, record.services) == (known.sites, known.contacts, known.services)
    (outcome,) = put_providers([record], actor=REGISTRAR, ground="тест", now=NOW, replace_parts=True)
    assert (outcome.kind, outcome.differences) == ("unchanged", [])


def test_content_is_flat_and_names_things_by_codes_and_slugs(entry):
    content = content_of(plain(entry))

    site, service = entry.sites.first(), entry.services.last()
    told = {path: content[path] for path in content if path.startswith(("sites/1/", "services/2/"))}
    assert told == {
        "sites/1/row": site.pk,
        "sites/1/kind": "legal",
        "sites/1/territory": "UA53080130010081044",
        "sites/1/postal_index": "38500",
        "sites/1/street": "вул. Незалежності",
        "sites/1/building": "133",
        "sites/1/latitude": 49.8213,
        "sites/1/longitude": 34.5321,
        "sites/1/hours": {"mon": [["08:00", "17:00"]], "tue": [["08:00", "17:00"]]},
        "sites/1/access/ramp": True,
        "sites/1/access/accessible-toilet": False,
        "services/2/row": service.pk,
        "services/2/service_type": "shelter",
        "services/2/title": "Кризова кімната",
        "services/2/price_mode": "tariff",
        "services/2/price": "120.50",
        "services/2/price_unit": "bed_day",
        "services/2/price_on": "2026-10-01",
        "services/2/urgent": True,
        "services/2/meets_standard": False,
        "services/2/area_kind": "oblast",
        "services/2/areas": ["UA51000000000030770", "UA53000000000028050"],
        "services/2/at_sites": ["1", "2"],
        "services/2/hours": {"mon": [["00:00", "24:00"]], "note": "цілодобово"},
    }
    assert content["contacts/3/private"] is True
    assert "contacts/1/private" not in content


def test_content_leaves_out_what_nobody_has_stated():
    entry = make_provider(
        ownership_form="unknown", sector="unknown", services=[ServiceRecord(make_catalogue().shelter.pk)]
    )

    content = content_of(plain(entry))

    assert {path for path in content if path.startswith(("organisation/", "services/"))} == {
        "organisation/name",
        "organisation/person_type",
        "organisation/legal_form",
        "services/1/service_type",
        "services/1/row",
    }


def test_branch_names_its_head():
    head = make_provider()
    branch = make_provider(head_number=head.number)

    assert content_of(plain(branch))["organisation/head"] == head.number


def test_record_takes_services_that_were_named_and_leaves_removed_parts(entry):
    content = content_of(plain(entry))
    content |= {"sites/1/removed": True, "contacts/2/removed": True}

    record = record_on(entry, content, services=["2"])

    assert [site.street for site in record.sites] == ["вул. Прихована"]
    assert [contact.kind for contact in record.contacts] == ["phone", "phone"]
    assert [service.title for service in record.services] == ["Кризова кімната"]
    assert record.services[0].at_sites == (0,)


def test_record_says_nothing_where_the_content_says_nothing(entry):
    record = record_on(entry, {"services/1/title": "Без виду", "sites/1/territory": "UA0"})

    assert (record.name, record.short_name, record.about, record.legal_form) == (UNSET, "", "", UNSET)
    assert record.services == []
    assert record.sites == [SiteRecord()]


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ({"price_mode": "free", "price": "10.00", "price_unit": "day"}, (None, "", None)),
        ({"price_mode": "tariff", "price_unit": "day", "price_on": "2026-01-01"}, (None, "", None)),
        ({"price_mode": "tariff", "price": "10.00", "price_unit": "day"}, (Decimal("10.00"), "day", None)),
    ],
)
def test_record_never_breaks_what_the_database_demands_of_a_tariff(entry, value, expected):
    content = {"services/1/service_type": "shelter", **{f"services/1/{name}": one for name, one in value.items()}}

    (service,) = record_on(entry, content).services

    assert (service.price, service.price_unit, service.price_on) == expected


@pytest.mark.parametrize(
    ("code", "columns"),
    [
        ("UA53080130010081044", ("dykanka", "dykanska", "poltavska")),
        ("UA53080130000079450", (None, "dykanska", "poltavska")),
        ("UA53000000000028050", (None, None, "poltavska")),
        ("UA80000000000093317", ("kyiv", None, "kyiv")),
    ],
)
def test_address_lies_in_a_settlement_a_hromada_an_oblast_or_a_city_of_its_own(entry, code, columns):
    places = make_territories()

    (site,) = record_on(entry, {"sites/1/territory": code}).sites

    assert (site.territory_id, site.hromada_id, site.oblast_id) == tuple(
        name and getattr(places, name).pk for name in columns
    )


def test_keys_come_in_the_order_of_their_numbers():
    content = {f"services/{key}/title": "…" for key in ("10", "2", "1")}
    content |= {"services/2/removed": True, "services/x/title": "…", "sites/5/street": "…", "services": "…"}

    assert keys_of(content, "services") == ["1", "10"]


def test_evidence_that_holds_now_is_in_the_content_and_replaced_evidence_is_not(entry):
    criteria = make_criteria()
    care, hostel = Service.objects.filter(entry=entry).order_by("pk")
    document = StoredDocument.objects.create(
        sha256="0" * 64, size=1, content_type="application/pdf", name="a.pdf", kind="x", subject="x", uploaded_at=NOW
    )
    Evidence.objects.create(entry=entry, criterion=criteria["founding"], statement="Статут.")
    Evidence.objects.create(
        entry=entry, service=hostel, criterion=criteria["staff"], document=document, expires_on=date(2027, 1, 1)
    )
    Evidence.objects.create(entry=entry, service=care, criterion=criteria["staff"], statement="…", replaced_at=NOW)

    content = content_of(plain(entry))

    assert {path: value for path, value in content.items() if path.startswith("criteria/")} == {
        "criteria/1/founding/statement": "Статут.",
        "criteria/2/founding/statement": "Статут.",
        "criteria/2/staff/document": str(document.pk),
        "criteria/2/staff/expires_on": "2027-01-01",
    }


@pytest.mark.parametrize("services", [1, 3])
def test_queries_do_not_grow_with_services(django_assert_num_queries, services):
    words = make_catalogue()
    told = [ServiceRecord(words.shelter.pk, title=f"Притулок {number}") for number in range(services)]
    entry = plain(make_provider(services=told))

    with django_assert_num_queries(14):
        content = content_of(entry)
    with django_assert_num_queries(5):
        record_on(entry, content)

    assert keys_of(content, "services") == [str(number + 1) for number in range(services)]


def test_record_is_about_the_organisation_of_the_application_whoever_it_is_known_by():
    organisation = Organisation.objects.create(name="ФОП Відкрита", rnokpp="3184710691", person_type="sole_proprietor")
    draft = make_draft(organisation=organisation)

    record = record_from(draft.content, draft)

    assert (record.code, record.rnokpp, record.key) == (None, "3184710691", ("rnokpp", "3184710691"))
    assert "3184710691" not in str(draft.content)
