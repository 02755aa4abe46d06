"""Facts of territories from a file: whole or not at all, unknown never zero, every fault named."""

import csv
from datetime import date
from decimal import Decimal

import pytest
from django.core.management import CommandError, call_command
from django.utils import translation
from openpyxl import Workbook

from registry.domain.reference import load_reference
from registry.domain.territory_facts import FactsFileError, import_territory_facts
from registry.models import Territory

pytestmark = [pytest.mark.django_db, pytest.mark.databases]

HROMADA = "UA53080410000064850"
OTHER = "UA53080130000079450"
VILLAGE = "UA53080410010082694"
HEADER = [
    "katottg",
    "name_in_katottg_2026",
    "population_2022",
    "area_km2",
    "budget_code",
    "budget_name",
    "center_katottg",
    "lat",
    "lon",
    "name_latin",
]
GOOD = [HROMADA, "Скороходівська", "7 250", "241,6", "16555000000", "Бюджет громади", VILLAGE, "49.77", "35.07", "Skor"]


@pytest.fixture(autouse=True)
def units():
    oblast = Territory.objects.create(code="UA53000000000028050", category="O", name="Полтавська")
    Territory.objects.create(code=HROMADA, category="H", name="Скороходівська", parent=oblast, oblast=oblast)
    Territory.objects.create(code=OTHER, category="H", name="Диканська", parent=oblast, oblast=oblast)
    Territory.objects.create(code=VILLAGE, category="X", name="Скороходове", parent=oblast, oblast=oblast)


@pytest.fixture
def file(tmp_path):
    def write(*rows, header=HEADER, name="facts.csv", **options):
        path = tmp_path / name
        with path.open("w", encoding="utf-8", newline="") as lines:
            csv.writer(lines, **options).writerows([header, *rows])
        return path

    return write


def with_cell(column, value):
    return [value if name == column else cell for name, cell in zip(HEADER, GOOD, strict=True)]


def test_facts_go_in_and_the_second_run_changes_nothing(file):
    path = file(GOOD)

    first, second = import_territory_facts(path), import_territory_facts(path)

    assert (first.changed, first.written, second.changed, second.unchanged) == (1, True, 0, 1)
    unit = Territory.objects.get(code=HROMADA)
    assert (unit.population, unit.population_on) == (7250, date(2022, 1, 1))
    assert unit.area_km2 == Decimal("241.6")
    assert unit.budget_code == "16555000000"
    assert unit.centre.code == VILLAGE
    assert unit.latitude == 49.77
    assert unit.facts_source == "facts.csv"


def test_empty_cell_leaves_unknown_unknown_and_known_known(file):
    import_territory_facts(file(GOOD))

    report = import_territory_facts(file([HROMADA, *[""] * 9], [OTHER, *[""] * 9]))

    assert (report.changed, report.unchanged) == (0, 2)
    assert Territory.objects.get(code=HROMADA).population == 7250
    assert Territory.objects.get(code=OTHER).population is None


def test_known_coordinates_stay(file):
    Territory.objects.filter(code=HROMADA).update(latitude=49.8, longitude=35.1)

    import_territory_facts(file(GOOD))

    assert Territory.objects.get(code=HROMADA).latitude == 49.8


@pytest.mark.parametrize(
    ("column", "value", "reason"),
    [
        ("katottg", "", "KATOTTG"),
        ("katottg", "53080410000064850", "KATOTTG"),
        ("katottg", "UA99999999999999999", "no such unit"),
        ("name_in_katottg_2026", "Диканська", "Скороходівська"),
        ("population_2022", "багато", "not a number"),
        ("population_2022", "-5", "not below zero"),
        ("population_2022", "12.5", "whole number"),
        ("population_2022", "NaN", "not a number"),
        ("population_2022", "99999999999", "so many"),
        ("area_km2", "0", "above zero"),
        ("area_km2", "999999", "not larger"),
        ("area_km2", "=SUM(A1:A9)", "formula"),
        ("budget_code", "1655500000", "11 digits"),
        ("budget_name", "х" * 201, "longer than"),
        ("name_latin", "x" * 20_000, "too long"),
        ("center_katottg", "UA00000000000000000", "no such unit"),
        ("lat", "35.07", "not in Ukraine"),
        ("lon", "", "go together"),
        ("lat", "", "go together"),
    ],
)
def test_fault_is_reported_with_its_place_and_writes_nothing(file, column, value, reason):
    path = file([OTHER, *[""] * 9], with_cell(column, value))

    with translation.override("en"):
        report = import_territory_facts(path)

    (problem,) = report.problems
    assert (problem.row, problem.column, problem.value) == (3, column, value)
    assert reason in problem.reason
    assert not report.written
    assert Territory.objects.get(code=HROMADA).population is None


