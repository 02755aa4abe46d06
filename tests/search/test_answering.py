"""From words to an answer: everything first, then the best there is, never nothing; and why each thing is there."""

from datetime import date

import pytest

from search.analysis.tokens import tokens
from search.answering import COUNTED, OTHERS, Question, answer, distance_km
from search.documents import Document
from search.engines.embedded import EmbeddedEngine
from search.engines.interface import IndexState
from search.enums import Kind
from search.models import Promotion
from search.promoting import promoted
from search.reference_words import annotator, gazetteer, lexicon_for

POLTAVA, LVIV = (49.59, 34.55), (49.84, 24.03)


def place(name):
    return gazetteer().mentions([name.casefold()])[0].place


def document(key, name, slug, town, at=None, kind=Kind.SERVICE, **more):
    where = place(town)
    body = [*tokens(name), f"p:{where.oblast}"]
    return Document(
        f"{kind}:{key}",
        kind,
        entry=key,
        title=tokens(name),
        needs=annotator().of("service", slug),
        body=body,
        facets={"service": (slug,), "price": ("free",), "oblast": (where.oblast,), **more},
        place=(where.code, *where.chain),
        covers=(where.inside,),
        latitude=at[0] if at else None,
        longitude=at[1] if at else None,
        data={
            "kind": kind.value,
            "name": name,
            "at": list(at) if at else None,
            "tokens": " ".join([*tokens(name), *annotator().of("service", slug), *body]),
        },
    )


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    documents = [
        document(1, "Догляд удома за літніми людьми", "home-care", "Полтава", POLTAVA),
        document(2, "Догляд удома", "home-care", "Львів", LVIV),
        document(3, "Притулок для жінок", "shelter", "Полтава", (49.60, 34.60)),
        document(4, "Консультування", "counselling", "Львів"),
        document(5, "Центр «Турбота»: догляд удома", "home-care", "Полтава", kind=Kind.PROVIDER),
    ]
    engine = EmbeddedEngine(tmp_path_factory.mktemp("index"))
    with engine.rebuild("a") as writer:
        writer.put(one.as_index() for one in documents)
        writer.commit(IndexState(1, "a", len(documents), "a"))
    return {"engine": engine, "lexicon": lexicon_for(documents, [str(one.data["name"]) for one in documents])}


def ids(results):
    return [result.id for result in results]


def test_what_meets_everything_is_counted_and_the_rest_follows_apart(world):
    found = answer(Question("сиділка для бабусі полтава"), **world)

    assert found.place.label == "Полтава"
    assert found.total == len(found.results)
    assert "service:1" in ids([*found.results, *found.partly])[:2]
    assert not set(ids(found.results)) & set(ids(found.partly))


def test_place_narrows_and_its_removal_widens(world):
    assert ids(answer(Question("догляд удома у Полтаві"), **world).results) == ["service:1"]
    assert set(ids(answer(Question("догляд удома"), **world).results)) == {"service:1", "service:2"}


def test_chosen_place_wins_over_the_words(world):
    found = answer(Question("догляд удома у Полтаві", place=place("Львів")), **world)

    assert ids(found.results)[:1] in ([], ["service:2"])
    assert found.place.label == "Львів"


def test_answer_is_never_empty(world):
    for text in ("абракадабра", "шмурдик у Херсоні", "!!!", "космічний корабель безкоштовно"):
        found = answer(Question(text), **world)

        assert found.results or found.partly


def test_result_says_by_what_it_was_found(world):
    result = answer(Question("сиделка полтава"), **world).results[0]

    assert result.why
    assert result.missing == []


def test_partial_result_says_what_it_lacks(world):
    found = answer(Question("притулок басейн"), **world)

    shelter = next(result for result in found.partly if result.id == "service:3")
    assert "басейн" in " ".join(shelter.missing)


def test_facets_are_counted_without_their_own_choice(world):
    found = answer(Question("", filters={"service": ("home-care",)}), counted=COUNTED, **world)

    assert found.total == 2
    assert found.counts["service"] == {"home-care": 2, "shelter": 1, "counselling": 1}
    assert sum(found.counts["oblast"].values()) == 2


def test_nearest_come_first_with_their_distance_and_far_ones_not_at_all(world):
    found = answer(Question("", near=POLTAVA, radius_km=50, sort="near"), **world)

    assert ids(found.results) == ["service:1", "service:3"]
    assert found.results[0].distance_km == 0
    assert 3 < found.results[1].distance_km < 6


def test_providers_stand_apart(world):
    found = answer(Question("догляд удома полтава"), **world)

    assert ids(found.others["provider"]) == ["provider:5"]


@pytest.mark.parametrize("providers", [0, 2, 11, 12, 13, 30])
def test_kind_that_many_others_crowd_out_is_asked_for_by_itself(tmp_path, providers):
    many = [document(key, "Догляд удома", "home-care", "Полтава", kind=Kind.PROVIDER) for key in range(providers)]
    longer = "Догляд удома: як його просять, що для того потрібно і хто вирішує"
    few = [document(99, longer, "home-care", "Полтава", kind=kind) for kind in (Kind.PAGE, Kind.COMPETITION)]
    engine = EmbeddedEngine(tmp_path)
    with engine.rebuild("a") as writer:
        writer.put(one.as_index() for one in [*many, *few])
        writer.commit(IndexState(1, "a", len(many) + 2, "a"))
    lexicon = lexicon_for([*many, *few], [str(one.data["name"]) for one in [*many, *few]])

    found = answer(Question("догляд удома"), engine=engine, lexicon=lexicon)

    assert ids(found.others.pop("page")) == ["page:99"]
    assert ids(found.others.pop("competition")) == ["competition:99"]
    assert len(found.others.get("provider", [])) == min(providers, OTHERS)


def test_distance_is_that_along_the_earth():
    assert 755 < distance_km(POLTAVA, LVIV) < 765
    assert distance_km(POLTAVA, POLTAVA) == 0


@pytest.mark.django_db
def test_promotion_is_shown_for_its_phrase_in_any_case_and_only_in_its_time():
    Promotion.objects.create(
        phrases="домашнє насильство\nбʼє чоловік", title="Гаряча лінія", url="/services/", valid_from=date(2026, 1, 1),
        valid_to=date(2026, 6, 1),
    )  # fmt: skip

    assert [one.title for one in promoted("насильства домашнього полтава", date(2026, 6, 1))] == ["Гаряча лінія"]
    assert promoted("насильства домашнього", date(2026, 6, 2)) == []
    assert promoted("насильство", date(2026, 3, 1)) == []
    assert promoted("", date(2026, 3, 1)) == []
