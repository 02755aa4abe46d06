"""A snapshot is whole or absent, the same for the same state, and anybody can check it without the portal."""

import csv
import io
import json
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from portal.kernel.models import LogHead
from portal.site.opendata import publishing
from portal.site.opendata.publishing import NotASnapshotError, publish, zipped
from portal.site.opendata.tables import TABLES
from registry.domain.providers import put_providers
from registry.domain.records import ProviderRecord
from tests.factories.registry import NOW, REGISTRAR, make_provider

pytestmark = pytest.mark.django_db
FIXED = {
    "datapackage.json",
    "ocds/releases.json",
    "ocds/records.json",
    "hsds/services.json",
    "360giving.json",
    "catalogue.ttl",
    "manifest.json",
    "verify.py",
    "log/head.json",
}


def contents(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def names_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def rows_of(folder: Path, table: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO((folder / f"tables/{table}.csv").read_text(encoding="utf-8"))))


def verify(folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-I", folder / "verify.py"], capture_output=True, text=True, check=False)


def test_snapshot_has_every_file_of_the_interface_and_something_in_every_table(everything, tmp_path):
    done = publish(tmp_path / "one")

    found = contents(tmp_path / "one")
    assert set(found) >= FIXED | {f"tables/{table.name}.{form}" for table in TABLES for form in ("csv", "json")}
    empty = {table.name for table in TABLES if len(rows_of(tmp_path / "one", table.name)) == 0}
    assert empty <= {"milestones", "findings", "projects", "risk_replies"}
    for table in TABLES:
        told = json.loads(found[f"tables/{table.name}.json"])
        assert [list(row) for row in told[:1]] == [sorted(table.names)] * bool(told)
        assert len(told) == len(rows_of(tmp_path / "one", table.name))
    manifest = json.loads(found["manifest.json"])
    head = LogHead.objects.get()
    assert manifest["log"] == {"seq": head.seq, "digest": head.digest}
    assert {one["name"] for one in manifest["files"]} == set(found) - {"manifest.json"}
    assert done.digest == manifest["digest"]


def test_keys_are_unique_and_links_lead_to_rows(everything, tmp_path):
    publish(tmp_path / "one")

    tables = {table.name: table for table in TABLES}
    rows = {name: rows_of(tmp_path / "one", name) for name in tables}
    keys = {name: [tuple(row[part] for part in tables[name].key) for row in found] for name, found in rows.items()}
    assert [name for name, found in keys.items() if len(found) != len(set(found))] == []
    lost = [
        (table.name, link.columns, named)
        for table in TABLES
        for link in table.links
        for row in rows[table.name]
        if all(named := tuple(row[part] for part in link.columns)) and named not in set(keys[link.table])
    ]
    assert lost == []


def test_same_state_gives_the_same_bytes(everything, tmp_path):
    publish(tmp_path / "one")
    publish(tmp_path / "two")
    zipped(tmp_path / "one", tmp_path / "one.zip")
    zipped(tmp_path / "two", tmp_path / "two.zip")

    first, second = contents(tmp_path / "one"), contents(tmp_path / "two")
    assert [name for name in first if first[name] != second.get(name)] == []
    assert first.keys() == second.keys()
    assert (tmp_path / "one.zip").read_bytes() == (tmp_path / "two.zip").read_bytes()


def test_verify_names_what_was_changed_added_and_lost(everything, tmp_path):
    publish(tmp_path / "one")
    whole = verify(tmp_path / "one")
    assert (whole.returncode, whole.stderr) == (0, "")

    changed = tmp_path / "one" / "tables/contracts.csv"
    changed.write_bytes(changed.read_bytes().replace(b"in_force", b"IN_FORCE"))
    (tmp_path / "one" / "catalogue.ttl").unlink()
    (tmp_path / "one" / "more.csv").write_text("1")

    told = verify(tmp_path / "one")
    assert told.returncode == 1
    assert told.stdout.split() == ["missing", "catalogue.ttl", "added", "more.csv", "differs", "tables/contracts.csv"]


def test_difference_names_rows_that_came_went_and_changed(tmp_path):
    put_providers(
        [ProviderRecord(external_ref=name, name=f"ГО «{name}»") for name in ("a", "b")],
        actor=REGISTRAR,
        ground="тест",
        now=NOW,
    )
    publish(tmp_path / "one")
    put_providers([ProviderRecord(external_ref="a", about="Нове.")], actor=REGISTRAR, ground="тест", now=NOW)
    put_providers([ProviderRecord(external_ref="c", name="ГО «c»")], actor=REGISTRAR, ground="тест", now=NOW)
    done = publish(tmp_path / "two", previous=tmp_path / "one")

    told = json.loads((tmp_path / "two/difference.json").read_text(encoding="utf-8"))
    numbers = {row["external_ref"]: row["number"] for row in rows_of(tmp_path / "two", "providers")}
    assert told == done.difference
    assert (told["added"], told["changed"], told["removed"]) == (1, 1, 0)
    assert told["tables"]["providers"]["keys"] == {"added": [[numbers["c"]]], "changed": [[numbers["a"]]]}
    assert told["previous"]["digest"] == json.loads((tmp_path / "one/manifest.json").read_text())["digest"]

    nothing = publish(tmp_path / "three", previous=tmp_path / "two").difference
    assert (nothing["added"], nothing["changed"], nothing["removed"], nothing["tables"]) == (0, 0, 0, {})


def test_a_run_that_breaks_off_leaves_the_old_snapshot_and_nothing_of_its_own(tmp_path, monkeypatch):
    publish(tmp_path / "one")
    before = contents(tmp_path / "one")

    def break_off(*_args):
        raise KeyboardInterrupt

    monkeypatch.setattr(publishing.manifest, "write_manifest", break_off)
    with pytest.raises(KeyboardInterrupt):
        publish(tmp_path / "one")

    assert contents(tmp_path / "one") == before
    assert names_in(tmp_path) == ["one"]


def test_a_folder_of_something_else_is_never_written_into(tmp_path):
    (tmp_path / "letters.txt").write_text("mine")

    with pytest.raises(NotASnapshotError):
        publish(tmp_path)

    assert names_in(tmp_path) == ["letters.txt"]


def test_command_tells_what_was_published_and_what_it_cannot_compare_with(tmp_path, capsys):
    make_provider()
    call_command("publish_snapshot", tmp_path / "one")
    assert "files, " in capsys.readouterr().out

    with pytest.raises(CommandError, match="cannot be compared"):
        call_command("publish_snapshot", tmp_path / "two", previous=tmp_path / "nowhere")
    assert names_in(tmp_path) == ["one"]


def test_queries_do_not_grow_with_rows(tmp_path, django_assert_num_queries):
    make_provider()
    publish(tmp_path / "warm")
    with connection.execute_wrapper(counted := _Counted()):
        publish(tmp_path / "one")
    for _again in range(3):
        make_provider()
    # the feed takes the new ones in
    publish(tmp_path / "warm")
    with django_assert_num_queries(counted.number):
        publish(tmp_path / "four")


class _Counted:
    number = 0

    def __call__(self, execute, sql, params, many, context):
        self.number += 1
        return execute(sql, params, many, context)
