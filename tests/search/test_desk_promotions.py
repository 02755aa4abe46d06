"""Promotions at the desk: made, refused with a reason, shown on their days."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from search.models import Promotion
from search.signals import promotions_changed
from tests.search.editing import (
    PROMOTED,
    TODAY,
    errors,
    make_promotion,
)


def test_editor_makes_changes_and_deletes_a_promotion(editor, django_capture_on_commit_callbacks):
    told = []
    listener = lambda **news: told.append(news["sender"])  # noqa: E731
    promotions_changed.connect(listener)
    try:
        with django_capture_on_commit_callbacks(execute=True):
            editor.post(reverse("desk_promotions:add"), PROMOTED)
        row = Promotion.objects.get()
        with django_capture_on_commit_callbacks(execute=True):
            editor.post(reverse("desk_promotions:edit", args=[row.pk]), {**PROMOTED, "title": "Інше"})
        row.refresh_from_db()
        with django_capture_on_commit_callbacks(execute=True):
            editor.post(reverse("desk_promotions:delete", args=[row.pk]))
    finally:
        promotions_changed.disconnect(listener)

    assert (row.title, row.phrase_list, Promotion.objects.count()) == (
        "Інше",
        ["виплати впо", "допомога переселенцям"],
        0,
    )
    assert told == [Promotion] * 3


@pytest.mark.parametrize(
    ("change", "wrong"),
    [
        ({"phrases": " \n "}, {"phrases": ["required"]}),
        ({"phrases": "впо\n" + "а" * 121}, {"phrases": ["long_phrase"]}),
        ({"url": "services"}, {"url": ["address"]}),
        ({"url": "//evil.example"}, {"url": ["address"]}),
        ({"url": "/\\evil.example"}, {"url": ["address"]}),
        ({"url": "http://example.org/"}, {"url": ["address"]}),
        ({"url": "javascript:alert(1)"}, {"url": ["address"]}),
        ({"url": "https://"}, {"url": ["invalid"]}),
        ({"valid_to": "2026-10-31"}, {"__all__": [None]}),
    ],
)
def test_promotion_is_refused_with_a_reason(editor, change, wrong):
    response = editor.post(reverse("desk_promotions:add"), {**PROMOTED, **change})

    assert (response.status_code, errors(response), Promotion.objects.count()) == (200, wrong, 0)


@pytest.mark.parametrize(
    ("day", "shown"),
    [
        (TODAY - timedelta(days=1), []),
        (TODAY, ["Виплати"]),
        (TODAY + timedelta(days=2), ["Виплати"]),
        (TODAY + timedelta(days=3), []),
    ],
)
def test_current_promotions_are_those_of_the_day(db, day, shown):
    make_promotion(valid_to=TODAY + timedelta(days=2))
    make_promotion(title="Вимкнена", active=False)

    assert [promotion.title for promotion in Promotion.objects.current(day)] == shown


def test_database_refuses_a_promotion_that_ends_before_it_begins(db):
    make_promotion()

    with pytest.raises(IntegrityError, match="promotion_ends_after_it_begins"), transaction.atomic():
        Promotion.objects.update(valid_to=TODAY - timedelta(days=1))


@pytest.mark.parametrize("item_count", [1, 3])
def test_list_of_promotions_costs_the_same(editor, django_assert_num_queries, item_count):
    for _ in range(item_count):
        make_promotion()
    url = reverse("desk_promotions:index")
    editor.get(url)

    with django_assert_num_queries(12):
        response = editor.get(url)

    assert len(response.context["object_list"]) == item_count
