"""The public export: stable columns, the filters of the list, nothing private, nothing that a spreadsheet executes."""

import csv
import io
import json
from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from registry.domain.records import ContactRecord, ServiceRecord, SiteRecord
from registry.domain.standing import suspend_entry
from registry.interfaces.exporting.columns import COLUMNS, guarded
from registry.models import RegisterRevision
from tests.factories.registry import NOW, REGISTRAR, make_carer, make_catalogue, make_provider, make_territories

pytestmark = [pytest.mark.django_db, pytest.mark.databases]
FORMS = ("csv", "json", "xlsx")
# the published header; columns are added at the end and never renamed
PUBLISHED = [
    "number", "url", "edrpou", "external_ref", "name", "short_name", "person_type", "legal_form", "legal_form_name",
    "ownership_form", "ownership_form_name", "sector", "standing", "standing_name", "included_on", "suspended_until",
    "excluded_on", "head_number", "oblast", "hromada", "settlement", "katottg", "site_kind", "site_label",
    "postal_index", "street", "building", "room", "latitude", "longitude", "access", "access_missing", "sites_count",
    "phones", "emails", "websites", "head", "services_count", "services", "groups_served", "forms_offered",
    "free_services_count", "urgent_services_count", "capacity_total", "about", "services_note", "source", "source_url",
    "source_on", "verified_on", "is_demo", "revision",
]  # fmt: skip


def fetch(client, form, **params):
    response = client.get(reverse("registry:export", args=[form]), params)
    assert response.status_code == 200
    return b"".join(response.streaming_content)


def rows_of(client, **params):
    text = fetch(client, "csv", **params).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


def document(client, **params):
    return json.loads(fetch(client, "json", **params))


def sheet_rows(client, **params):
    book = load_workbook(io.BytesIO(fetch(client, "xlsx", **params)))
    header, *rows = book["providers"].iter_rows(values_only=True)
    return [dict(zip(header, row, strict=True)) for row in rows]


def test_export_columns_are_the_published_ones(client):
    make_provider()

    assert [column.name for column in COLUMNS] == PUBLISHED
    assert list(rows_of(client)[0]) == PUBLISHED
    assert list(sheet_rows(client)[0]) == PUBLISHED


def test_export_csv_says_what_the_card_says(client):
    entry = make_provider(code="43970360", verified_on=date(2026, 11, 20))

    (row,) = rows_of(client)

    assert {name: value for name, value in row.items() if value} == {
        "number": entry.number,
        "url": f"http://127.0.0.1:8000/registry/{entry.number}/",
        "edrpou": "43970360",
        "name": "КУ «Центр надання соціальних послуг 43970360»",
        "person_type": "legal_entity",
        "legal_form": "communal_institution",
        "legal_form_name": row["legal_form_name"],
        "ownership_form": "communal",
        "ownership_form_name": row["ownership_form_name"],
        "sector": "communal",
        "standing": "included",
        "standing_name": row["standing_name"],
        "included_on": "2026-11-22",
        "oblast": "Полтавська",
        "hromada": "Диканська",
        "settlement": "Диканька",
        "katottg": "UA53080130010081044",
        "site_kind": "legal",
        "postal_index": "38500",
        "street": "вул. Незалежності",
        "building": "133",
        "latitude": "49.8213",
        "longitude": "34.5321",
        "access": "ramp",
        "access_missing": "accessible-toilet",
        "sites_count": "1",
        "phones": "tel:+380535190000",
        "emails": "cnsp@example.org",
        "services_count": "1",
        "services": "Догляд вдома",
        "groups_served": "Особи похилого віку",
        "forms_offered": "Вдома",
        "free_services_count": "0",
        "urgent_services_count": "0",
        "capacity_total": "40",
        "source": "Рішення Диканської селищної ради",
        "source_url": "https://example.org/source",
        "source_on": "2026-09-01",
        "verified_on": "2026-11-20",
        "is_demo": "false",
        "revision": "1",
    }


