"""Marks of cards: what every line says of freshness, free places and accessibility, in the reader's language."""

from datetime import date

import pytest
from django.template import Context, Template
from django.utils import translation

from registry.enums import Freshness, VerificationMethod
from registry.queries.freshness import Age, FreePlaces
from registry.templatetags.marks import availability, freshness_mark, freshness_words, reach_mark

SAID = date(2026, 11, 1)


@pytest.mark.parametrize(
    ("state", "words"),
    [
        (Freshness.FRESH, ""),
        (Freshness.DUE, ""),
        (Freshness.OVERDUE, "not confirmed in time"),
        (Freshness.LOWERED, "long unconfirmed"),
        (Freshness.HIDDEN, "not confirmed, out of the search"),
    ],
)
def test_only_a_card_that_was_not_confirmed_in_time_is_marked(state, words):
    with translation.override("en"):
        mark = freshness_mark(state)

    assert words in mark
    assert bool(mark) is bool(words)


@pytest.mark.parametrize(
    ("method", "words"),
    [
        ("", "Confirmed by a person on 1"),
        (VerificationMethod.LINK, "Confirmed by the provider on 1"),
        (VerificationMethod.CABINET, "Confirmed by the provider on 1"),
        (VerificationMethod.REGISTRAR, "Confirmed by the registrar on 1"),
        (VerificationMethod.DECISION, "Confirmed by a decision of the register on 1"),
    ],
)
def test_card_says_who_confirmed_it(method, words):
    with translation.override("en"):
        assert freshness_words(Age(Freshness.FRESH, SAID, is_confirmed=True), method).startswith(words)
        assert freshness_words(Age(Freshness.DUE, SAID, is_confirmed=False), method).startswith("Nobody has confirmed")


def test_words_are_kept_for_each_language_apart():
    told = Age(Freshness.FRESH, SAID, is_confirmed=True)
    said = {}
    for language in ("uk", "en", "uk"):
        with translation.override(language):
            said.setdefault(language, set()).update(
                {freshness_words(told), reach_mark("yes"), freshness_mark("hidden"), availability(None)}
            )

    assert len(said["uk"]) == len(said["en"]) == 4
    assert not said["uk"] & said["en"]


@pytest.mark.parametrize(
    ("free", "words"),
    [
        (None, "not known"),
        (FreePlaces(SAID, True), "not known"),
        (FreePlaces(SAID, False, 3), "which is too long ago"),
        (FreePlaces(SAID, True, 0), "no free places"),
        (FreePlaces(SAID, True, 1), "1 free place<"),
        (FreePlaces(SAID, True, 1200, 21), "21 people waiting"),
        (FreePlaces(SAID, True, 2, None, True), "needs are assessed first"),
    ],
)
def test_free_places_are_told_as_long_as_the_word_holds(free, words):
    with translation.override("en"):
        assert words in availability(free)


def test_how_few_wait_is_told_to_nobody():
    with translation.override("en"):
        assert "waiting" not in availability(FreePlaces(SAID, True, 2, 1))


def test_name_of_a_service_is_no_markup():
    page = Template("{% load marks %}{% take key name %}").render(Context({"key": 's-1"', "name": "<b>Дім</b>"}))

    assert "&lt;b&gt;Дім&lt;/b&gt;" in page
    assert 'value="s-1&quot;"' in page
    assert "<b>" not in page
