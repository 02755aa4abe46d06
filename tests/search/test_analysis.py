"""Words as people type them: letters repaired, lemmas, other layouts, Latin letters, Russian, misspellings."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.analysis.morphology import lemma, lemmas, russian_lemmas
from search.analysis.normal import normalise, words
from search.analysis.respelling import from_latin, from_russian, of_another_layout
from search.analysis.tokens import keys, tokens
from search.analysis.typos import Speller, distance

anything = st.text(max_size=200)


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("Допомо́га", ["допомога"]),
        ("п'ять п’ять пʼять п`ять", ["пʼять"] * 4),
        ("кaфе", ["кафе"]),
        ("со\u00adціальний", ["соціальний"]),
        ("\u0456\u0308жа", ["їжа"]),
        ("ВПО-шник, 2-й!", ["впо-шник", "2-й"]),
        ("їжак єнот ґанок", ["їжак", "єнот", "ґанок"]),
        ("догляд\u200bвдома", ["доглядвдома"]),
        ("", []),
        ("«…»", []),
    ],
)
def test_words_have_one_spelling_of_each_letter(typed, read):
    assert words(typed) == read


@given(anything)
def test_normalise_twice_changes_nothing(text):
    once = normalise(text)

    assert normalise(once) == once


@given(anything)
def test_words_of_words_are_the_same_words(text):
    row = words(text)

    assert words(" ".join(row)) == row


@pytest.mark.parametrize(
    ("form", "name"),
    [
        ("людей", "людина"),
        ("матері", "мати"),
        ("харкові", "харків"),
        ("переселенці", "переселенець"),
        ("догляду", "догляд"),
        ("дітей", "дитина"),
        ("здоровʼя", "здоровʼя"),
        ("візком", "візок"),
    ],
)
def test_text_gets_the_lemma_with_the_greatest_prior(form, name):
    assert lemma(form) == name


def test_question_gets_every_lemma():
    assert {"сума", "суми"} <= set(lemmas("суми"))


def test_russian_word_has_russian_lemmas_and_a_ukrainian_none():
    assert russian_lemmas("бабушку") == ("бабушка",)
    assert russian_lemmas("пʼятьом") == ()


def test_keys_of_two_forms_of_one_word_meet():
    for one, other in (("бабушку", "бабушка"), ("сидєлкою", "сидєлка"), ("лежачого", "лежачий")):
        assert set(keys(one)) & set(keys(other))


def test_tokens_leave_out_what_carries_nothing():
    assert tokens("Де можна знайти догляд за бабусею?") == ["догляд", "бабуся"]


def test_negation_is_never_left_out():
    assert "не" in tokens("не ходить")


def test_other_layout_gives_what_the_same_keys_write():
    assert "догляд" in list(of_another_layout("ljukzl"))


def test_latin_letters_are_read_by_the_national_table_and_by_custom():
    assert "догляд" in from_latin("dohliad") or "догляд" in from_latin("doglyad")
    assert "притулок" in from_latin("prytulok")
    assert "щастя" in from_latin("shchastya")


def test_russian_spelling_is_brought_to_ukrainian():
    assert "реабілітація" in from_russian("реабилитация")


@given(anything)
def test_respelling_never_fails(text):
    for word in words(text):
        assert len(from_latin(word)) <= 24
        assert word not in from_russian(word)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("доглад", "догляд"),
        ("притулк", "притулок"),
        ("алкаголік", "алкоголік"),
        ("психологф", "психолог"),
        ("пиртулок", "притулок"),
    ],
)
def test_speller_finds_the_word_that_was_meant(typed, meant):
    speller = Speller({"догляд": 50, "притулок": 20, "алкоголік": 3, "психолог": 40, "доклад": 1})

    assert speller.corrections(typed)[0] == meant


def test_speller_leaves_short_words_and_strangers_alone():
    speller = Speller({"дім": 5, "догляд": 5})

    assert speller.corrections("дмі") == []
    assert speller.corrections("космонавтика") == []


@given(st.text("абвгд", max_size=7), st.text("абвгд", max_size=7))
def test_distance_is_the_same_both_ways_and_zero_only_for_equals(one, other):
    there, back = distance(one, other, 20), distance(other, one, 20)

    assert there == back
    assert (there == 0) == (one == other)
