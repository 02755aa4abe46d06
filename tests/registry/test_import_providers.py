"""Import of providers: what rows mean, what a second run does, which files are understood."""

import io
import sys
from datetime import date, datetime
from decimal import Decimal

import pytest

from portal.accounts.models import Organisation
from registry.domain.providers import Actor
from registry.interfaces.importing import ImportSource, run
from registry.models import Contact, EntryChange, RegisterEntry, Service, Site, TerritoryScope
from tests.factories.registry import NOW, REGISTRAR, make_catalogue, make_provider, make_territories
from tests.registry.faults.files import GOOD, OTHER, csv_bytes, everything, xlsx_bytes

pytestmark = [pytest.mark.django_db, pytest.mark.databases]
FULL = {
    **GOOD,
    "person_type": "legal_entity",
    "legal_form": "communal_institution",
    "ownership_form": "комунальна",
    "sector": "communal",
    "source": "сайт громади",
    "source_url": "https://example.org/posluhy",
    "source_on": "01.10.2026",
    "phones": "+380 44 123-45-67 | 1547",
    "emails": "a@example.org, b@example.org",
    "websites": "example.org",
    "oblast": "Полтавська область",
    "hromada": "Диканська селищна територіальна громада",
    "settlement": "смт Диканька",
    "postal_index": "38500",
    "street": "вул. Соборна",
    "building": "3",
    "latitude": "49,8213",
    "longitude": "34,5321",
    "access": "Пандус",
    "access_missing": "Доступний туалет",
    "service": "Догляд вдома",
    "service_content": "Прибирання",
    "groups": "Особи похилого віку | violence-survivors",
    "delivery_forms": "home",
    "price": "1 125,50",
    "price_unit": "person_hour",
    "capacity": "40",
    "capacity_on": "2026-11-01",
    "urgent": "так",
    "meets_standard": "ні",
    "areas": "Диканська",
}


@pytest.fixture(autouse=True)
def places():
    return make_territories()


@pytest.fixture(autouse=True)
def words():
    return make_catalogue()


def bring(content, name="a.csv", *, actor=REGISTRAR, **options):
    report = run(ImportSource(io.BytesIO(content), name), actor=actor, now=NOW, **options)
    assert [str(fault) for fault in report.faults] == []
    return report


def test_import_enters_everything_a_row_says(places, words):
    report = bring(csv_bytes([FULL]))

    assert (report.rows, report.created) == (1, 1)
    organisation = Organisation.objects.get()
    assert (organisation.code, organisation.ownership_form, organisation.legal_form) == (
        "43970360",
        "communal",
        "communal_institution",
    )
    site = Site.objects.get()
    assert (site.territory, site.hromada, site.oblast) == (places.dykanka, places.dykanska, places.poltavska)
    assert (site.kind, site.latitude, site.longitude) == ("service", 49.8213, 34.5321)
    assert sorted(site.access.values_list("feature__slug", "available")) == [
        ("accessible-toilet", False),
        ("ramp", True),
    ]
    assert list(Contact.objects.order_by("id").values_list("kind", "value")) == [
        ("phone", "+380 44 123-45-67"),
        ("phone", "1547"),
        ("email", "a@example.org"),
        ("email", "b@example.org"),
        ("website", "http://example.org"),
    ]
    service = Service.objects.get()
    assert (service.price_mode, service.price, service.price_unit) == ("tariff", Decimal("1125.50"), "person_hour")
    assert (service.capacity, service.capacity_on) == (40, date(2026, 11, 1))
    assert (service.urgent, service.meets_standard, service.area_kind) == (True, False, "hromadas")
    assert set(service.groups.values_list("slug", flat=True)) == {"older-people", "violence-survivors"}
    assert list(service.areas.all()) == [places.dykanska]
    assert service.locations.get().site == site


def test_import_twice_changes_nothing():
    bring(csv_bytes([FULL, OTHER]))
    before = everything()

    report = bring(csv_bytes([FULL, OTHER]))

    assert (report.created, report.changed, report.unchanged) == (0, 0, 2)
    assert report.summary()[-1] in {"Змін немає.", "No change."}
    assert everything() == before


