"""`import_providers`: a file goes in whole or not at all, and the run is recorded."""

import io

import pytest
from django.core.management import CommandError, call_command

from registry.models import ImportRun
from tests.factories.registry import make_catalogue, make_territories
from tests.registry.faults.files import GOOD, OTHER, csv_bytes, everything

pytestmark = [pytest.mark.django_db, pytest.mark.databases]


@pytest.fixture(autouse=True)
def world():
    make_territories(), make_catalogue()


def command(path, *options):
    out, err = io.StringIO(), io.StringIO()
    code = 0
    try:
        call_command("import_providers", str(path), *options, stdout=out, stderr=err)
    except SystemExit as error:
        code = error.code
    return code, out.getvalue(), err.getvalue()


def test_import_command_enters_a_file_and_records_the_run(tmp_path):
    path = tmp_path / "providers.csv"
    path.write_bytes(csv_bytes([GOOD, OTHER]))

    code, _out, err = command(path)

    assert (code, err) == (0, "")
    run_row = ImportRun.objects.get()
    assert (run_row.state, run_row.rows, run_row.created, run_row.file_name) == ("applied", 2, 2, "providers.csv")


def test_import_command_a_second_time_leaves_no_trace(tmp_path):
    path = tmp_path / "providers.csv"
    path.write_bytes(csv_bytes([GOOD]))
    command(path)
    before = everything()

    assert command(path)[0] == 0

    assert everything() == before


def test_import_command_exits_with_one_when_there_are_faults(tmp_path):
    path = tmp_path / "providers.csv"
    path.write_bytes(csv_bytes([{**GOOD, "edrpou": "43970361"}]))
    before = everything()

    code, _out, err = command(path)

    assert code == 1
    assert "43970361" in err
    assert everything() == before


def test_import_command_names_a_file_that_is_not_there(tmp_path):
    with pytest.raises(CommandError):
        call_command("import_providers", str(tmp_path / "none.csv"))


def test_import_command_refuses_an_account_that_may_not(tmp_path, django_user_model):
    django_user_model.objects.create_user("reader@example.org")
    path = tmp_path / "providers.csv"
    path.write_bytes(csv_bytes([GOOD]))

    with pytest.raises(CommandError):
        call_command("import_providers", str(path), "--by", "reader@example.org")
