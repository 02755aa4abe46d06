"""Every fault of a file is reported by row, column and reason, and a file with faults changes nothing at all."""

import io

import pytest
from django.test import override_settings
from stdnum.ua import rntrc

from registry.interfaces.importing import ImportSource, run
from registry.models import RegisterEntry
from tests.factories.registry import NOW, REGISTRAR, make_catalogue, make_territories
from tests.registry.faults.cases import CELLS, FILES, PERSONAL, ROWS
from tests.registry.faults.files import GOOD, OTHER, csv_bytes, everything, xlsx_bytes

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def world():
    make_territories()
    make_catalogue()


def bring(content, name="a.csv", **options):
    return run(ImportSource(io.BytesIO(content), name), actor=REGISTRAR, now=NOW, **options)


def found(report):
    return [(fault.row, fault.column, fault.code) for fault in report.faults]


def changes_nothing(content, name="a.csv"):
    before = everything()
    trial = bring(content, name, dry_run=True)
    assert everything() == before
    report = bring(content, name)
    assert everything() == before
    assert found(trial) == found(report)
    assert not report.applied
    assert all(fault.reason and "%(" not in fault.reason for fault in report.faults)
    assert all(len(fault.value) <= 80 for fault in report.faults)
    assert not any("Traceback" in str(fault) for fault in report.faults)
    return report


@pytest.mark.parametrize("name", CELLS)
def test_import_reports_a_bad_cell(name):
    content, expected = CELLS[name]

    report = changes_nothing(content)

    assert found(report) == [expected]
    assert report.faulty == 1


@pytest.mark.parametrize("name", ROWS)
def test_import_reports_bad_rows(name):
    content, expected = ROWS[name]

    report = changes_nothing(content)

    assert found(report) == expected


@pytest.mark.parametrize("name", FILES)
def test_import_reports_a_bad_file(name):
    file_name, content, expected = FILES[name]

    report = changes_nothing(content, file_name)

    assert found(report) == [expected]


@override_settings(IMPORT_MAX_BYTES=20)
def test_import_refuses_a_file_over_the_limit():
    assert found(changes_nothing(csv_bytes([GOOD]))) == [(None, "", "file.too_big")]


@override_settings(IMPORT_MAX_ROWS=1)
def test_import_refuses_more_rows_than_the_limit():
    assert found(changes_nothing(csv_bytes([GOOD, OTHER]))) == [(3, "", "file.too_long")]


def test_import_refuses_a_ground_with_a_personal_number():
    report = bring(csv_bytes([GOOD]), ground=f"заява особи {PERSONAL}")

    assert found(report) == [(None, "", "ground")]
    assert RegisterEntry.objects.count() == 0


def test_import_report_hides_personal_numbers():
    report = bring(csv_bytes([{**GOOD, "about": f"ІПН {PERSONAL}"}]))

    assert [fault.value for fault in report.faults] == ["•••"]
    assert PERSONAL not in str(report.as_json())


def test_import_report_hides_a_mistyped_taxpayer_number():
    row = {"rnokpp": "3184710692", "name": "ФОП Коваль", "person_type": "sole_proprietor"}

    report = bring(csv_bytes([row]))

    assert found(report) == [(2, "rnokpp", "rnokpp.check_digit")]
    assert "3184710692" not in str(report.as_json())


def test_import_partial_enters_the_faultless_rows_and_reports_the_rest():
    content, expected = CELLS["edrpou_check_digit"]

    report = bring(content, partial=True)

    assert found(report) == [expected]
    assert (report.created, report.faulty, report.applied) == (1, 1, True)
    assert [entry.organisation.code for entry in RegisterEntry.objects.select_related("organisation")] == [
        OTHER["edrpou"]
    ]


def test_import_counts_all_faults_and_keeps_the_first_thousand():
    rows = [{"edrpou": str(number), "name": "Центр"} for number in range(1_500)]

    report = bring(csv_bytes(rows))

    assert (report.fault_count, len(report.faults), report.faulty) == (1_500, 1_000, 1_500)


def test_import_turns_a_refusal_of_the_database_into_a_report_of_its_row():
    # a name that passes every check of cells and that the decision log refuses: ten digits that look like a phone
    number = next(str(n).zfill(10) for n in range(300_000_000, 300_000_100) if rntrc.is_valid(str(n).zfill(10)))
    rows = [OTHER, {**GOOD, "name": f"Гаряча лінія {number}"}]

    report = changes_nothing(csv_bytes(rows))

    assert found(report) == [(3, "", "row.refused")]


def test_import_dry_run_of_a_good_file_changes_nothing_and_says_what_it_would():
    before = everything()

    report = bring(csv_bytes([GOOD, OTHER]), dry_run=True)

    assert everything() == before
    assert (report.created, report.applied, report.is_clean) == (2, False, True)
    assert [change.kind for change in report.changes] == ["created", "created"]


def test_import_reports_the_same_for_csv_and_xlsx():
    rows = [OTHER, {**GOOD, "edrpou": "43970361", "source_on": "31.02.2026"}]

    assert found(bring(xlsx_bytes(rows), "a.xlsx")) == found(bring(csv_bytes(rows)))
