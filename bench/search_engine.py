"""Measure the engine alone: building, answering with four facets, two workers at once, a write until it is found."""

from __future__ import annotations

import gc
import multiprocessing
import time
from statistics import median

from generated_services import documents
from search_asking import FACETS, QUERIES, lexicon_of, measured, p95


def build(folder, count):
    from collections import Counter

    from search.engines.embedded import EmbeddedEngine
    from search.engines.interface import IndexState

    engine = EmbeddedEngine(folder)
    times = Counter()
    began = time.perf_counter()

    def counting():
        for document in documents(count):
            told = document.as_index()
            for name in ("title", "needs", "body", "provider"):
                times.update(told[name].split())
            yield told

    with engine.rebuild("bench", count) as writer:
        writer.put(counting())
        writer.commit(IndexState(1, "bench", count, "bench"))
    seconds = time.perf_counter() - began
    size = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) / 2**20
    print(f"build: {seconds:.0f} s, {count / seconds:,.0f} documents/s, {size:.0f} MB")
    return engine, dict(times)


def engine_bench(engine, lexicon, rounds):
    """Print p50 and p95 of each class with four exact facets and an exact count; return all times."""
    from search.engines.interface import Clause, Plan
    from search.planning import Asked, strict
    from search.understanding import understand

    # as `search.warming` does in a server
    gc.collect()
    gc.freeze()
    print(f"\n{'engine, 4 facets, exact count':34} p50 ms   p95 ms   documents")
    everything = []
    for name, texts in QUERIES.items():
        plans = [strict(understand(text, lexicon), Asked(), counted=FACETS) for text in texts]
        total = engine.search(plans[0]).total
        times = measured(lambda turn, plans=plans: engine.search(plans[turn % len(plans)]), rounds)
        everything += times
        print(f"{name:34} {median(times):6.2f}   {p95(times):6.2f}   {total:,}")
    chosen = {"service": ("home-care", "day-care"), "group": ("older-people",)}
    plan = Plan(filters=chosen, counted=FACETS)
    for name, one in (
        ("two filters", plan),
        ("no question at all", Plan(counted=FACETS)),
        (
            "page 500",
            Plan(must=(Clause(strict(understand("догляд", lexicon), Asked()).must[0].alternatives),), offset=9_980),
        ),
    ):
        times = measured(lambda _turn, one=one: engine.search(one), rounds)
        everything += times
        print(f"{name:34} {median(times):6.2f}   {p95(times):6.2f}   {engine.search(one).total:,}")
    print(f"{'all together':34} {median(everything):6.2f}   {p95(everything):6.2f}")
    return everything


def reading_bench(lexicon, rounds):
    from search.understanding import understand

    texts = [text for group in QUERIES.values() for text in group]
    times = measured(lambda turn: understand(texts[turn % len(texts)], lexicon), rounds)
    print(f"{'reading a question':34} {median(times):6.2f}   {p95(times):6.2f}")


def asker(folder, seconds, lexicon_words, answer):
    """Ask full-facet questions for some seconds; one of the two workers."""
    from search.engines.embedded import EmbeddedEngine
    from search.planning import Asked, strict
    from search.understanding import understand

    engine, lexicon = EmbeddedEngine(folder), lexicon_of(lexicon_words)
    plans = [strict(understand(text, lexicon), Asked(), counted=FACETS) for group in QUERIES.values() for text in group]
    for plan in plans:
        engine.search(plan)
    done, end = 0, time.perf_counter() + seconds
    while time.perf_counter() < end:
        engine.search(plans[done % len(plans)])
        done += 1
    answer.put(done / seconds)


def throughput(folder, times, seconds=8):
    context = multiprocessing.get_context("fork")
    answer = context.Queue()
    workers = [context.Process(target=asker, args=(folder, seconds, times, answer)) for _ in range(2)]
    for worker in workers:
        worker.start()
    whole = sum(answer.get() for _ in workers)
    for worker in workers:
        worker.join()
    print(f"throughput, two workers: {whole:,.0f} full-facet questions/s")
    return whole


def save_to_visible(engine):
    from search.engines.interface import IndexState, Plan

    document = next(documents(1, seed=99))
    document.id, document.title = "service:new", ["щойнозбережене"]
    began = time.perf_counter()
    with engine.writer() as writer:
        writer.put([document.as_index()])
        writer.commit(IndexState(2, "bench", 1, "bench"))
    found = engine.search(Plan(ids=("service:new",))).total
    seconds = time.perf_counter() - began
    print(f"write, commit, found: {seconds * 1000:.0f} ms ({found} found); the worker looks every second")
