"""The lines of an answer: all that a result says, none of it markup."""

from dataclasses import fields

import pytest
from django.utils import translation

from registry.models import DeliveryForm
from registry.queries import memory
from search.interfaces.lines import Explained, Line, _age
from search.interfaces.questions import known_values
from search.templatetags.found import found

EVIL = "<script>\"&'"
BARE = {
    "id": "page:1", "kind": "page", "url": "", "title": "Опіка", "title_language": "uk", "provider": "", "place": "",
    "price": "", "price_mode": "unknown", "urgent": False, "phone": "", "verified_on": None, "is_demo": False,
    "summary": "", "distance": "", "at": "",
}  # fmt: skip


def line(**more):
    return Line(**BARE | more)


def test_line_of_a_page_has_a_title_and_nothing_that_is_not_known():
    text = " ".join(found([line()]).split())

    assert text == (
        '<article class="hit"> <h3 lang="uk">Опіка</h3> <p class="where" lang="uk"></p> <ul class="inline small">  </ul> </article>'
    ).replace(">  <", "> <")


# of the texts of a line those that come from outside; the others are the portal's own words
FOREIGN = [
    one.name
    for one in fields(Line)
    if one.type == "str" and one.name not in {"title_language", "kind", "price_mode", "freshness", "reach"}
]


@pytest.mark.parametrize("name", FOREIGN)
def test_nothing_of_a_document_is_markup(name):
    text = found([line(kind="service", **{name: EVIL})])

    assert "<script" not in text
    assert "\"&'" not in text


def test_reasons_and_what_is_missing_are_no_markup_either():
    text = found(
        [line(why=[(EVIL, EVIL)], about=[EVIL], missing=[EVIL], explained=[Explained(EVIL, EVIL, 1, 1)])], True
    )

    assert "<script" not in text
    assert text.count("&lt;script&gt;") == 6


def test_words_are_those_of_the_reader():
    told = line(urgent=True, is_demo=True, phone="+380 44 000", is_elsewhere=True, serves="Полтава")
    with translation.override("uk"):
        ours = found([told])
    with translation.override("en"):
        theirs = found([told])

    assert "терміново" in ours
    assert "urgently" in theirs
    assert 'href="tel:+38044000"' in theirs
    assert '<span class="lacks">in another oblast</span>' in theirs


@pytest.mark.parametrize(
    ("mode", "look"), [("unknown", "soft"), ("free", "tag ok"), ("tariff", "tag blue"), ("differentiated", "tag blue")]
)
def test_price_looks_like_what_it_is(mode, look):
    assert f'<span class="{look}">120 грн</span>' in found([line(price="120 грн", price_mode=mode)])


@pytest.mark.parametrize("day", [None, "", "вчора", [], {"a": 1}, 20261101])
def test_day_that_an_index_cannot_know_is_left_out(day):
    data = {"freshness": "fresh", "verified_on": day, "included_on": day}

    assert _age(data) is None


@pytest.mark.django_db
def test_names_of_facets_are_those_of_the_last_minute():
    before = known_values()["form"]
    DeliveryForm.objects.create(slug="new", name_uk="новий спосіб", name_en="a new way", order=99)
    assert known_values()["form"] is before

    memory.forget()

    assert known_values()["form"]["new"] == "новий спосіб"
