"""Nothing private goes into the index: secrets planted in every private field stand in no document, token or word."""

from dataclasses import asdict
from datetime import date

import orjson
import pytest

from portal.kernel.models import OutboxMessage
from registry.domain.providers import put_providers
from registry.domain.records import ProviderRecord
from registry.models import Site
from registry.visibility import SITE
from search.analysis.normal import words
from search.analysis.tokens import tokens
from search.engines.interface import WEIGHTS, Alternative, Clause, Plan
from search.enums import Kind
from search.indexing import follow, rebuild
from search.lexicon import NEW_WORDS_ID, VOCABULARY_ID, annotator
from search.sources import Source
from tests.factories.registry import NOW, REGISTRAR, make_provider
from tests.test_privacy import HIDDEN_TOWN, SECRETS, people, shelter, told

__all__ = ["people", "shelter"]

pytestmark = [pytest.mark.django_db, pytest.mark.databases]


def text_of(thing) -> str:
    return orjson.dumps(thing, default=str, option=orjson.OPT_NON_STR_KEYS).decode()


def secret_words() -> set[str]:
    """Return the secrets as an index would have them, words that many things share left out."""
    found = {word for secret in SECRETS for word in (*words(secret), *tokens(secret))}
    return {word for word in found if len(word) > 3} - {"особа", "будинок", "тиша"}


def test_no_document_tells_a_secret(shelter, people):
    make_provider()
    keys = [entry.pk for entry in (shelter, *people)]

    documents = [
        one for told_of in Source(annotator(), date(2026, 11, 26)).of_entries(keys) for one in told_of.documents
    ]
    surface = {word for told_of in Source(annotator(), NOW.date()).of_entries(keys) for word in told_of.words}

    assert {document.data["number"] for document in documents} == {shelter.number, people[0].number}
    for document in documents:
        assert told(text_of(asdict(document))) == []
        assert told(text_of(document.as_index())) == []
        indexed = document.as_index()
        assert secret_words().isdisjoint(" ".join(indexed[name] for name in WEIGHTS).split())
    assert secret_words().isdisjoint(surface)


def test_no_stored_document_and_no_vocabulary_tells_a_secret(live, shelter, people):
    rebuild(live)
    put_providers(
        [ProviderRecord(external_ref="shelter", about="Приймаємо цілодобово.")], actor=REGISTRAR, ground="тест", now=NOW
    )
    follow(live, NOW)

    stored = list(live.everything())
    vocabulary = live.documents([VOCABULARY_ID, NEW_WORDS_ID])

    assert {one["number"] for one in stored if one.get("number")} == {shelter.number, people[0].number}
    assert told(text_of(stored)) == []
    assert told(text_of([hit.data for hit in vocabulary.values()])) == []
    for hit in vocabulary.values():
        assert secret_words().isdisjoint(hit.data["words"])
    assert told(text_of(list(OutboxMessage.objects.values()))) == []


def test_no_word_of_a_secret_finds_anything(live, shelter, people):
    rebuild(live)

    found = {
        word
        for word in secret_words()
        if live.count(Plan(kinds=tuple(Kind.values), must=(Clause((Alternative((word,)),)),)))
    }

    assert found == set()


def test_files_of_the_index_hold_no_secret(live, shelter, people, settings):
    rebuild(live)

    raw = b"".join(path.read_bytes() for path in settings.SEARCH_DIR.rglob("*") if path.is_file())

    assert [secret for secret in SECRETS if secret.encode() in raw or secret.casefold().encode() in raw] == []


def test_what_became_confidential_leaves_the_index(live):
    entry = make_provider()
    rebuild(live)
    assert {data["place"] for data in live.everything() if data.get("number")} == {"Диканька, Полтавська область"}

    Site.objects.filter(entry=entry).update(confidential=True)
    put_providers(
        [ProviderRecord(code=entry.organisation.code, about="Адресу приховано.")],
        actor=REGISTRAR,
        ground="тест",
        now=NOW,
    )
    follow(live, NOW)

    left = [data for data in live.everything() if data.get("number")]
    assert {data["place"] for data in left} == {"Диканська громада, Полтавська область"}
    assert {data["at"] for data in left} == {None}


def test_the_town_of_a_shelter_is_no_place_of_its_documents(shelter):
    (told_of,) = Source(annotator(), NOW.date()).of_entries([shelter.pk])

    town = Site.objects.get(entry=shelter).territory
    assert town.name == HIDDEN_TOWN
    for document in told_of.documents:
        assert town.code not in document.place
        assert document.latitude is None


def test_walk_covers_every_private_field_of_an_address(shelter):
    site = Site.objects.get(entry=shelter)
    guarded = {name for name, rule in SITE.items() if type(rule).__name__ == "Guarded"}

    assert {name for name in guarded if not getattr(site, name)} == set()
