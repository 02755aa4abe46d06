"""Pages and competitions have no revisions: they are written anew when news come of them, or all at once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from search.engines.interface import Engine, Plan
from search.enums import Kind
from search.lexicon import annotator
from search.sources import competition_numbers, competition_versions, competitions, pages
from search.staleness import IndexBusy, IndexMissing


def follow_pages(engine: Engine, page_ids: Iterable[int] | None = None) -> None:
    """Bring these pages to what they are now, or all of them.

    Pages have no revisions, so that nothing finds out later what was missed: where there is no index it raises
    IndexMissing, and the news wait. Else it raises as `follow` does.
    """
    if engine.state() is None:
        raise IndexMissing
    with engine.writer() as writer:
        state = engine.state()
        if writer is None or state is None:
            raise IndexBusy
        writer.remove(_all_of(engine, Kind.PAGE) if page_ids is None else [f"w-{key}" for key in page_ids])
        for told in pages(annotator(), page_ids):
            writer.put(document.as_index() for document in told.documents)
        writer.commit(state)


def follow_competitions(engine: Engine, keys: Iterable[int] | None = None) -> None:
    """Bring these competitions to what their announcements say now, or all of them; raises as `follow_pages` does."""
    if engine.state() is None:
        raise IndexMissing
    with engine.writer() as writer:
        state = engine.state()
        if writer is None or state is None:
            raise IndexBusy
        known = _all_of(engine, Kind.COMPETITION) if keys is None else [f"c-{one}" for one in competition_numbers(keys)]
        writer.remove(known)
        for told in competitions(annotator(), keys):
            writer.put(document.as_index() for document in told.documents)
        writer.commit(state)


def lags_in_competitions(engine: Engine) -> bool:
    """Say whether news of a competition were lost: the index tells of other competitions or versions than there are."""
    if engine.state() is None:
        return False
    known = engine.documents(list(_all_of(engine, Kind.COMPETITION)))
    return {name: hit.data.get("version") for name, hit in known.items()} != competition_versions()


def _all_of(engine: Engine, kind: Kind) -> list[str]:
    plan = Plan(kinds=(kind.value,))
    return [hit.id for hit in engine.search(replace(plan, limit=max(engine.count(plan), 1))).hits]