def test_export_json_is_one_document_with_everything_nested(client):
    words = make_catalogue()
    service = ServiceRecord(
        words.shelter.pk, price_mode="tariff", price=Decimal("125.50"), price_unit="visit", urgent=True, at_sites=(0,)
    )
    entry = make_provider(services=[service])

    found = document(client)

    assert (found["count"], found["revision"], found["filter"]) == (1, 1, {})
    assert found["licence"] == {"name": "CC BY 4.0", "url": "https://creativecommons.org/licenses/by/4.0/"}
    (provider,) = found["providers"]
    assert (provider["number"], provider["is_demo"]) == (entry.number, False)
    assert provider["seat"]["hromada"] == {"katottg": "UA53080130000079450", "name": "Диканська"}
    (site,) = provider["sites"]
    assert site["hours"] == {"mon": [["08:00", "17:00"]], "tue": [["08:00", "17:00"]]}
    assert site["access"] == {"ramp": True, "accessible-toilet": False}
    assert site["confidential"] is False
    assert provider["contacts"][0] == {"kind": "phone", "value": "+380535190000", "note": ""}
    (given,) = provider["services"]
    assert (given["service"], given["price"], given["urgent"], given["meets_standard"]) == (
        "shelter",
        "125.50",
        True,
        None,
    )
    assert given["at_sites"] == [0]


def test_export_xlsx_has_numbers_as_numbers_and_explains_its_columns(client):
    make_provider()

    (row,) = sheet_rows(client)
    book = load_workbook(io.BytesIO(fetch(client, "xlsx")))

    assert (row["latitude"], row["services_count"], row["phones"]) == (49.8213, 1, "tel:+380535190000")
    assert [cells[0] for cells in book["dictionary"].iter_rows(min_row=2, values_only=True)] == PUBLISHED


@pytest.mark.parametrize("form", FORMS)
def test_export_of_an_empty_register_is_a_valid_file(client, form):
    content = fetch(client, form)

    if form == "json":
        assert json.loads(content)["providers"] == []
    elif form == "csv":
        assert content.decode("utf-8-sig").splitlines() == [",".join(PUBLISHED)]
    else:
        assert load_workbook(io.BytesIO(content))["providers"].max_row == 1


def test_export_takes_the_filters_of_the_list(client):
    make_provider(code="43970360")
    suspended = make_provider(code="22591616", ownership_form="private", sector="non_state")
    suspend_entry(entry_id=suspended.pk, actor=REGISTRAR, ground="лист", now=NOW)

    def codes(**params):
        return [row["edrpou"] for row in rows_of(client, **params)]

    assert codes() == ["43970360"]
    assert codes(standing="suspended") == ["22591616"]
    assert codes(standing=["included", "suspended"]) == ["43970360", "22591616"]
    assert codes(service="shelter") == []
    assert codes(q="22591616", standing="suspended") == ["22591616"]
    assert codes(hromada="UA53080130000079450") == ["43970360"]
    assert document(client, standing="suspended")["filter"] == {"standing": ["suspended"]}
    assert list(document(client, service="unknown")["not_understood"]) == ["service"]


def test_export_of_unknown_form_is_not_found(client):
    assert client.get("/registry/export.pdf").status_code == 404
    assert client.post("/registry/export.csv").status_code == 405


def test_export_names_the_file_the_revision_and_what_has_not_changed(client):
    make_provider()

    response = client.get("/registry/export.csv")
    again = client.get("/registry/export.csv", headers={"if-none-match": response["ETag"]})

    assert response["Content-Disposition"].startswith('attachment; filename="poruch-register-20')
    assert response["X-Register-Revision"] == str(RegisterRevision.objects.get().value)
    assert again.status_code == 304
    make_provider()
    assert client.get("/registry/export.csv", headers={"if-none-match": response["ETag"]}).status_code == 200


