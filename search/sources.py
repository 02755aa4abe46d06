"""Where documents come from: the register, entry by entry, pages and competitions; so many queries for each chunk."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django.db.models import F, Max, QuerySet
from wagtail.models import Locale, Page

from procurement.enums import CompetitionState
from procurement.models import CompetitionVersion
from registry.enums import Freshness, Standing
from registry.interfaces.exporting.gather import Gatherer, Provider
from registry.models import RegisterEntry, Service, ServiceType, Territory
from registry.models.entry import RegisterEntryQuerySet
from search.analysis.normal import words
from search.annotation import Annotator
from search.documents import (
    CompetitionFacts,
    Document,
    Names,
    Unit,
    competition_document,
    is_offered,
    page_document,
    provider_document,
    service_document,
)

CHUNK: Final = 2_000
# SQLite takes only so many values in one statement
MOST_VALUES: Final = 900
PAGES: Final = 100
LONGEST_WORD: Final = 30


@dataclass(frozen=True, slots=True)
class Told:
    """The documents of one entry or page, and the words of its texts as they stand there."""

    documents: list[Document]
    words: frozenset[str]


class Source:
    """Reads entries as documents. Closed entries, those not in good standing and those long unconfirmed have none.

    One source serves one run: what units, services and groups are called it asks once.
    """

    def __init__(self, annotator: Annotator, today: date) -> None:
        self._annotator = annotator
        self._today = today
        self._gatherer = Gatherer(in_full=True)
        english = dict(ServiceType.objects.values_list("pk", "name_en"))
        self._names = Names(
            {key: (slug, name, english.get(key, "")) for key, (slug, name) in self._gatherer.services.items()},
            self._gatherer.groups,
            {key: slug for key, (slug, _name) in self._gatherer.forms.items()},
            {key: slug for key, (slug, _name) in self._gatherer.features.items()},
            {},
        )

    def of_entries(self, entry_ids: Iterable[int]) -> Iterator[Told]:
        """Yield what is told of these entries, of each that the public may find."""
        keys = sorted(entry_ids)
        for start in range(0, len(keys), CHUNK):
            yield from self._of_chunk(keys[start : start + CHUNK])

    def _of_chunk(self, keys: Sequence[int]) -> Iterator[Told]:
        ids = {number: key for key, number in _findable().filter(pk__in=keys).values_list("pk", "number")}
        if not ids:
            return
        providers = list(self._gatherer.providers(sorted(ids.values())))
        self._learn_units()
        for provider in providers:
            # it may have been excluded a moment ago
            if provider.entry["standing"] in Standing.good and provider.entry["number"] in ids:
                yield self._told(provider, ids[provider.entry["number"]])

    def _told(self, provider: Provider, entry_id: int) -> Told:
        documents = [
            provider_document(provider, self._names, self._annotator, entry_id=entry_id, today=self._today),
            *(
                service_document(
                    provider,
                    service,
                    self._names,
                    self._annotator,
                    entry_id=entry_id,
                    position=position,
                    today=self._today,
                )
                for position, service in enumerate(provider.services, start=1)
                if is_offered(service)
            ),
        ]
        return Told(documents, surface(_texts_of(provider)))

    def _learn_units(self) -> None:
        """Read the units that the gatherer has met since the last chunk."""
        missing = sorted(self._gatherer.units.keys() - self._names.units.keys())
        for start in range(0, len(missing), MOST_VALUES):
            self._names.units.update(units(missing[start : start + MOST_VALUES]))


def entry_chunks() -> Iterator[list[int]]:
    """Yield the keys of all entries that the public may find, in ascending order, without those that come meanwhile."""
    last, until = 0, _findable().aggregate(last=Max("pk"))["last"] or 0
    entries = _findable().filter(pk__lte=until).order_by("pk").values_list("pk", flat=True)
    while keys := list(entries.filter(pk__gt=last)[:CHUNK]):
        yield keys
        last = keys[-1]


def count_entries() -> int:
    return _findable().count()


def count_offers() -> int:
    """Return about how many documents the register has: entries, and services of any standing."""
    return count_entries() + Service.objects.count()


def findable_numbers(numbers: Iterable[str]) -> set[str]:
    """Return which of these register numbers belong to entries that the public may find."""
    return set(_findable().filter(number__in=list(numbers)).values_list("number", flat=True))


def pages(annotator: Annotator, page_ids: Iterable[int] | None = None) -> Iterator[Told]:
    """Yield what is told of pages that everybody may read: of all, or of these among them."""
    found = Page.objects.live().public().filter(depth__gt=1).order_by("pk")
    if page_ids is not None:
        found = found.filter(pk__in=list(page_ids))
    locales = Locale.objects.in_bulk()
    for page in found.specific().iterator(chunk_size=PAGES):
        page.locale = locales[page.locale_id]
        document = page_document(page, annotator)
        yield Told([document], surface([page.title, str(document.data["summary"])]))


# those that ended early are found in their own list, not among answers to people who look for help
FOUND_COMPETITIONS: Final = (CompetitionState.PUBLISHED, CompetitionState.CLOSED, *CompetitionState.readable)


def competitions(annotator: Annotator, keys: Iterable[int] | None = None) -> Iterator[Told]:
    """Yield what is told of competitions, of all or of these among them: the version in force and nothing else."""
    found = _announcements()
    if keys is not None:
        found = found.filter(competition__in=list(keys))
    related = "competition__hromada__oblast", "competition__hromada__raion"
    for version in found.select_related(*related).order_by("pk").iterator(chunk_size=PAGES):
        facts = _facts_of_competition(version)
        yield Told([competition_document(facts, annotator)], surface([facts.title, facts.text]))


def competition_versions() -> dict[str, int]:
    """Return the documents that there should be of competitions, each with the version that it should tell of."""
    rows = _announcements().values_list("competition__number", "number")
    return {f"c-{number}": version for number, version in rows}


def competition_numbers(keys: Iterable[int]) -> list[str]:
    """Return the numbers of these competitions, of those that were announced."""
    rows = CompetitionVersion.objects.filter(competition__in=list(keys), number=1)
    return [str(number) for number in rows.values_list("competition__number", flat=True)]


def _announcements() -> QuerySet[CompetitionVersion]:
    """Return the versions in force of competitions that a search may find."""
    return CompetitionVersion.objects.filter(
        competition__state__in=FOUND_COMPETITIONS, number=F("competition__version")
    )


def _facts_of_competition(version: CompetitionVersion) -> CompetitionFacts:
    one, said = version.competition, version.content
    lots = said.get("lots") or []
    names = ("title", "service", "content", "categories", "group", "place")
    chain = (one.hromada, one.hromada.raion, one.hromada.oblast)
    oblast = one.hromada.oblast.label if one.hromada.oblast else ""
    return CompetitionFacts(
        id=str(one.number),
        title=str(said.get("title", "")),
        text="\n".join(str(lot.get(name) or "") for lot in lots for name in names),
        authority=str((said.get("commissioner") or {}).get("name", "")),
        hromadas=tuple(dict.fromkeys(unit.code for unit in chain if unit)),
        services=_slugs(lots, "service_slug"),
        groups=_slugs(lots, "group_slug"),
        closes_at=one.closes_at or version.at,
        url=f"/competitions/{one.number}/",
        place=", ".join(dict.fromkeys(filter(None, (one.hromada.label, oblast)))),
        is_demo=one.is_demo,
        version=version.number,
    )


def _slugs(lots: Iterable[Mapping[str, Any]], name: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(str(lot[name]) for lot in lots if lot.get(name)))


def units(keys: Sequence[int]) -> dict[int, Unit]:
    """Read these units with their ancestors."""
    columns = ("pk", "code", "category", "name", "hromada__code", "raion__code", "oblast__code")
    found = {}
    rows = Territory.objects.filter(pk__in=keys).values_list(*columns, "oblast__category", "oblast__name")
    for key, code, category, name, hromada, raion, oblast, region, region_name in rows:
        found[key] = Unit(
            code,
            Territory(category=category, name=name).label,
            hromada or "",
            raion or "",
            oblast or "",
            Territory(category=region, name=region_name).label if region_name else "",
        )
    return found


def surface(texts: Iterable[str]) -> frozenset[str]:
    """Return the words of texts as people write them, those that a misspelt one may have been meant for."""
    return frozenset(
        word for word in words("\n".join(texts)) if len(word) <= LONGEST_WORD and not any(map(str.isdigit, word))
    )


def _findable() -> RegisterEntryQuerySet:
    """Return the entries that a search may find: open, in good standing, and confirmed not all too long ago."""
    return RegisterEntry.objects.open().in_good_standing().exclude(freshness=Freshness.HIDDEN)


def _texts_of(provider: Provider) -> Iterator[str]:
    for name in ("name", "short_name", "about", "services_note"):
        yield provider.entry.get(name) or ""
    for service in provider.services:
        for name in ("title", "content", "conditions"):
            yield service.get(name) or ""
