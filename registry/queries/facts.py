"""Reading from the register everything the public may filter by, column by column, into bitmaps of entries."""

from __future__ import annotations

from array import array
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

from django.db.models import QuerySet
from pyroaring import BitMap

from portal.kernel import visibility
from registry.enums import AreaKind, UnitCategory
from registry.models import RegisterEntry, Service, ServiceType, Site, Territory
from registry.queries.words import words

CHUNK: Final = 2_000
# as many keys as a query may name
_FEW: Final = 900
# keys as the machine keeps them: a list of numbers would take ten times the memory while loading
Keys = array
Gathered = dict[tuple[str, Any], Keys]


@dataclass(slots=True)
class Facts:
    """Which entries have which facet value, and which say which word."""

    everything: BitMap
    values: dict[tuple[str, Any], BitMap]
    words: dict[str, BitMap]


def read_facts(entries: QuerySet[RegisterEntry]) -> Facts:
    """Read the open ones of these entries; a name that many of them share is split into words once."""
    open_entries = entries.filter(is_open=True)
    gathered: Gathered = defaultdict(_keys)
    said: dict[str, Keys] = defaultdict(_keys)
    _read_entries(open_entries, gathered, said)
    towns = _read_sites(open_entries, gathered)
    _read_services(open_entries, gathered, said)
    _read_areas(open_entries, gathered)
    values = {key: BitMap(pks) for key, pks in gathered.items()}
    spoken: dict[str, BitMap] = defaultdict(BitMap)
    for word, pks in said.items():
        spoken[word] |= BitMap(pks)
    kinds = {key[1]: pks for key, pks in gathered.items() if key[0] == "service"}
    shared: tuple[tuple[dict[int, str], dict[int, Keys]], ...] = (
        (dict(_units(towns).values_list("id", "name")), towns),
        (dict(ServiceType.objects.values_list("id", "name_uk")), kinds),
    )
    for names, of_name in shared:
        for named, pks in of_name.items():
            found = BitMap(pks)
            for word in set(words(names.get(named, ""))):
                spoken[word] |= found
    everything = BitMap(open_entries.values_list("id", flat=True).iterator(chunk_size=CHUNK))
    return Facts(everything, values, spoken)


def _keys() -> Keys[int]:
    return array("I")


def _read_entries(entries: QuerySet[RegisterEntry], gathered: Gathered, said: dict[str, Keys]) -> None:
    for pk, standing, oblast, hromada, name, short, ownership, sector in entries.values_list(
        "id",
        "standing",
        "oblast_id",
        "hromada_id",
        "organisation__name",
        "organisation__short_name",
        "organisation__ownership_form",
        "organisation__sector",
    ).iterator(chunk_size=CHUNK):
        gathered["standing", standing].append(pk)
        gathered["ownership", ownership].append(pk)
        gathered["sector", sector].append(pk)
        gathered["oblast", oblast].append(pk)
        gathered["here", hromada].append(pk)
        for word in set(words(f"{name} {short}")):
            said[word].append(pk)


def _read_sites(entries: QuerySet[RegisterEntry], gathered: Gathered) -> dict[int, Keys]:
    """Gather where addresses are, and return the entries of each unit whose name may be said."""
    of_unit: dict[int, Keys] = defaultdict(_keys)
    may_be_said = {
        flag: visibility.is_public("registry.Site", "territory", {"confidential": flag}) for flag in (False, True)
    }
    sites = Site.objects.filter(entry__in=entries)
    for pk, oblast, hromada, town, confidential in sites.values_list(
        "entry_id", "oblast_id", "hromada_id", "territory_id", "confidential"
    ).iterator(chunk_size=CHUNK):
        gathered["oblast", oblast].append(pk)
        gathered["here", hromada].append(pk)
        if hromada:
            of_unit[hromada].append(pk)
        if town and may_be_said[confidential]:
            of_unit[town].append(pk)
    return of_unit


def _read_services(entries: QuerySet[RegisterEntry], gathered: Gathered, said: dict[str, Keys]) -> None:
    services = Service.objects.filter(entry__in=entries)
    for pk, kind, area in services.values_list("entry_id", "service_type_id", "area_kind").iterator(chunk_size=CHUNK):
        gathered["service", kind].append(pk)
        if area == AreaKind.COUNTRY:
            gathered["served", "country"].append(pk)
    titled = services.exclude(title="").values_list("entry_id", "title")
    for pk, title in titled.iterator(chunk_size=CHUNK):
        for word in set(words(title)):
            said[word].append(pk)


def _read_areas(entries: QuerySet[RegisterEntry], gathered: Gathered) -> None:
    groups = Service.groups.through.objects.filter(service__entry__in=entries)
    for pk, group in groups.values_list("service__entry_id", "vulnerablegroup_id").iterator(chunk_size=CHUNK):
        gathered["group", group].append(pk)
    of_unit: dict[int, Keys] = defaultdict(_keys)
    areas = Service.areas.through.objects.filter(service__entry__in=entries)
    for pk, unit in areas.values_list("service__entry_id", "territory_id").iterator(chunk_size=CHUNK):
        of_unit[unit].append(pk)
    units = _units(of_unit).values_list("id", "category", "oblast_id", "hromada_id")
    for unit, category, oblast, hromada in units:
        if unit not in of_unit:
            continue
        gathered["oblast", oblast].extend(of_unit[unit])
        if category == UnitCategory.RAION:
            gathered["raion_served", unit].extend(of_unit[unit])
        elif category in UnitCategory.regions:
            gathered["oblast_served", unit].extend(of_unit[unit])
        elif hromada:
            gathered["here", hromada].extend(of_unit[unit])


def _units(keys: Iterable[int]) -> QuerySet[Territory]:
    """Return these units, or all of them where naming so many would be too long a question."""
    wanted = list(keys)
    return Territory.objects.filter(pk__in=wanted) if len(wanted) < _FEW else Territory.objects.all()
