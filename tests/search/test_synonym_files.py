"""Files of synonyms: judged row by row, entered whole, taken out unchanged; by hand and by commands."""

import io
import json
from decimal import Decimal

import pytest
from django.core.management import CommandError, call_command

from portal.kernel.models import LogEntry
from registry.interfaces.importing import ImportSource
from registry.models import ReferenceLoad
from search.domain.synonyms import save_synonym
from search.interfaces.synonym_files import FORMATS, run
from search.models import Synonym
from tests.factories.registry import make_catalogue
from tests.search.shipping import (
    EDITOR,
    LATER,
    NOW,
    NURSE,
    SHELTER,
    bring,
    standing,
)

pytestmark = [pytest.mark.django_db, pytest.mark.databases]


def faults(report):
    return [(fault.row, fault.column, fault.code) for fault in report.faults]


FULL = "phrase,kind,target,weight,language,note,active"


@pytest.mark.parametrize(
    ("line", "column", "code"),
    [
        (",service,home-care,0.8,uk,,", "phrase", "cell.missing"),
        ("!!!,service,home-care,0.8,uk,,", "phrase", "phrase.empty"),
        (f"{'довга ' * 30},service,home-care,0.8,uk,,", "phrase", "text.too_long"),
        ("шість слів це вже занадто багато,service,home-care,0.8,uk,,", "phrase", "phrase.long"),
        ("=1+1,service,home-care,0.8,uk,,", "phrase", "cell.formula"),
        ("нянька,послуга така,home-care,0.8,uk,,", "kind", "choice.unknown"),
        ("нянька,service,home-car,0.8,uk,,", "target", "target.unknown"),
        ("нянька,group,home-care,0.8,uk,,", "target", "target.unknown"),
        ("нянька,words,Нянька,0.8,uk,,", "target", "target.itself"),
        ("нянька,words,?!,0.8,uk,,", "target", "target.empty"),
        ("нянька,service,,0.8,uk,,", "target", "cell.missing"),
        ("нянька,service,home-care,багато,uk,,", "weight", "weight.form"),
        ("нянька,service,home-care,0,uk,,", "weight", "weight.range"),
        ("нянька,service,home-care,1.2,uk,,", "weight", "weight.range"),
        ("нянька,service,home-care,0.855,uk,,", "weight", "weight.precision"),
        ("нянька,service,home-care,0.8,польська,,", "language", "choice.unknown"),
        (f"нянька,service,home-care,0.8,uk,{'а' * 301},", "note", "text.too_long"),
        ("нянька,service,home-care,0.8,uk,,мабуть", "active", "yes_no"),
        ("сиділка,service,home-care,0.8,uk,,", "phrase", "row.twice"),
        ("нянька,service", "", "row.ragged"),
    ],
)
def test_bad_row_is_reported_and_keeps_the_file_out(line, column, code):
    make_catalogue()
    good = "Сиділка,service,home-care,0.8,uk,,"

    report = bring(FULL, good, line)

    assert faults(report) == [(3, column, code)]
    assert (report.rows, report.faulty, report.applied, Synonym.objects.count()) == (2, 1, False, 0)
    assert all(fault.reason for fault in report.faults)


def test_every_fault_of_a_row_is_reported_at_once():
    make_catalogue()

    report = bring(FULL, "нянька,service,нічого схожого,3,xx,,так-сяк")

    assert [column for _row, column, _code in faults(report)] == ["weight", "language", "active", "target"]
    assert report.faulty == 1


@pytest.mark.parametrize(
    ("lines", "code"),
    [
        (["phrase,kind", "нянька,service"], "header.missing"),
        (["phrase,kind,target,kind", "нянька,service,home-care,service"], "header.twice"),
        (["phrase,kind,target,вага", "нянька,service,home-care,1"], "header.unknown"),
        ([FULL], "file.no_rows"),
        ([""], "file.empty"),
    ],
)
def test_file_that_cannot_be_understood_is_a_report(lines, code):
    report = bring(*lines)

    assert ([fault.code for fault in report.faults], report.applied) == ([code], False)


def test_faultless_rows_go_in_when_asked(shipped):
    make_catalogue()
    shipped(NURSE)

    report = bring(FULL, "нянька,service,home-care,,,,", "хто,service,немає такої,1,uk,,", partial=True)

    nanny = Synonym.objects.get(phrase="нянька")
    assert (report.created, report.faulty, report.applied) == (1, 1, True)
    assert (nanny.weight, nanny.language, nanny.active, nanny.edited_at) == (Decimal("0.80"), "uk", True, NOW)