def test_import_of_the_same_rows_as_xlsx_changes_nothing():
    bring(csv_bytes([FULL]))
    before = everything()
    row = {
        **FULL,
        "edrpou": 43970360,
        "latitude": 49.8213,
        "longitude": 34.5321,
        "price": 1125.5,
        "capacity": 40,
        "capacity_on": datetime(2026, 11, 1),
        "urgent": True,
        "meets_standard": False,
        "postal_index": 38500,
        "building": 3,
    }

    bring(xlsx_bytes([row]), "a.xlsx")

    assert everything() == before


def test_import_gathers_the_rows_of_one_provider():
    rows = [
        {**GOOD, "service": "home-care", "hromada": "Диканська", "street": "вул. Соборна", "phones": "102"},
        OTHER,
        {
            "edrpou": GOOD["edrpou"],
            "service": "shelter",
            "hromada": "Одеська",
            "street": "вул. Морська",
            "phones": "103",
        },
        {"edrpou": GOOD["edrpou"], "service": "home-care", "hromada": "Одеська", "street": "вул. Морська"},
    ]

    report = bring(csv_bytes(rows))

    assert (report.created, report.changed) == (2, 0)
    entry = RegisterEntry.objects.get(organisation__code=GOOD["edrpou"])
    assert sorted(entry.sites.values_list("street", flat=True)) == ["вул. Морська", "вул. Соборна"]
    places_of = {
        service.service_type.slug: sorted(place.site.street for place in service.locations.all())
        for service in entry.services.all()
    }
    assert places_of == {"home-care": ["вул. Морська", "вул. Соборна"], "shelter": ["вул. Морська"]}
    assert sorted(entry.contacts.values_list("value", flat=True)) == ["102", "103"]


def test_import_counts_a_provider_once_though_its_rows_stand_in_different_chunks(monkeypatch):
    monkeypatch.setattr(sys.modules["registry.interfaces.importing.run"], "CHUNK", 2)
    rows = [{**GOOD, "service": "home-care"}, OTHER, {**GOOD, "service": "shelter"}, {**GOOD, "service": "counselling"}]

    report = bring(csv_bytes(rows))

    assert (report.created, report.changed, report.unchanged) == (2, 0, 0)
    assert Service.objects.count() == 3


def test_import_keeps_what_an_empty_cell_does_not_say():
    bring(csv_bytes([FULL]))
    before = everything()

    bring(csv_bytes([{"edrpou": GOOD["edrpou"], "name": "", "phones": "-", "source": "—"}]))

    assert everything() == before


def test_import_changes_only_what_differs_and_writes_it_down():
    bring(csv_bytes([FULL]))

    report = bring(csv_bytes([{**GOOD, "name": "КУ «Нова назва»"}]))

    assert (report.changed, report.unchanged) == (1, 0)
    assert [(item.field, item.old, item.new) for item in EntryChange.objects.filter(act="amended")] == [
        ("name", GOOD["name"], "КУ «Нова назва»")
    ]
    ((label, old, new),) = report.changes[0].fields
    assert (bool(label), old, new) == (True, GOOD["name"], "КУ «Нова назва»")


def test_import_restores_the_leading_zero_that_a_spreadsheet_dropped():
    bring(xlsx_bytes([{"edrpou": 5492870, "name": "Лікарня"}]), "a.xlsx")

    assert Organisation.objects.get().code == "05492870"


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1251"])
def test_import_understands_what_spreadsheets_write(delimiter, encoding):
    rows = [{"ЄДРПОУ": "43970360", "Повна назва": "КУ «Їжачок» № 1", "Послуга": "Догляд вдома", "Громада": "Диканська"}]

    bring(csv_bytes(rows, delimiter=delimiter, encoding=encoding))

    assert Organisation.objects.get().name == "КУ «Їжачок» № 1"
    assert Service.objects.get().service_type.slug == "home-care"


def test_import_passes_over_the_separator_line_of_excel():
    bring(b"sep=;\r\nedrpou;name\r\n43970360;A\r\n")

    assert Organisation.objects.get().name == "A"


