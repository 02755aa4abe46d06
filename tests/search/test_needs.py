"""Needs read from whole questions: what people tell and what providers write meet, whatever words either uses."""

import csv
import hashlib

import orjson
import pytest
from django.test import Client

from registry.domain.records import ServiceRecord
from search.analysis.tokens import tokens
from search.answering import MOST_PARTIAL, Question, answer
from search.documents import Document
from search.engines.embedded import EmbeddedEngine
from search.engines.interface import IndexState
from search.enums import Kind
from search.indexing import rebuild
from search.needs import LEVELS, NeedModel, features_of, level_of, need_model, needs, read
from search.planning import Asked, of_needs, relaxed, strict
from search.reference_words import annotator, groups, lexicon_for, services
from search.thesaurus import REFERENCE
from search.understanding import understand
from tests.factories.registry import make_catalogue, make_provider

PHRASES = REFERENCE / "need_phrases.csv"


# --- the reference table ---------------------------------------------------------------------------------------------


def rows():
    with PHRASES.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_weights_are_learned_from_the_phrases_that_are_shipped():
    told = orjson.loads((REFERENCE / "need_weights.json").read_bytes())

    assert told["phrases"] == hashlib.sha256(PHRASES.read_bytes()).hexdigest(), "run tools/build_needs.py"
    assert told["needs"] == sorted(needs())


def test_every_need_has_its_names_what_meets_it_and_phrases_of_both_sides():
    catalogue = {f"s:{term.slug}" for term in services()} | {f"g:{term.slug}" for term in groups()}
    sides = {(row["need"], row["side"]) for row in rows()}

    for slug, need in needs().items():
        assert need.name_uk
        assert need.name_en
        assert {token for token, _share in need.met_by} <= catalogue
        assert all(0 < share <= 1 for _token, share in need.met_by)
        assert {(slug, "asked"), (slug, "offered")} <= sides
    assert {need for need, _side in sides} == set(needs())


def test_no_phrase_is_there_twice():
    told = [(row["need"], row["phrase"]) for row in rows()]

    assert len(told) == len(set(told))


@pytest.fixture(scope="module")
def reading():
    return lexicon_for([], [])


# --- questions -------------------------------------------------------------------------------------------------------


# none of these is a phrase of the table
@pytest.mark.parametrize(
    ("question", "need"),
    [
        ("тато почав губитися на своїй вулиці і не впізнає онуків", "dementia-care"),
        ("муж руку поднимает и выгоняет нас с дочкой ночью", "violence-hotline"),
        ("племінник спустив усю зарплату на ставки", "gambling"),
        ("дитинка в три роки лише мугикає", "speech-delay"),
        ("вийшов із в’язниці, паспорта нема, ніхто не бере на роботу", "prison-release"),
        ("нечем кормить детей до получки", "soup-kitchen"),
        ("потрібен сурдоперекладач на прийом до хірурга", "sign-interpreter"),
        ("загубив паспорт, живу на вокзалі", "passport-documents"),
    ],
)
def test_situation_is_read_as_its_need(question, need, reading):
    assert question not in {row["phrase"] for row in rows()}
    assert need in [slug for slug, _share in understand(question, reading).needs[:3]]


@pytest.mark.parametrize("words", ["жити не хочеться", "жить не хочется", "не хочу жити", "нащо мені далі жити"])
def test_who_does_not_want_to_live_is_understood_first(words, reading):
    assert understand(words, reading).needs[0][0] == "suicide-line"


@pytest.mark.parametrize("nothing", ["", "🙂", "12345", "\x00\x01", "zzzz qqqq"])
def test_what_tells_nothing_means_nothing(nothing):
    assert need_model().meant(read(nothing)) == []


def test_shares_make_one_and_come_in_order():
    shares = need_model().shares(read("мама забуває де живе"))
    listed = need_model().meant(read("мама забуває де живе"))

    assert sum(shares.values()) == pytest.approx(1)
    assert [share for _need, share in listed] == sorted((share for _need, share in listed), reverse=True)


def test_model_follows_its_file():
    model = NeedModel(
        {"needs": ["bread", "roof"], "bias": [-100, -100], "features": {"хліб": [100, 0, 300], "дах": [100, 1, 300]}}
    )

    assert model.meant([("хліб", ("хліб",))]) == [("bread", 1.0)]
    assert model.meant([("дах", ("дах",)), ("хліб", ("хліб",))]) == [("bread", 0.5), ("roof", 0.5)]
    assert model.meant([("вода", ("вода",))]) == []
    assert model.tokens("хліб", "Дах. Дах!") == ["n:bread:5", "n:roof:6"]


def test_features_are_lemmas_families_letters_and_pairs():
    told = features_of([("мами", ("мама",)), ("доглядати", ("доглядати",))])

    assert told["мама"] == told["доглядати"] == 1.0
    assert {"~догля", "#<ма", "#ти>", "доглядати&мама"} <= told.keys()


# --- documents -------------------------------------------------------------------------------------------------------


