"""What every engine promises: the same answers to the same requests, and what is written stays."""

import math
import random
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from search.engines.interface import (
    ALSO,
    APART,
    MET,
    STATE_ID,
    WEIGHTS,
    Alternative,
    Clause,
    EngineAway,
    Plan,
    Where,
)
from tests.search.contract import ALL, FAMILIES, NEXT, ROUNDS, ids, of
from tests.search.engines import STATE, corpus, fill, made

# --- the same answers ------------------------------------------------------------------------------------------------


@pytest.mark.elasticsearch
@pytest.mark.parametrize("family", FAMILIES)
def test_engines_answer_alike(family, elastic, embedded):
    for plan in FAMILIES[family]:
        ours, theirs = elastic.search(plan), embedded.search(plan)

        assert ours.total == theirs.total
        assert ours.counts == theirs.counts
        assert elastic.count(plan) == embedded.count(plan) == ours.total
        assert [hit.score for hit in ours.hits] == pytest.approx([hit.score for hit in theirs.hits], rel=1e-5)
        assert ids(ours) == ids(theirs)
        assert [hit.data for hit in ours.hits] == [hit.data for hit in theirs.hits]


@pytest.mark.elasticsearch
def test_first_ten_overlap(elastic, embedded):
    shares = []
    for family in FAMILIES.values():
        for plan in family:
            first = replace(plan, offset=0, limit=10)
            ours, theirs = set(ids(elastic.search(first))), set(ids(embedded.search(first)))
            if ours or theirs:
                shares.append(len(ours & theirs) / max(len(ours), len(theirs)))

    print(f"overlap@10 over {len(shares)} questions: mean {sum(shares) / len(shares):.4f}, least {min(shares):.2f}")
    assert min(shares) >= 0.9


def test_questions_are_worth_asking(embedded):
    answered = {family: sum(embedded.count(plan) > 0 for plan in asked) for family, asked in FAMILIES.items()}
    empty = {"more than all", "a word nobody has", "no way", "no kind"}

    assert {family for family, count in answered.items() if count < ROUNDS / 2} == empty


# --- what one engine does, by hand -----------------------------------------------------------------------------------


def test_score_is_the_best_field_and_a_share_of_the_others(empty_engine):
    rng = random.Random(0)
    bare = {"title": "", "needs": "", "body": "", "provider": "", "kind": "service", "quality": 0.0}
    fill(
        empty_engine,
        [
            made(1, rng, **bare | {"title": "дім", "body": "дім"}),
            made(2, rng, **bare | {"needs": "дім", "quality": 1.0}),
            made(3, rng, **bare | {"title": "догляд", "body": "вдома"}),
            made(4, rng, **bare | {"body": "догляд вдома"}),
        ],
    )
    home = Plan(must=(Clause((Alternative(("дім",)),), weight=2.0),))
    care = Plan(must=(Clause((Alternative(("догляд", "вдома"), worth=0.5),)),))

    found = {hit.id: hit.score for plan in (home, care) for hit in empty_engine.search(plan).hits}

    title, needs, body = WEIGHTS["title"], WEIGHTS["needs"], WEIGHTS["body"]
    assert found == pytest.approx(
        {
            "00001": 2 * (title + MET + ALSO * (body + MET)),
            "00002": (2 * (needs + MET)) * math.log2(3),
            # the words stand apart
            "00003": 0.5 * APART + MET,
            # they stand together in the body, and so apart as well
            "00004": 0.5 * body + MET + ALSO * (0.5 * APART + MET),
        },
        rel=1e-5,
    )


def test_inside_a_place_comes_before_serving_it(empty_engine):
    rng = random.Random(0)
    same = {"kind": "service", "quality": 0.5}
    fill(
        empty_engine,
        [
            made(1, rng, **same, place=[], covers=["UA"]),
            made(2, rng, **same, place=[], covers=["o1"]),
            made(3, rng, **same, place=[], covers=["h1", "UA"]),
            made(4, rng, **same, place=["h1", "o1"], covers=[]),
            made(5, rng, **same, place=["h2", "o1"], covers=["h2"]),
        ],
    )
    plan = Plan(where=Where("h1", ("h1", "o1", "UA")))

    assert ids(empty_engine.search(plan)) == ["00004", "00003", "00002", "00001"]
    assert ids(empty_engine.search(replace(plan, where_required=False))) == [
        "00004",
        "00003",
        "00002",
        "00001",
        "00005",
    ]


# --- writing ---------------------------------------------------------------------------------------------------------


def test_document_is_replaced(engine):
    with engine.writer() as writer:
        writer.put([made(3, random.Random(9), title="нове")])
        writer.put([made(3, random.Random(9), title="новіше", data={"name": "Інша"})])
        writer.commit(NEXT)

    assert ids(engine.search(of("нове"))) == []
    assert [hit.data for hit in engine.search(of("новіше")).hits] == [{"name": "Інша"}]
    assert engine.count(ALL) == 40


def test_documents_are_removed(engine):
    with engine.writer() as writer:
        writer.remove(["00003", "00004", "ніколи не було"])
        writer.commit(NEXT)

    assert engine.count(ALL) == 38
    assert set(engine.documents(["00002", "00003", "00004"])) == {"00002"}


