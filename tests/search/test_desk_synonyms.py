"""Synonyms at the desk: made, changed, refused with a reason, found in the list."""

from decimal import Decimal

import pytest
from django.urls import reverse
from wagtail.models import ModelLogEntry

from search.models import Synonym
from search.signals import thesaurus_changed
from tests.search.editing import (
    TYPED,
    errors,
    listed,
    make_synonym,
)


def test_editor_makes_a_synonym_by_the_name_of_a_service(editor, django_capture_on_commit_callbacks):
    told = []
    listener = lambda **news: told.append(news["sender"])  # noqa: E731
    thesaurus_changed.connect(listener)
    try:
        with django_capture_on_commit_callbacks(execute=True):
            response = editor.post(reverse("desk_synonyms:add"), {**TYPED, "target": "догляд ВДОМА"})
    finally:
        thesaurus_changed.disconnect(listener)

    row = Synonym.objects.get()
    assert (response.status_code, row.target, row.edited_at is not None, row.is_shipped) == (
        302,
        "home-care",
        True,
        False,
    )
    assert told == [Synonym]
    assert ModelLogEntry.objects.for_instance(row).get().action == "wagtail.create"


def test_editor_changes_and_deletes_a_synonym(editor):
    row = make_synonym()

    changed = editor.post(reverse("desk_synonyms:edit", args=[row.pk]), {**TYPED, "weight": "0.5", "active": ""})
    row.refresh_from_db()
    deleted = editor.post(reverse("desk_synonyms:delete", args=[row.pk]))

    assert (changed.status_code, row.weight, row.active) == (302, Decimal("0.50"), False)
    assert (deleted.status_code, Synonym.objects.count()) == (302, 0)
    actions = ModelLogEntry.objects.order_by("pk").values_list("action", flat=True)
    assert list(actions) == ["wagtail.edit", "wagtail.delete"]


def test_deleting_a_shipped_synonym_switches_it_off_and_says_so(editor):
    row = Synonym.objects.create(
        phrase="сиділка", kind="service", target="home-care", shipped_as="сиділка|service|home-care"
    )
    url = reverse("desk_synonyms:delete", args=[row.pk])

    page = editor.get(url)
    editor.post(url)

    row.refresh_from_db()
    own = editor.get(reverse("desk_synonyms:delete", args=[make_synonym("нянька").pk]))
    assert page.context["view"].confirmation_message != own.context["view"].confirmation_message
    assert (row.active, row.edited_at is not None) == (False, True)


@pytest.mark.parametrize(
    ("change", "wrong"),
    [
        ({"target": "home-car"}, {"target": ["target.unknown"]}),
        ({"kind": "group"}, {"target": ["target.unknown"]}),
        ({"target": ""}, {"target": ["required"]}),
        ({"kind": "words", "target": "Сиділка"}, {"target": ["target.itself"]}),
        ({"kind": ""}, {"kind": ["required"]}),
        ({"phrase": "!!!"}, {"phrase": ["phrase.empty"]}),
        ({"phrase": "а б в г ґ д"}, {"phrase": ["phrase.long"]}),
        ({"weight": "0"}, {"weight": ["min_value"]}),
        ({"weight": "1.01"}, {"weight": ["max_value"]}),
        ({"weight": "0.855"}, {"weight": ["max_decimal_places"]}),
    ],
)
def test_form_refuses_with_a_reason_beside_the_field(editor, change, wrong):
    response = editor.post(reverse("desk_synonyms:add"), {**TYPED, **change})

    assert (response.status_code, errors(response), Synonym.objects.count()) == (200, wrong, 0)


def test_form_names_the_nearest_target(editor):
    response = editor.post(reverse("desk_synonyms:add"), {**TYPED, "target": "догляд в дома"})

    (reason,) = response.context["form"].errors["target"]
    assert "Догляд вдома (home-care)" in reason
    assert "догляд в дома" in reason


@pytest.mark.parametrize("phrase", ["сиділка", "СИДІЛКА"])
def test_form_refuses_what_the_table_has_in_any_capitals(editor, phrase):
    make_synonym()

    response = editor.post(reverse("desk_synonyms:add"), {**TYPED, "phrase": phrase})

    assert (response.status_code, errors(response)) == (200, {"phrase": ["unique"]})


def test_form_offers_the_catalogue_and_takes_a_phrase_over(editor):
    page = editor.get(reverse("desk_synonyms:add"), {"phrase": "няня"})

    text = page.content.decode()
    assert page.context["form"]["phrase"].value() == "няня"
    assert '<datalist id="target-suggestions">' in text
    assert '<option value="home-care">Догляд вдома' in text
    assert '<option value="older-people">Особи похилого віку' in text


def test_list_is_found_by_words_of_phrase_target_and_its_name(editor):
    make_synonym("сиділка для бабусі")
    make_synonym("ночівля", target="shelter", note="на одну ніч")
    make_synonym("підгузки", kind="words", target="засоби гігієни")

    assert listed(editor, q="СИДІЛКА") == ["сиділка для бабусі"]
    assert listed(editor, q="бабусі сиділка") == ["сиділка для бабусі"]
    assert listed(editor, q="притулку") == ["ночівля"]
    assert listed(editor, q="shelter") == ["ночівля"]
    assert listed(editor, q="НІЧ") == ["ночівля"]
    assert listed(editor, q="гігієни") == ["підгузки"]
    assert listed(editor, q="100%_(") == []


def test_list_narrows_by_each_filter(editor):
    make_synonym("сиделка", language="ru")
    make_synonym("ночівля", kind="words", target="притулок", active=False)
    Synonym.objects.create(phrase="нянька", kind="service", target="home-care")

    assert listed(editor) == ["ночівля", "нянька", "сиделка"]
    assert listed(editor, kind="words") == ["ночівля"]
    assert listed(editor, language="ru") == ["сиделка"]
    assert listed(editor, active="false") == ["ночівля"]
    assert listed(editor, edited="true") == ["ночівля", "сиделка"]
    assert listed(editor, edited="false") == ["нянька"]


@pytest.mark.parametrize("item_count", [1, 3])
def test_list_of_synonyms_costs_the_same(editor, django_assert_num_queries, item_count):
    for number in range(item_count):
        make_synonym(f"сиділка {number}")
    url = reverse("desk_synonyms:index")
    editor.get(url)

    with django_assert_num_queries(14):
        response = editor.get(url)

    assert len(response.context["object_list"]) == item_count