def test_document_holds_a_level_for_each_need_it_is_about():
    told = annotator().needs("Клуб для тих, хто програвся", "Лікуємо від ставок і казино. Працюємо з родинами гравців.")

    assert level_of("gambling", told) == len(LEVELS)
    assert level_of("dementia-care", told) == 0
    assert annotator().needs("", "") == []


# --- answers ---------------------------------------------------------------------------------------------------------


def document(key: int, name: str, text: str, kind: Kind = Kind.SERVICE) -> Document:
    body = [*tokens(text), *annotator().needs(name, text)]
    return Document(
        f"{kind}:{key}",
        kind,
        entry=key,
        title=tokens(name),
        body=body,
        covers=("UA",),
        data={"kind": kind.value, "name": name, "tokens": " ".join([*tokens(name), *body])},
    )


@pytest.fixture(scope="module")
def town(tmp_path_factory):
    documents = [
        document(1, "Ясна пам’ять", "Доглядаємо літніх людей із хворобою Альцгаймера: нагляд, прогулянки, спокій."),
        document(2, "Ремонт візків", "Лагодимо крісла колісні та ходунки."),
        document(3, "Нове життя", "Група для гравців: азартні ігри, ставки, борги."),
        document(4, "Коли мама забуває", "Що робити родині при деменції та хворобі Альцгаймера.", Kind.PAGE),
    ]
    engine = EmbeddedEngine(tmp_path_factory.mktemp("index"))
    with engine.rebuild("a") as writer:
        writer.put(one.as_index() for one in documents)
        writer.commit(IndexState(1, "a", len(documents), "a"))
    return {"engine": engine, "lexicon": lexicon_for(documents, [str(one.data["name"]) for one in documents])}


STORY = "дідусь не пам’ятає де живе і тікає"


def test_service_is_found_by_a_story_that_shares_no_word_with_it(town):
    found = answer(Question(STORY), **town)
    first = [*found.results, *found.partly][0]

    assert first.id == "service:1"
    assert "dementia-care" in [need for need, _level in first.about]


def test_what_is_about_the_need_lacks_no_word_of_the_story(town):
    found = answer(Question(STORY), **town)
    results = {result.id: result for result in [*found.results, *found.partly]}

    assert results["service:1"].missing == []


def test_guide_to_the_situation_is_found_beside_the_services(town):
    found = answer(Question(STORY), **town)

    assert [result.id for result in found.others["page"]] == ["page:4"]


def test_what_is_read_changes_no_count(town):
    understood = understand("ремонт візків", town["lexicon"])
    bare = understand("ремонт візків", town["lexicon"])
    bare.needs = []
    asked, counted = Asked(), {"counted": ("service",)}

    assert understood.needs
    assert town["engine"].search(strict(understood, asked, **counted)).total == 1
    assert town["engine"].search(strict(bare, asked, **counted)).total == 1
    assert of_needs(bare) is None
    assert len(relaxed(understood, asked).should) > len(relaxed(bare, asked).should)


def test_page_shows_so_many_of_what_meets_a_part(tmp_path):
    whole = [document(number, "Гурток ліплення", "Ліплення з глини.") for number in range(12)]
    partial = [document(number, "Ясна пам’ять", "Деменція, хвороба Альцгаймера.") for number in range(100, 140)]
    engine = EmbeddedEngine(tmp_path)
    with engine.rebuild("a") as writer:
        writer.put(one.as_index() for one in [*whole, *partial])
        writer.commit(IndexState(1, "a", len(whole) + len(partial), "a"))
    lexicon = lexicon_for([*whole, *partial], ["Гурток ліплення", "Ясна пам’ять"])

    found = answer(Question("ліплення, мама забуває де живе"), engine=engine, lexicon=lexicon)
    shown = [result.id for result in found.results]

    assert len([one for one in shown if one in {f"service:{number}" for number in range(100, 140)}]) <= MOST_PARTIAL
    assert len(shown) == len(set(shown)) <= MOST_PARTIAL + 20


# --- what is told ----------------------------------------------------------------------------------------------------


@pytest.mark.django_db
class TestTold:
    @pytest.fixture(autouse=True)
    def memory(self, live):
        content = "Цілодобовий нагляд за людьми з деменцією та хворобою Альцгаймера."
        watching = ServiceRecord(make_catalogue().shelter.pk, content=content, area_kind="country")
        make_provider(name="Ясна пам’ять", services=[watching])
        rebuild(live)

    @pytest.mark.parametrize(
        ("language", "words"),
        [("", ("Про що:", "догляд при деменції")), ("/en", ("About:", "dementia care"))],
    )
    def test_page_says_what_a_result_is_about(self, client: Client, language, words):
        page = client.get(f"{language}/search/", {"q": STORY}).content.decode()

        assert all(word in page for word in words)

    def test_api_tells_the_needs_of_question_and_results(self, client: Client):
        told = client.get("/api/v1/search", {"q": STORY}).json()
        found = [*told["results"], *told["partly"]]

        assert told["understood"]["needs"][0]["slug"] == "dementia-care"
        assert 0 < told["understood"]["needs"][0]["share"] <= 1
        assert any("dementia-care" in one["about"] for one in found)
