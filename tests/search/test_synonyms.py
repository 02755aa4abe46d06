"""The table of synonyms: shipped rows come and go with the file, people's rows stay, every change is told."""

import csv
import json
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from registry.domain.reference import FOLDER
from search.domain.synonyms import PATH, key_of, load_synonyms, remove_synonym, save_synonym
from search.models import Synonym
from search.queries.synonyms import thesaurus_stamp
from search.signals import thesaurus_changed
from tests.search.shipping import (
    LATER,
    NOW,
    NURSE,
    SHELTER,
    bring,
    outcome,
    standing,
)

pytestmark = [pytest.mark.django_db, pytest.mark.databases]


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
