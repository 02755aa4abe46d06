"""What is counted in the words of a page, in Ukrainian and in English."""

import pytest

from portal.site.guides.words import lines_of, lines_of_revision
from portal.site.readability.measure import measure


def test_plain_words_have_no_faults():
    reading = measure(["Подзвоніть нам. Ми приїдемо завтра.", "Це нічого не коштує."], "uk")

    assert (reading.words, reading.sentences, reading.faults) == (9, 3, [])


def test_long_sentences_are_named_the_longest_first():
    long, longer = " ".join(["слово"] * 21) + ".", " ".join(["слово"] * 30) + "."

    reading = measure([f"Коротко. {'С' + long[1:]}", "С" + longer[1:]], "uk")

    assert [number for _sentence, number in reading.long_sentences] == [30, 21]
    assert "sentences" in reading.faults


@pytest.mark.parametrize(
    ("sentence", "is_passive"),
    [
        ("Послуга надається безоплатно.", True),
        ("Рішення прийнято вчора.", True),
        ("Ми допоможемо вам удома.", False),
        ("Зателефонуйте рано, не чекайте.", False),
        ("Це погано й видно всім.", False),
    ],
)
def test_sentences_without_a_doer_are_found(sentence, is_passive):
    assert bool(measure([sentence], "uk").passives) is is_passive


def test_words_of_offices_come_with_plain_ones():
    reading = measure(["Здійснюємо догляд відповідно до закону. У разі відмови пишіть."], "uk")

    assert {one.said for one in reading.office} == {"відповідно до", "здійснюємо", "у разі"}
    assert all(one.plainly for one in reading.office)


def test_english_has_its_own_words():
    reading = measure(["Care is provided in accordance with the law."], "en")

    assert [one.said for one in reading.office] == ["in accordance with"]
    assert reading.passives


def test_nothing_written_is_nothing_counted():
    assert measure([], "uk").words == 0


def test_lines_of_a_page_have_no_markup_and_no_numbers(make_guide):
    guide = make_guide(
        [
            {"type": "text", "value": "<h2>Назва</h2><p>Раз &amp; два</p>"},
            {
                "type": "phones",
                "value": {"title": "", "lines": [{"name": "Поліція", "phone": "102", "hours": "", "note": ""}]},
            },
        ]
    )

    assert lines_of(guide) == ["Посібник", "Коротко.", "Назва", "Раз & два", "Поліція"]
    assert "102" in lines_of_revision(guide.latest_revision.content)