@pytest.mark.parametrize("form", FORMS)
def test_export_holds_nothing_private(client, form):
    places = make_territories()
    hidden = SiteRecord(
        territory_id=places.dykanka.pk,
        hromada_id=places.dykanska.pk,
        oblast_id=places.poltavska.pk,
        label="Секретний притулок",
        street="вул. Таємна",
        building="77",
        room="таємна кімната",
        postal_index="38577",
        latitude=49.7777,
        longitude=34.7777,
        confidential=True,
    )
    contacts = [ContactRecord("phone", "+380999999999", private=True, note="службовий"), ContactRecord("phone", "102")]
    make_provider(sites=[hidden], contacts=contacts)
    make_provider(code=None, rnokpp="3184710691", person_type="sole_proprietor", legal_form="sole_proprietor")
    make_carer(rnokpp="3184710685")

    content = fetch(client, form, standing=["included", "suspended", "excluded"])
    if form == "xlsx":
        book = load_workbook(io.BytesIO(content))
        cells = [str(cell) for cell in book["providers"].iter_rows(values_only=True)]
        text = "\n".join(cells)
    else:
        text = content.decode()

    assert "Центр надання соціальних послуг" in text
    assert "Диканська" in text
    for secret in (
        "Секретний", "Таємна", "таємна", "38577", "49.7777", "34.7777", "999999999", "службовий", "3184710691",
        "3184710685", "Приватна Особа",
    ):  # fmt: skip
        assert secret not in text, secret


def test_export_gives_of_a_confidential_address_its_hromada(client):
    places = make_territories()
    hidden = SiteRecord(
        territory_id=places.dykanka.pk,
        hromada_id=places.dykanska.pk,
        oblast_id=places.poltavska.pk,
        street="вул. Таємна",
        confidential=True,
    )
    make_provider(sites=[hidden])

    (row,) = rows_of(client)
    ((site,),) = [provider["sites"] for provider in document(client)["providers"]]

    assert (row["oblast"], row["hromada"], row["settlement"], row["street"]) == ("Полтавська", "Диканська", "", "")
    assert sorted(site["place"]) == ["hromada", "oblast"]
    assert "street" not in site


@pytest.mark.parametrize(
    ("text", "cell"),
    [
        ("=1+1", "'=1+1"),
        ("+1+1", "'+1+1"),
        ("-2", "'-2"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("'=1", "''=1"),
        ("\t=1", "'\t=1"),
        ("звичайна назва", "звичайна назва"),
        ("'в лапках'", "'в лапках'"),
    ],
)
def test_guarded_text_is_no_formula(text, cell):
    assert guarded(text) == cell


def test_export_guards_spreadsheets_against_formulas(client):
    make_provider(name="=HYPERLINK(evil)", about="+cmd|calc", contacts=[ContactRecord("phone", "+380 44 123-45-67")])

    (row,) = rows_of(client)
    (cells,) = sheet_rows(client)

    for found in (row, cells):
        assert (found["name"], found["about"]) == ("'=HYPERLINK(evil)", "'+cmd|calc")
        assert found["phones"] == "tel:+380 44 123-45-67"
    assert document(client)["providers"][0]["name"] == "=HYPERLINK(evil)"


@pytest.mark.parametrize("form", ["csv", "json"])
@pytest.mark.parametrize("item_count", [1, 3])
def test_export_takes_as_many_queries_for_three_providers_as_for_one(client, form, item_count):
    for _ in range(item_count):
        make_provider()
    fetch(client, form)

    with CaptureQueriesContext(connection) as queries:
        fetch(client, form)

    assert len(queries) == {"csv": 13, "json": 16}[form]


def test_data_dictionary_explains_every_column(client):
    response = client.get(reverse("registry:data_dictionary"))
    text = response.content.decode()

    assert response.status_code == 200
    for name in PUBLISHED:
        assert f"<code>{name}</code>" in text


def test_data_dictionary_for_programs_is_made_of_the_columns_themselves(client):
    found = client.get(reverse("registry:data_dictionary"), {"format": "json"}).json()

    assert [column["name"] for column in found["columns"]] == PUBLISHED
    assert {column["since"] for column in found["columns"]} == {"0.1"}
    assert all(column["meaning"]["uk"] and column["meaning"]["en"] for column in found["import_columns"])
    assert [row["code"] for row in found["codes"]["standing"]] == ["included", "suspended", "excluded"]