def test_unit_named_twice_is_a_fault(file):
    report = import_territory_facts(file(GOOD, GOOD))

    assert [problem.row for problem in report.problems] == [3]


def test_row_longer_than_the_header_is_a_fault(file):
    report = import_territory_facts(file([*GOOD, "ще"]))

    assert report.problems[0].value == "ще"


def test_partial_import_takes_the_faultless_rows(file):
    path = file(GOOD, [OTHER, "", "мало", *[""] * 7])

    report = import_territory_facts(path, partial=True)

    assert (report.changed, len(report.problems), report.written) == (1, 1, True)
    assert Territory.objects.get(code=HROMADA).population == 7250


def test_dry_run_writes_nothing(file):
    report = import_territory_facts(file(GOOD), dry_run=True)

    assert (report.changed, report.written) == (1, False)
    assert Territory.objects.get(code=HROMADA).population is None


def test_semicolons_and_byte_order_mark_are_understood(file):
    path = file(GOOD, delimiter=";")
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())

    assert import_territory_facts(path).changed == 1


def test_workbook_is_read_like_a_csv(tmp_path):
    book = Workbook()
    book.active.append(HEADER)
    book.active.append([HROMADA, "Скороходівська", 7250, 241.6, "16555000000", "Бюджет", VILLAGE, 49.77, 35.07, "Skor"])
    path = tmp_path / "facts.xlsx"
    book.save(path)

    assert import_territory_facts(path).changed == 1
    assert Territory.objects.get(code=HROMADA).population == 7250


def test_unreadable_files_are_refused_with_a_reason(tmp_path, file):
    broken = tmp_path / "broken.xlsx"
    broken.write_bytes(b"not a workbook")
    windows = tmp_path / "windows.csv"
    windows.write_bytes("katottg;назва\n".encode("cp1251"))
    empty = tmp_path / "empty.csv"
    empty.write_bytes(b"\n\n")
    huge = file([*GOOD[:-1], "x" * 10_000_000], name="huge.csv")
    for path in (broken, windows, empty, huge, file(GOOD, header=["code", *HEADER[1:]]), file(header=["lat", "lat"])):
        with pytest.raises(FactsFileError):
            import_territory_facts(path)


def test_command_reports_faults_and_fails(file, capsys):
    with pytest.raises(CommandError):
        call_command("import_territory_facts", str(file(with_cell("population_2022", "багато"))))

    assert "population_2022" in capsys.readouterr().err


def test_command_names_a_missing_file():
    with pytest.raises(CommandError):
        call_command("import_territory_facts", "/nowhere/facts.csv")


@pytest.mark.shared
def test_real_facts_of_1469_hromadas_go_in_once(shared_data):
    Territory.objects.update(parent=None, oblast=None)
    Territory.objects.all().delete()
    load_reference()
    path = shared_data / "hromady_1469.csv"

    first, second = import_territory_facts(path), import_territory_facts(path)

    assert (first.rows, first.changed, first.problems) == (1_469, 1_469, [])
    assert (second.changed, second.unchanged) == (0, 1_469)
    known = Territory.objects.exclude(population=None)
    assert sum(known.values_list("population", flat=True)) == 38_215_034
    assert not Territory.objects.filter(population=0).exists()
