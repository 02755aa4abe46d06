"""The table of synonyms: shipped rows come and go with the file, people's rows stay, files are judged row by row."""

import csv
import io
import json
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction

from portal.kernel.models import LogEntry
from registry.domain.providers import Actor
from registry.domain.reference import FOLDER
from registry.interfaces.importing import ImportSource
from registry.models import ReferenceLoad
from search.domain.synonyms import PATH, key_of, load_synonyms, remove_synonym, save_synonym
from search.interfaces.synonym_files import FORMATS, run
from search.models import Synonym
from search.queries.synonyms import thesaurus_stamp
from search.signals import thesaurus_changed
from tests.factories.registry import make_catalogue

pytestmark = [pytest.mark.django_db, pytest.mark.databases]

NOW = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)
LATER = datetime(2026, 11, 26, 9, 0, tzinfo=UTC)
EDITOR = Actor(None, "editor")
HEADER = "phrase,kind,target,weight,language,note"
NURSE = "сиділка,service,home-care,0.8,uk,"
SHELTER = "де переночувати,service,shelter,0.6,uk,"


@pytest.fixture
def shipped(tmp_path):
    """Return a function that writes the shipped file anew and loads it."""

    def load(*rows, **options):
        path = tmp_path / "synonyms.csv"
        path.write_text("\n".join([HEADER, *rows]) + "\n", encoding="utf-8")
        return load_synonyms(path=path, **options)

    return load


def outcome(counts):
    return counts.created, counts.changed, counts.vanished, counts.skipped


def standing(**wanted):
    return list(Synonym.objects.filter(**wanted).order_by("phrase", "target").values_list("phrase", "target", "active"))


# --- shipped -------------------------------------------------------------------------------------------------------


def test_file_of_the_repository_loads_and_a_second_load_changes_nothing():
    with PATH.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))

    first, again, forced = load_synonyms(), load_synonyms(), load_synonyms(force=True)

    same = {key_of(row["phrase"], row["kind"], row["target"]) for row in rows}
    assert outcome(first) == (len(same), 0, 0, False)
    assert (outcome(again), outcome(forced)) == ((0, 0, 0, True), (0, 0, 0, False))
    assert Synonym.objects.active().filter(edited_at=None).count() == len(same) >= 400


def test_of_two_rows_that_differ_in_capitals_the_heavier_is_loaded(shipped):
    counts = shipped(
        "дцп,words,реабілітація,0.6,uk,", "ДЦП,words,Реабілітація,0.9,abbr,", "Дцп,words,реабілітація,0.4,uk,"
    )

    assert outcome(counts) == (1, 0, 0, False)
    assert list(Synonym.objects.values_list("phrase", "weight")) == [("ДЦП", Decimal("0.90"))]


def test_every_target_of_the_shipped_file_is_in_the_shipped_catalogue():
    load_synonyms()
    services = json.loads((FOLDER / "service_types.json").read_text(encoding="utf-8"))["services"]
    groups = json.loads((FOLDER / "vulnerable_groups.json").read_text(encoding="utf-8"))

    for kind, terms in (("service", services), ("group", groups)):
        targets = set(Synonym.objects.filter(kind=kind).values_list("target", flat=True))
        assert targets - {term["slug"] for term in terms} == set()


def test_changed_file_brings_shipped_rows_along(shipped):
    shipped(NURSE, SHELTER)

    counts = shipped("сиділка,service,home-care,1.0,uk,доглядає", "нічліг,service,shelter,0.8,uk,")

    assert outcome(counts) == (1, 1, 1, False)
    nurse = Synonym.objects.get(phrase="сиділка")
    assert (nurse.weight, nurse.note) == (Decimal("1.00"), "доглядає")
    assert standing() == [
        ("де переночувати", "shelter", False),
        ("нічліг", "shelter", True),
        ("сиділка", "home-care", True),
    ]


def test_row_that_comes_back_to_the_file_is_in_use_again(shipped):
    shipped(NURSE, SHELTER)
    shipped(NURSE)
    shipped(NURSE, SHELTER)

    assert standing(phrase="де переночувати") == [("де переночувати", "shelter", True)]


def test_edited_row_survives_whatever_the_file_says(shipped):
    shipped(NURSE, SHELTER)
    row = Synonym.objects.get(phrase="сиділка")
    row.weight = Decimal("0.3")
    save_synonym(row, now=NOW)

    changed = shipped("сиділка,service,home-care,1.0,uk,", SHELTER)
    left = shipped(SHELTER)

    row.refresh_from_db()
    assert (row.weight, row.active, row.edited_at) == (Decimal("0.30"), True, NOW)
    assert (outcome(changed), outcome(left)) == ((0, 0, 0, False), (0, 0, 0, False))


