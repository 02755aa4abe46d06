"""What is the embedded engine's own: threads, parts, kept counts and the layout of its index change no answer."""

import math
from collections import Counter
from dataclasses import replace

import pytest

from search.engines.embedded import EmbeddedEngine
from search.engines.interface import EngineAway
from tests.search.contract import ALL, FAMILIES, NEXT
from tests.search.engines import STATE, corpus, fill


def test_facets_that_a_second_thread_counts_are_the_same(documents, embedded, tmp_path, monkeypatch):
    counted = [plan for plans in FAMILIES.values() for plan in plans if plan.counted]
    alone = [embedded.search(plan).counts for plan in counted]
    monkeypatch.setattr("search.engines.embedded.LARGE", 0)
    threaded = EmbeddedEngine(tmp_path)
    fill(threaded, documents)

    assert counted
    assert [threaded.search(plan).counts for plan in counted] == alone


def test_counted_is_what_is_found(documents, embedded):
    by_id = {document["id"]: document for document in documents}
    for family, plans in FAMILIES.items():
        for plan in plans:
            found = embedded.search(replace(plan, offset=0, limit=len(documents)))
            assert len(found.hits) == found.total == embedded.count(plan), family
            for name in (name for name in plan.counted if not plan.filters.get(name)):
                values = Counter(value for hit in found.hits for value in by_id[hit.id].get(name) or ())
                assert found.counts[name] == values, (family, name)


def test_kept_counts_are_those_of_the_first_answer(documents, tmp_path, monkeypatch):
    monkeypatch.setattr("search.engines.embedded.VERY_COMMON", 1)
    keeping = EmbeddedEngine(tmp_path)
    fill(keeping, documents)

    for family, plans in FAMILIES.items():
        for plan in plans:
            first, again = keeping.search(plan), keeping.search(plan)
            assert again == first, family
    plan = replace(ALL, counted=("service",))
    assert keeping.search(plan).total == len(documents)
    with keeping.writer() as writer:
        writer.remove([documents[0]["id"]])
        writer.commit(NEXT)
    assert keeping.search(plan).total == len(documents) - 1


def within(found, edges):
    return {hit.id for hit in found.hits if not any(math.isclose(hit.score, edge, rel_tol=1e-5) for edge in edges)}


@pytest.mark.parametrize("cores", [1, 2, 3, 8])
def test_index_in_parts_answers_as_one_does(embedded, documents, tmp_path, monkeypatch, cores):
    monkeypatch.setattr("search.engines.embedded.LARGE", 0)
    monkeypatch.setattr("search.engines.embedded.CORES", cores)
    divided = EmbeddedEngine(tmp_path, divided_from=len(documents))
    with divided.rebuild("parts", len(documents)) as writer:
        writer.put(documents)
        writer.commit(STATE)
    assert len(list((tmp_path / "parts").iterdir())) == 2

    for family, plans in FAMILIES.items():
        for plan in plans:
            one, parts = embedded.search(plan), divided.search(plan)
            assert (parts.total, parts.counts) == (one.total, one.counts), family
            assert divided.count(plan) == one.total
            assert [hit.score for hit in parts.hits] == pytest.approx([hit.score for hit in one.hits], rel=1e-5), family
            # documents worth the same stand in any order, and a page may end or begin among them
            edges = [hit.score for hit in (one.hits[-1:] + one.hits[:1] if plan.offset else one.hits[-1:])]
            assert within(parts, edges) == within(one, edges), family
    assert sorted(one["name"] for one in divided.everything()) == sorted(one["name"] for one in embedded.everything())


def test_index_of_another_layout_is_no_index_and_is_built_anew(tmp_path):
    (tmp_path / "old").mkdir()
    (tmp_path / "old" / "meta.json").write_text("{}")
    (tmp_path / "current").write_text("old")
    engine = EmbeddedEngine(tmp_path)

    assert engine.state() is None
    with pytest.raises(EngineAway):
        engine.search(ALL)
    with engine.writer() as writer:
        assert writer is None

    fill(engine, corpus(5))

    assert engine.count(ALL) == 5
    assert not (tmp_path / "old").exists()
