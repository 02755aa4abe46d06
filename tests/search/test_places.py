"""Places in any case form, by old and Russian names, and words that only look like places."""

import pytest

from search.analysis.normal import words
from search.reference_words import gazetteer


def named(text):
    return [mention.place.label for mention in gazetteer().mentions(words(text))]


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("притулок у Полтаві", "Полтава"),
        ("догляд львів", "Львів"),
        ("в харкові", "Харків"),
        ("харковская область", "Харківська область"),
        ("на Полтавщині", "Полтавська область"),
        ("дніпропетровськ", "Дніпро"),
        ("Кіровоград", "Кропивницький"),
        ("в киеве", "Київ"),
        ("сиделка одесса", "Одеса"),
        ("у Сумах", "Суми"),
        ("суми притулок", "Суми"),
        ("у Кривому Розі", "Кривий Ріг"),
        ("кривой рог", "Кривий Ріг"),
        ("в белой церкви", "Біла Церква"),
        ("с. Диканька", "Диканька"),
        ("Полтавська громада", "Полтавська громада"),
        ("вінницька обл", "Вінницька область"),
        ("в івано-франківську", "Івано-Франківськ"),
        ("миколаєві", "Миколаїв"),
        ("з Бахмута", "Бахмут"),
        ("запорожье", "Запоріжжя"),
        ("у Новограді-Волинському новоград-волинський", "Звягель"),
    ],
)
def test_place_is_recognised(text, label):
    assert label in named(text)


@pytest.mark.parametrize(
    "text", ["на рівному місці", "суму грошей", "допомога дітям", "мирне життя", "новий дім", "калинова"]
)
def test_common_word_is_no_place(text):
    assert named(text) == []


def test_settlement_stands_for_its_hromada_and_has_its_chain():
    place = gazetteer().mentions(words("у Полтаві"))[0].place

    assert place.inside == place.hromada
    assert place.chain == (place.hromada, place.raion, place.oblast)


def test_namesake_in_the_oblast_named_is_preferred():
    everywhere = gazetteer().mentions(words("с. Київ"))[0].place
    assert everywhere.category == "C"


def test_latin_name_is_read():
    assert gazetteer().in_latin("kyiv") == "київ"
    assert gazetteer().in_latin("kharkiv") == "харків"
    assert gazetteer().in_latin("odessa") == "одеса"