def test_row_turned_into_another_one_is_not_loaded_a_second_time(shipped):
    shipped(NURSE)
    row = Synonym.objects.get()
    row.phrase, row.target = "доглядальниця", "shelter"
    save_synonym(row, now=NOW)

    shipped(NURSE, SHELTER)

    assert standing() == [("де переночувати", "shelter", True), ("доглядальниця", "shelter", True)]


def test_row_that_people_had_first_stays_theirs(shipped):
    own = save_synonym(Synonym(phrase="Сиділка", kind="service", target="home-care", weight=Decimal("0.5")), now=NOW)

    shipped(NURSE)

    own.refresh_from_db()
    assert (Synonym.objects.count(), own.weight, own.is_shipped) == (1, Decimal("0.50"), False)


def test_removed_shipped_row_stays_out_of_use_and_own_row_goes(shipped):
    shipped(NURSE)
    own = save_synonym(Synonym(phrase="нянька", kind="service", target="home-care"), now=NOW)

    gone = [remove_synonym(row, now=NOW) for row in (Synonym.objects.get(phrase="сиділка"), own)]
    shipped(NURSE, SHELTER)

    assert gone == [False, True]
    assert standing() == [("де переночувати", "shelter", True), ("сиділка", "home-care", False)]


def test_saved_row_has_one_spelling_of_apostrophes_and_spaces():
    row = save_synonym(Synonym(phrase="  пам'ять   слабшає ", kind="words", target="догляд  вдома"), now=NOW)

    assert (row.phrase, row.target) == ("памʼять слабшає", "догляд вдома")


# --- the database --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("constraint", "change"),
    [
        ("synonym_weight_is_above_zero_up_to_one", {"weight": 0}),
        ("synonym_weight_is_above_zero_up_to_one", {"weight": Decimal("1.01")}),
        ("synonym_leads_from_something_to_something", {"phrase": ""}),
        ("synonym_leads_from_something_to_something", {"target": ""}),
    ],
)
def test_database_refuses_impossible_synonyms(shipped, constraint, change):
    shipped(NURSE)

    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        Synonym.objects.update(**change)


@pytest.mark.parametrize(
    ("names", "values"),
    [
        # SQLite names the columns, PostgreSQL the constraint
        ("synonym_once|phrase, search_synonym.kind", {"phrase": "сиділка", "kind": "service", "target": "home-care"}),
        (
            "synonym_shipped_once|shipped_as",
            {"phrase": "інше", "kind": "words", "target": "догляд", "shipped_as": "сиділка|service|home-care"},
        ),
    ],
)
def test_database_refuses_the_same_synonym_twice(shipped, names, values):
    shipped(NURSE)

    with pytest.raises(IntegrityError, match=names), transaction.atomic():
        Synonym.objects.create(**values)


# --- news ----------------------------------------------------------------------------------------------------------


def test_every_change_is_told_after_commit_and_no_change_is_not(shipped, django_capture_on_commit_callbacks):
    told = []
    listener = lambda **news: told.append(news["sender"])  # noqa: E731
    thesaurus_changed.connect(listener)
    steps = [
        lambda: shipped(NURSE),
        lambda: save_synonym(Synonym.objects.get(), now=NOW),
        lambda: bring("phrase,kind,target", "ночівля,words,притулок на ніч"),
        lambda: remove_synonym(Synonym.objects.get(phrase="ночівля"), now=NOW),
        lambda: shipped(NURSE),
        lambda: shipped(NURSE, force=True),
    ]
    heard = []
    try:
        for step in steps:
            with django_capture_on_commit_callbacks(execute=True):
                step()
                assert told == []
            heard.append(len(told))
            told.clear()
    finally:
        thesaurus_changed.disconnect(listener)

    assert heard == [1, 1, 1, 1, 0, 0]


def test_stamp_differs_after_every_change(shipped):
    stamps = [thesaurus_stamp()]
    for step in (
        lambda: shipped(NURSE),
        lambda: shipped("сиділка,service,home-care,1.0,uk,"),
        lambda: save_synonym(Synonym(phrase="нянька", kind="service", target="home-care"), now=NOW),
        lambda: save_synonym(Synonym.objects.get(phrase="сиділка"), now=LATER),
        lambda: remove_synonym(Synonym.objects.get(phrase="нянька"), now=LATER),
    ):
        step()
        stamps.append(thesaurus_stamp())

    assert len(set(stamps)) == len(stamps)
    assert thesaurus_stamp() == stamps[-1]


# --- files ---------------------------------------------------------------------------------------------------------


def bring(*lines, name="list.csv", **options):
    content = ("\n".join(lines) + "\n").encode()
    return run(ImportSource(io.BytesIO(content), name), actor=EDITOR, now=NOW, **options)


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


# --- commands ------------------------------------------------------------------------------------------------------


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
