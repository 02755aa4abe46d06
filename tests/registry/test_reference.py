"""Loading the shipped tables: once, again only when a file changes, never over what people corrected."""

import csv
import json
import shutil
from datetime import UTC, date, datetime

import pytest
from django.core.management import call_command
from django.db import connection

from registry.domain.reference import FOLDER, load_reference
from registry.models import (
    BasicServiceRow,
    Criterion,
    DeliveryForm,
    FreshnessRule,
    Ground,
    ReferenceLoad,
    RegisterPolicy,
    ServiceType,
    SubsistenceMinimum,
    Territory,
)

pytestmark = [pytest.mark.django_db, pytest.mark.databases]

# Poltava oblast, one of its raions, a hromada, its centre and one more village; Kyiv and a district of it
KEPT = ("UA5300000000", "UA5308000000", "UA53080410", "UA8000000000009", "UA8000000000012")


@pytest.fixture
def folder(tmp_path):
    """Return the shipped tables with a handful of territories."""
    copy = tmp_path / "reference"
    shutil.copytree(FOLDER, copy)
    write_territories(copy, [row for row in read_territories(copy) if row["code"].startswith(KEPT)])
    return copy


def read_territories(folder):
    with (folder / "territories.csv").open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def write_territories(folder, rows):
    with (folder / "territories.csv").open("w", encoding="utf-8", newline="") as lines:
        writer = csv.DictWriter(lines, rows[0].keys())
        writer.writeheader()
        writer.writerows(rows)


def test_load_reference_loads_the_whole_codifier():
    counts = load_reference()

    assert counts.tables["territories.csv"].created == 31_744
    assert Territory.objects.oblasts().count() == 27
    assert Territory.objects.filter(oblast=None).count() == 0
    village = Territory.objects.select_related("parent", "raion", "oblast", "hromada__centre").get(
        code="UA35080130010041742"
    )
    assert village.parent.name == "Попельнастівська"
    assert village.raion.name == "Олександрійський"
    assert village.oblast.name == "Кіровоградська"
    assert village.hromada.centre == village
    assert load_reference().skipped
    if connection.vendor == "postgresql":
        # what looks for each row's neighbours at the end was planned while the table was all but empty
        connection.cursor().execute("ANALYZE registry_territory")


def test_load_reference_fills_every_level(folder):
    load_reference(folder=folder)

    hromada = Territory.objects.get(category="H")
    assert hromada.hromada == hromada
    assert hromada.raion.category == "P"
    assert hromada.raion.raion == hromada.raion
    assert hromada.oblast.oblast == hromada.oblast
    assert hromada.latitude == hromada.centre.latitude
    district = Territory.objects.filter(category="B").first()
    assert district.parent.name == "Київ"
    assert district.oblast.name == "Київ"
    assert district.hromada is None


def test_load_reference_again_touches_nothing(folder, django_assert_num_queries):
    load_reference(folder=folder)
    # one question a table, in a savepoint each
    with django_assert_num_queries(15 * 3):
        counts = load_reference(folder=folder)
    assert counts.skipped
    assert not counts.anything


def test_load_reference_by_force_finds_nothing_to_change(folder):
    load_reference(folder=folder)

    counts = load_reference(folder=folder, force=True)

    assert not counts.skipped
    assert not counts.anything


def test_load_reference_renames_a_unit_and_keeps_its_facts(folder):
    load_reference(folder=folder)
    Territory.objects.filter(category="H").update(population=5000, population_on=date(2022, 1, 1))
    rows = read_territories(folder)
    for row in rows:
        if row["category"] == "H":
            row["name"] = "Нова"
    write_territories(folder, rows)

    counts = load_reference(folder=folder)

    assert counts.tables["territories.csv"].changed == 1
    hromada = Territory.objects.get(category="H")
    assert (hromada.name, hromada.population) == ("Нова", 5000)


def test_load_reference_keeps_a_vanished_unit_and_marks_it(folder):
    load_reference(folder=folder)
    rows = read_territories(folder)
    gone = rows[-1]["code"]
    write_territories(folder, rows[:-1])

    counts = load_reference(folder=folder)

    assert counts.vanished == 1
    assert not Territory.objects.get(code=gone).in_codifier
    write_territories(folder, rows)
    assert load_reference(folder=folder).changed == 1
    assert Territory.objects.get(code=gone).in_codifier


def test_load_reference_keeps_coordinates_that_came_with_facts(folder):
    load_reference(folder=folder)
    Territory.objects.filter(category="H").update(latitude=49.9, longitude=34.9, facts_source="facts.csv")

    load_reference(folder=folder, force=True)

    assert Territory.objects.get(category="H").latitude == 49.9


def test_load_reference_leaves_what_an_administrator_edited(folder):
    load_reference(folder=folder)
    ServiceType.objects.filter(slug="home-care").update(
        name_uk="Догляд удома", edited_at=datetime(2026, 11, 22, tzinfo=UTC)
    )
    DeliveryForm.objects.filter(slug="home").update(name_uk="Інакше")
    BasicServiceRow.objects.filter(service_type__slug="home-care").update(verified=True, valid_to=date(2025, 6, 16))

    load_reference(folder=folder, force=True)

    assert ServiceType.objects.get(slug="home-care").name_uk == "Догляд удома"
    assert DeliveryForm.objects.get(slug="home").name_uk == "Вдома"
    assert BasicServiceRow.objects.get(service_type__slug="home-care").valid_to == date(2025, 6, 16)


def test_load_reference_loads_only_the_file_that_changed(folder):
    load_reference(folder=folder)
    path = folder / "delivery_forms.json"
    rows = json.loads(path.read_text(encoding="utf-8"))
    rows[0]["name_en"] = "In your home"
    path.write_text(json.dumps(rows), encoding="utf-8")

    counts = load_reference(folder=folder)

    assert [name for name, one in counts.tables.items() if not one.skipped] == ["delivery_forms.json"]
    assert counts.changed == 1


def test_load_reference_fills_the_catalogue(folder):
    load_reference(folder=folder)

    care = ServiceType.objects.get(slug="home-care")
    assert (care.official_code, care.code_verified, care.kind) == ("015.1", True, "complex")
    assert [form.slug for form in care.delivery_forms.all()] == ["home"]
    assert {group.slug for group in care.groups.all()} == {"older-people", "people-with-disabilities"}
    assert SubsistenceMinimum.objects.get(verified=True).amount == 3328
    assert ReferenceLoad.objects.count() == 15
    assert Criterion.objects.get(slug="premises").for_forms.filter(slug="residential").exists()
    assert set(Ground.objects.values_list("outcome", flat=True)) >= {"return", "refuse", "exclude", "suspend"}
    assert FreshnessRule.objects.filter(service_type=None).count() == 1
    # a term that nobody confirmed has no amount
    assert RegisterPolicy.objects.get().correction_days is None


def test_load_reference_command_says_what_it_did_and_then_that_nothing_is_new(folder, capsys, monkeypatch):
    from registry.domain import reference

    monkeypatch.setitem(reference.load_reference.__kwdefaults__, "folder", folder)
    call_command("load_reference")
    first = capsys.readouterr().out
    call_command("load_reference")

    assert "territories.csv" in first
    assert capsys.readouterr().out.count("\n") == 1