def test_import_takes_a_text_that_an_apostrophe_guards():
    bring(csv_bytes([{**GOOD, "about": "'=це не формула"}]))

    assert RegisterEntry.objects.get().about == "=це не формула"


def test_import_adds_no_address_for_a_row_that_repeats_only_the_hromada():
    bring(csv_bytes([FULL]))
    before = everything()

    bring(csv_bytes([{**GOOD, "hromada": "Диканська"}]))

    assert everything() == before


def test_import_takes_a_list_of_services_and_leaves_known_ones_as_they_are():
    bring(csv_bytes([FULL]))

    bring(csv_bytes([{**GOOD, "services": "Догляд вдома | Консультування"}]))

    assert sorted(Service.objects.values_list("service_type__slug", "content")) == [
        ("counselling", ""),
        ("home-care", "Прибирання"),
    ]


def test_import_finds_a_sole_proprietor_by_number_when_the_code_is_secret():
    row = {"rnokpp": "3184710691", "name": "ФОП Коваль Олена", "oblast": "Полтавська"}
    bring(csv_bytes([row]))
    entry = RegisterEntry.objects.get()

    report = bring(csv_bytes([{"number": entry.number, "short_name": "ФОП Коваль"}]))

    assert report.changed == 1
    organisation = Organisation.objects.get()
    assert (organisation.short_name, organisation.person_type) == ("ФОП Коваль", "sole_proprietor")


def test_import_enters_carers_as_closed_entries():
    row = {
        "rnokpp": "3184710691",
        "name": "Коваль Олена",
        "legal_form": "carer_nonprofessional",
        "oblast": "Полтавська",
    }

    bring(csv_bytes([row]))

    assert RegisterEntry.objects.get().is_open is False


def test_import_by_a_registrar_stays_in_the_own_territory(django_user_model, places):
    user = django_user_model.objects.create_user("registrar@example.org")
    user._roles = frozenset({"registrar"})
    TerritoryScope.objects.create(user=user, territory=places.poltavskyi_raion)
    rows = [{**GOOD, "hromada": "Диканська"}, {**OTHER, "hromada": "Одеська", "oblast": "Одеська"}]

    report = run(
        ImportSource(io.BytesIO(csv_bytes(rows)), "a.csv"), actor=Actor(user, "registrar"), now=NOW, partial=True
    )

    assert [(fault.row, fault.code) for fault in report.faults] == [(3, "scope")]
    assert list(RegisterEntry.objects.values_list("organisation__code", flat=True)) == [GOOD["edrpou"]]


@pytest.mark.parametrize("item_count", [1, 3])
def test_import_takes_as_many_queries_for_three_providers_as_for_one(item_count, django_assert_num_queries):
    rows = [
        {**FULL, "edrpou": code, "name": f"Центр {code}"} for code in ("43970360", "22591616", "05492870")[:item_count]
    ]
    content = csv_bytes(rows)

    with django_assert_num_queries(44):
        bring(content)


def test_import_of_a_large_workbook_reads_row_by_row(monkeypatch):
    monkeypatch.setattr("registry.interfaces.importing.workbook.SMALL", 0)

    bring(xlsx_bytes([FULL]), "a.xlsx")

    assert Service.objects.count() == 1


def test_import_tells_its_progress():
    told = []

    bring(csv_bytes([GOOD, OTHER]), progress=lambda rows, part: told.append((rows, part)))

    assert told == [(2, 1.0)]


def test_import_of_a_number_that_belongs_to_an_excluded_entry_is_a_fault():
    from registry.domain.standing import exclude_entry

    entry = make_provider()
    exclude_entry(entry_id=entry.pk, actor=REGISTRAR, ground="рішення", now=NOW)

    report = run(
        ImportSource(io.BytesIO(csv_bytes([{"number": entry.number, "phones": "102"}])), "a.csv"),
        actor=REGISTRAR,
        now=NOW,
    )

    assert [(fault.column, fault.code) for fault in report.faults] == [("number", "number.excluded")]
