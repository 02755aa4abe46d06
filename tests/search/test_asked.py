"""Counts of questions: one row a day, nothing private, nothing rare for long, nothing small in public."""

import threading
from datetime import date, timedelta

import pytest
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from search.domain.asked import forget_rare, looks_private, note_question, report_unmet_need
from search.enums import AskedOutcome
from search.models import AskedQuery, UnmetNeed
from search.queries.asked import Sought, Unmet, sought_and_not_found, unmet_needs
from tests.factories.registry import make_catalogue, make_territories

pytestmark = [pytest.mark.django_db, pytest.mark.databases]

TODAY = date(2026, 11, 25)
LONG_AGO = TODAY - timedelta(days=40)
NOTHING, RELAXED, FOUND = AskedOutcome.NOTHING, AskedOutcome.RELAXED, AskedOutcome.FOUND
POLTAVA = "UA53080370010073240"


def asked(times, words="нянька", place="", outcome=NOTHING, day=TODAY):
    for _ in range(times):
        assert note_question(words, place, outcome, day)


def counted():
    return sorted(AskedQuery.objects.values_list("day", "words", "outcome", "place", "count"))


# --- counting ------------------------------------------------------------------------------------------------------


def test_same_question_of_a_day_is_one_row():
    asked(2, "Нянька  для бабусі!")
    asked(1, "нянька для бабусі", outcome=FOUND)
    asked(1, "нянька для бабусі", POLTAVA)
    asked(1, "нянька для бабусі", day=TODAY + timedelta(days=1))

    assert counted() == [
        (TODAY, "нянька для бабусі", "found", "", 1),
        (TODAY, "нянька для бабусі", "nothing", "", 2),
        (TODAY, "нянька для бабусі", "nothing", POLTAVA, 1),
        (TODAY + timedelta(days=1), "нянька для бабусі", "nothing", "", 1),
    ]


def test_counting_is_one_statement(django_assert_num_queries):
    asked(1)

    with django_assert_num_queries(1):
        asked(1)


@pytest.mark.parametrize("place", ["50.4501,30.5234", "Полтава", "UA5308", POLTAVA + "1"])
def test_place_that_is_no_code_is_not_kept(place):
    asked(1, place=place)

    assert counted() == [(TODAY, "нянька", "nothing", "", 1)]


