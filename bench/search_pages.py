"""Measure the whole page through Django, and what stock Wagtail search does with the same texts."""

from __future__ import annotations

import gc
import io
import time
from random import Random
from statistics import median

from generated_services import COMMON, sentences
from search_asking import QUERIES, lexicon_of, measured, p95

STOCK_PAGES = 10_000


def page_bench(folder, times, rounds):
    """Measure the whole page through Django, with the index and words of this bench."""
    from django.core.management import call_command
    from django.test import Client
    from django.test.utils import override_settings

    from search import lexicon as kept
    from search.engines import make_engine

    call_command("migrate", verbosity=0)
    call_command("load_reference", stdout=io.StringIO())
    call_command("collectstatic", verbosity=0, interactive=False)
    make_engine.cache_clear()
    # the words of this bench, for as long as it runs
    kept._lexicon, kept._look_again = lexicon_of(times), float("inf")
    # as `search.warming` does in a server
    gc.collect()
    gc.freeze()
    print(f"\n{'full page':34} p50 ms   p95 ms")
    everything = []
    with override_settings(SEARCH_ENGINE="tantivy", SEARCH_DIR=folder, ALLOWED_HOSTS=["*"]):
        client = Client()
        for name, texts in QUERIES.items():

            def ask(turn, texts=texts):
                response = client.get("/search/", {"q": texts[turn % len(texts)], "sort": "relevance"})
                assert response.status_code == 200

            ask(0)
            found = measured(ask, rounds)
            everything += found
            print(f"{name:34} {median(found):6.2f}   {p95(found):6.2f}")
        letters = ["до", "дог", "сид", "пол", "при", "бабу", "псих", "хар", "реаб", "лжа"]
        found = measured(lambda turn: client.get("/api/v1/suggest", {"q": letters[turn % len(letters)]}), rounds)
        print(f"{'suggestions':34} {median(found):6.2f}   {p95(found):6.2f}")
    print(f"{'all together':34} {median(everything):6.2f}   {p95(everything):6.2f}")
    return everything


def stock_bench(rounds=5):
    """Measure what Wagtail's own search does with pages of the same texts on the same database."""
    from wagtail.models import Page
    from wagtail.search.backends import get_search_backend

    chance = Random(5)
    texts = [text for _slug, _facts, told in sentences() for text in told]
    root = Page.objects.filter(depth=1).first()
    pages = [
        Page(
            path=f"{root.path}{number + 5000:04d}"[:8] if number < 4000 else f"{root.path}Z{number:07d}",
            depth=2, title=chance.choice(texts)[:200], slug=f"bench-{number}", url_path=f"/bench-{number}/", live=True,
            search_description=" ".join(chance.sample(texts, 4)) + (f" {COMMON}" if chance.random() < 0.93 else ""),
            content_type_id=root.content_type_id, locale_id=root.locale_id,
        )
        for number in range(STOCK_PAGES)
    ]  # fmt: skip
    Page.objects.bulk_create(pages, batch_size=500)
    backend = get_search_backend()
    index = backend.get_index_for_model(Page)
    began = time.perf_counter()
    index.add_items(Page, list(Page.objects.filter(slug__startswith="bench-")))
    print(f"\nstock Wagtail search, {STOCK_PAGES:,} pages: index {time.perf_counter() - began:.0f} s")
    for name, text, operator in (("one need", "догляд", "and"), ("three words, or", "догляд літніх вдома", "or")):
        found = measured(
            lambda _turn, text=text, operator=operator: list(Page.objects.all().search(text, operator=operator)[:20]),
            rounds,
        )
        print(f"{name:34} {median(found):8.0f} ms")