def test_documents_of_an_entry_are_removed_and_put_anew(engine):
    with engine.writer() as writer:
        # entry 1 has 00000 to 00003, entry 2 has 00004 to 00007
        writer.put([made(90, random.Random(9), entry=2)])
        writer.remove_of_entries([1, 2, 555])
        writer.put([made(2, random.Random(9), title="лишилося")])
        writer.commit(NEXT)

    assert engine.count(ALL) == 33
    assert ids(engine.search(of("лишилося"))) == ["00002"]
    assert engine.documents(["00090", "00004"]) == {}


def test_nothing_is_seen_before_commit(engine):
    with engine.writer() as writer:
        writer.put([made(90, random.Random(9), title="нове")])
        writer.remove(["00001"])

        assert engine.count(ALL) == 40
        assert engine.count(of("нове")) == 0
        assert engine.state() == STATE

        writer.commit(NEXT)

        assert ids(engine.search(of("нове"))) == ["00090"]
        assert engine.documents(["00001"]) == {}
        assert engine.state() == NEXT


def test_what_was_not_committed_is_dropped(engine):
    with engine.writer() as writer:
        writer.put([made(90, random.Random(9), title="нове")])
    with pytest.raises(ZeroDivisionError), engine.writer() as writer:
        writer.remove(["00001"])
        _ = 1 / 0
    with engine.writer() as writer:
        writer.commit(NEXT)

    assert engine.count(ALL) == 40
    assert engine.count(of("нове")) == 0


def test_several_commits_of_one_writer(engine):
    with engine.writer() as writer:
        for number in range(3):
            writer.remove_of_entries([number + 1])
            writer.commit(replace(STATE, revision=number))

    assert engine.count(ALL) == 28
    assert engine.state().revision == 2


def test_state_is_no_document(engine):
    assert engine.count(ALL) == 40
    assert STATE_ID not in ids(engine.search(ALL))


def test_everything_is_every_document_and_no_state(engine, monkeypatch):
    monkeypatch.setattr("search.engines.elastic.PAGE", 7)

    assert sorted(data["name"] for data in engine.everything()) == sorted(row["data"]["name"] for row in corpus(40))


def test_more_changes_than_are_held(engine, monkeypatch):
    monkeypatch.setattr("search.engines.elastic.BATCH", 7)
    monkeypatch.setattr("search.engines.elastic.PAGE", 7)
    with engine.writer() as writer:
        writer.put([made(number, random.Random(number), entry=77, title="багато") for number in range(100, 150)])
        writer.remove_of_entries([77, 1])
        writer.put([made(number, random.Random(number), entry=77, title="багато") for number in range(120, 150)])
        writer.commit(NEXT)

    assert engine.count(of("багато")) == 30
    assert engine.count(ALL) == 66


def test_documents_without_a_question(engine):
    found = engine.documents(["00005", "ніколи не було", "00006"])

    assert {one: hit.data["name"] for one, hit in found.items()} == {"00005": "Послуга 5", "00006": "Послуга 6"}
    assert engine.documents([]) == {}


def test_rebuild_takes_the_place_of_the_live_index(engine):
    fill(engine, corpus(25, seed=5), NEXT, "second")

    assert engine.count(ALL) == 25
    assert engine.state() == NEXT


def test_rebuild_that_fails_leaves_the_live_index(engine):
    with pytest.raises(ZeroDivisionError), engine.rebuild("second") as writer:
        writer.put(corpus(25, seed=5))
        writer.commit(NEXT)
        _ = 1 / 0

    assert engine.count(ALL) == 40
    assert engine.state() == STATE

    fill(engine, corpus(25, seed=5), NEXT, "second")

    assert engine.count(ALL) == 25


def test_one_writes_at_a_time(engine):
    with engine.writer() as first:
        with engine.writer() as second, engine.rebuild("second") as third:
            assert (second, third) == (None, None)
        first.remove(["00001"])
        first.commit(NEXT)
    with engine.rebuild("second") as first:
        with engine.writer() as second, engine.rebuild("third") as third:
            assert (second, third) == (None, None)
        first.put(corpus(5))
        first.commit(NEXT)
    with engine.writer() as first:
        assert first is not None

    assert engine.count(ALL) == 5


def test_many_rebuild_at_once(engine):
    def rebuild(number):
        with engine.rebuild(f"r{number}") as writer:
            if writer:
                writer.put(corpus(number + 1))
                writer.commit(replace(STATE, revision=number, documents=number + 1))
                return True
        return False

    with ThreadPoolExecutor(6) as pool:
        done = list(pool.map(rebuild, range(30)))

    assert any(done)
    assert engine.count(ALL) == engine.state().documents == engine.state().revision + 1


def test_readers_see_one_index_or_the_other_during_rebuilds(engine):
    ended = threading.Event()
    seen = set()

    def read():
        while not ended.is_set():
            found = engine.search(ALL)
            seen.add((found.total, len(found.hits)))

    with ThreadPoolExecutor(2) as pool:
        reading = [pool.submit(read) for _ in range(2)]
        for number in range(4):
            fill(engine, corpus(25 if number % 2 else 40), STATE, f"r{number}")
        ended.set()
        for one in reading:
            one.result()

    assert seen <= {(40, 40), (25, 25)}


def test_without_an_index_the_engine_is_away(empty_engine):
    assert empty_engine.state() is None
    with pytest.raises(EngineAway):
        empty_engine.search(ALL)
    with pytest.raises(EngineAway):
        empty_engine.count(ALL)
    with pytest.raises(EngineAway):
        empty_engine.documents(["00001"])
    with pytest.raises(EngineAway):
        list(empty_engine.everything())
    with empty_engine.writer() as writer:
        assert writer is None