def test_trial_says_what_would_change_and_writes_nothing(shipped):
    make_catalogue()
    shipped(NURSE)

    report = bring(FULL, "сиділка,service,Догляд вдома,1,,,ні", "нянька,service,home-care,1,uk,,", dry_run=True)

    assert (report.created, report.changed, report.applied) == (1, 1, False)
    changed, created = report.changes
    assert (changed.row, changed.kind, [pair[1:] for pair in changed.fields]) == (
        2,
        "changed",
        [("0,8", "1"), ("так", "ні")],
    )
    assert (created.row, created.kind, created.name) == (3, "created", "нянька → home-care")
    assert (standing(), LogEntry.objects.count()) == ([("сиділка", "home-care", True)], 0)


def test_target_is_known_by_its_slug_or_name_in_a_file():
    make_catalogue()

    bring("phrase,kind,target", "нянька,service,ДОГЛЯД ВДОМА", "бабуся,group,older people", "дід,group,older-people")

    assert standing() == [
        ("бабуся", "older-people", True),
        ("дід", "older-people", True),
        ("нянька", "home-care", True),
    ]


def test_entered_file_is_logged_once_and_a_second_time_changes_nothing(shipped):
    make_catalogue()
    shipped(NURSE)
    lines = (FULL, "сиділка,service,home-care,1,,,", "нянька,service,home-care,1,uk,,")

    first, second = bring(*lines), bring(*lines)

    assert (first.created, first.changed, second.unchanged, second.applied) == (1, 1, 2, False)
    line = LogEntry.objects.get(tag="search:synonyms:import")
    assert (line.actor_role, json.loads(line.payload)) == (
        "editor",
        {"sha256": first.sha256, "created": 1, "changed": 1},
    )


@pytest.mark.parametrize("form", FORMATS)
def test_exported_table_comes_back_unchanged(shipped, form):
    make_catalogue()
    shipped(NURSE, SHELTER, "бʼє чоловік,group,violence-survivors,0.8,uk,")
    save_synonym(Synonym(phrase="+ допомога", kind="words", target="=підтримка", active=False), now=NOW)

    content = FORMATS[form][1](Synonym.objects.order_by("phrase", "kind", "target"))
    report = run(ImportSource(io.BytesIO(content), f"list.{form}"), actor=EDITOR, now=LATER)

    assert (faults(report), report.rows, report.unchanged) == ([], 4, 4)


def test_commands_load_take_out_and_bring_in(tmp_path, capsys):
    make_catalogue()
    call_command("load_synonyms")
    loaded = Synonym.objects.count()
    call_command("load_synonyms")
    # the small catalogue of tests does not know most targets
    Synonym.objects.exclude(kind="words").delete()
    path = tmp_path / "list.csv"

    call_command("export_synonyms", path)
    path.write_text(path.read_text(encoding="utf-8") + "нянька,service,home-care,1,uk,,yes\r\n", encoding="utf-8")
    call_command("import_synonyms", path, dry_run=True)
    tried = Synonym.objects.filter(phrase="нянька", kind="service").count()
    call_command("import_synonyms", path)

    assert (loaded >= 400, tried, Synonym.objects.filter(phrase="нянька", kind="service").count()) == (True, 0, 1)
    assert ReferenceLoad.objects.filter(name="synonyms.csv").count() == 1
    assert capsys.readouterr().err == ""


def test_command_tells_faults_and_exits_with_one(tmp_path, capsys):
    path = tmp_path / "list.csv"
    path.write_text("phrase,kind,target\nнянька,service,нема\n", encoding="utf-8")

    with pytest.raises(SystemExit) as stopped:
        call_command("import_synonyms", path)

    assert (stopped.value.code, Synonym.objects.count()) == (1, 0)
    assert "target" in capsys.readouterr().err


@pytest.mark.parametrize(("command", "name"), [("import_synonyms", "none.csv"), ("export_synonyms", "list.pdf")])
def test_command_refuses_a_file_it_cannot_use(tmp_path, command, name):
    with pytest.raises(CommandError):
        call_command(command, tmp_path / name)