@pytest.mark.django_db(transaction=True)
def test_no_count_is_lost_between_two_writers():
    if connection.vendor == "sqlite":
        pytest.skip("SQLite has one writer at a time")

    def ask():
        try:
            for _ in range(20):
                note_question("нянька", "", NOTHING, TODAY)
        finally:
            connection.close()

    writers = [threading.Thread(target=ask) for _ in range(4)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()

    assert counted() == [(TODAY, "нянька", "nothing", "", 80)]


# --- private texts -------------------------------------------------------------------------------------------------

PRIVATE = [
    "пишіть на olena@example.org",
    "@olena_k телеграм",
    "дзвоніть 0501234567",
    "тел. 050 123-45-67",
    "(044) 279 12",
    "+38 050 1234567",
    "код 12345",
    "народилась 12.05.1950",
    "картка 4149 4393",
    "рнокпп ３１８４７１０６９１",
    "Коваленко Марія Петрівна догляд",
    "допоможіть Івану Петровичу",
    "Мария Ивановна уход на дому",
    "шевченка 12 кв. 5",
    "ак 123456",
]


@pytest.mark.parametrize("text", PRIVATE)
def test_private_looking_text_is_never_stored(text):
    make_catalogue()
    places = make_territories()

    kept = note_question(text, "", NOTHING, TODAY)
    told = report_unmet_need(places.dykanka.code, "", text, TODAY)
    report_unmet_need(places.dykanka.code, "shelter", text, TODAY)

    assert (kept, told, counted()) == (False, False, [])
    assert list(UnmetNeed.objects.values_list("service", "words")) == [("shelter", "")]


@pytest.mark.parametrize("text", ["", "   ", "!!!", "а" * 121, "слово " * 30])
def test_empty_and_long_texts_are_not_stored(text):
    assert (note_question(text, "", NOTHING, TODAY), counted()) == (False, [])


@pytest.mark.parametrize(
    "text",
    [
        "сиділка 24/7",
        "інвалід 2 групи 65 років",
        "закон 2671",
        "дитина 3 роки не говорить",
        "порівняти ціни",
        "основна допомога повна сімʼя",
        "тест на вич",
        "рівненська область",
        "дім для людей похилого віку 2 поверх",
    ],
)
def test_plain_question_does_not_look_private(text):
    assert (looks_private(text), note_question(text, "", NOTHING, TODAY)) == (False, True)


# --- forgetting ----------------------------------------------------------------------------------------------------


def test_rare_questions_are_dropped_after_a_month():
    asked(4, "рідкісне", day=LONG_AGO)
    asked(3, "часте", day=LONG_AGO)
    asked(2, "часте", POLTAVA, FOUND, day=LONG_AGO)
    asked(1, "свіже", day=TODAY - timedelta(days=30))

    gone = forget_rare(TODAY)

    assert gone == 1
    assert {words for _day, words, *_rest in counted()} == {"часте", "свіже"}


def test_rare_words_of_needs_are_dropped_and_the_needs_stay_counted():
    make_catalogue()
    places = make_territories()
    for words in ("мені страшно", "нема притулку", ""):
        report_unmet_need(places.dykanka.code, "shelter", words, LONG_AGO)

    gone = forget_rare(TODAY)

    assert gone == 2
    assert list(UnmetNeed.objects.values_list("service", "words", "count")) == [("shelter", "", 3)]


def test_command_forgets_and_says_how_many(capsys):
    asked(2, day=timezone.localdate() - timedelta(days=31))
    asked(1, day=timezone.localdate())

    call_command("forget_rare_questions")

    assert ("1" in capsys.readouterr().out, len(counted())) == (True, 1)


# --- what is shown -------------------------------------------------------------------------------------------------


def test_only_what_five_asked_is_published():
    asked(3, "нянька")
    asked(2, "нянька", outcome=RELAXED)
    asked(9, "нянька", outcome=FOUND)
    asked(4, "логопед", POLTAVA)
    asked(6, "логопед", POLTAVA, day=LONG_AGO)

    assert sought_and_not_found(TODAY) == [Sought("нянька", "", 5)]
    assert sought_and_not_found(LONG_AGO) == [Sought("логопед", POLTAVA, 10), Sought("нянька", "", 5)]
    assert sought_and_not_found(TODAY, least=1) == [Sought("нянька", "", 5), Sought("логопед", POLTAVA, 4)]


def test_question_of_several_places_is_counted_for_each():
    asked(4, "логопед", POLTAVA)
    asked(4, "логопед", "UA51100270010076757")

    assert sought_and_not_found(TODAY) == []


def test_need_is_told_of_the_hromada_and_published_from_five():
    words = make_catalogue()
    places = make_territories()
    for number in range(5):
        assert report_unmet_need(places.dykanka.code, words.shelter.slug, f"нема притулку {number}", TODAY)
    report_unmet_need(places.poltavska.code, "", "перекладач жестової", TODAY)

    assert unmet_needs(TODAY) == [Unmet(places.dykanska.code, "shelter", "", 5)]
    assert unmet_needs(TODAY, least=1) == [
        Unmet(places.dykanska.code, "shelter", "", 5),
        Unmet(places.poltavska.code, "", "перекладач жестової", 1),
    ]


@pytest.mark.parametrize(
    ("unit", "kept"), [("poltava", "poltava_hromada"), ("poltavskyi_raion", "poltavska"), ("kyiv", "kyiv")]
)
def test_place_of_a_need_is_a_hromada_or_an_oblast(unit, kept):
    places = make_territories()

    report_unmet_need(getattr(places, unit).code, "", "нянька", TODAY)

    assert list(UnmetNeed.objects.values_list("place", flat=True)) == [getattr(places, kept).code]


@pytest.mark.parametrize(
    ("place", "service", "words"),
    [
        ("", "shelter", "нянька"),
        ("UA99999999999999999", "shelter", "нянька"),
        ("UA53080130010081044", "немає-такої", ""),
        ("UA53080130010081044", "", " "),
    ],
)
def test_need_without_place_or_content_is_not_counted(place, service, words):
    make_catalogue()
    make_territories()

    assert (report_unmet_need(place, service, words, TODAY), UnmetNeed.objects.count()) == (False, 0)


# --- the database --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("model", "constraint", "change"),
    [
        (AskedQuery, "asked_query_was_asked", {"count": 0}),
        (AskedQuery, "asked_query_was_asked", {"words": ""}),
        (UnmetNeed, "unmet_need_was_told", {"count": 0}),
        (UnmetNeed, "unmet_need_was_told", {"place": ""}),
    ],
)
def test_database_refuses_impossible_counts(model, constraint, change):
    places = make_territories()
    asked(1)
    report_unmet_need(places.dykanka.code, "", "нянька", TODAY)

    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        model.objects.update(**change)


@pytest.mark.parametrize(
    ("model", "names", "key"),
    [
        (AskedQuery, "asked_query_once_a_day|outcome", {"words": "нянька", "outcome": "nothing", "place": ""}),
        (
            UnmetNeed,
            "unmet_need_once_a_day|service",
            {"words": "нянька", "service": "", "place": "UA53080130000079450"},
        ),
    ],
)
def test_database_refuses_the_same_row_twice(model, names, key):
    model.objects.create(day=TODAY, **key)

    # SQLite names the columns, PostgreSQL the constraint
    with pytest.raises(IntegrityError, match=names), transaction.atomic():
        model.objects.create(day=TODAY, **key)
