"""Who helps near the reader: services of the search's own index, and where it is away, providers of the register."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final
from urllib.parse import urlencode

from django.urls import reverse

from registry.queries.index import register_index
from registry.queries.register import RegisterFilter, matching_entries, page_of, vocabulary
from registry.queries.rows import Row, rows_of
from search.answering import NEAREST, Result, distance_km
from search.engines import engine
from search.engines.interface import Box, EngineAway, Found, Hit, Plan
from search.interfaces.lines import Line, lines
from search.interfaces.questions import known_values
from search.places import Place
from search.planning import where_of
from search.understanding import Understood

SHOWN: Final = 3
# as far as a reader is sent where nobody helps in the place itself
FAR_KM: Final = 150.0
_KM_A_DEGREE: Final = 111.2
_LEAST_COSINE: Final = 0.5


@dataclass(slots=True)
class Help:
    """What a block shows: lines of the search or rows of the register, how many there are in all and where.

    `nearest` says that nobody gives it in the reader's place, so what is shown stands elsewhere.
    """

    lines: list[Line] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)
    total: int = 0
    nearest: bool = False
    all_url: str = ""
    unmet_url: str = ""


def help_of(asked: Sequence[Mapping[str, Any]], place: Place | None, today: date) -> list[Help]:
    """Return what each block shows; the number of queries does not depend on how many blocks there are."""
    found = []
    try:
        found = [_searched(one, place) for one in asked]
    except EngineAway:
        found = _registered(asked, place, today)
    for one, value in zip(found, asked, strict=True):
        one.all_url = f"{reverse('search:search')}?{parameters(value, place)}"
        missing = {"place": place.code if place else "", "service": next(iter(value.get("services") or ()), "")}
        one.unmet_url = f"{reverse('search:unmet')}?{urlencode({k: v for k, v in missing.items() if v})}"
    return found


def parameters(value: Mapping[str, Any], place: Place | None) -> str:
    """Return the query string of the search with the block's own conditions."""
    state = [("service", slug) for slug in value.get("services") or ()]
    state += [("group", slug) for slug in value.get("groups") or ()]
    if value.get("urgent"):
        state.append(("urgent", "1"))
    if place:
        state.append(("place", place.code))
    return urlencode(state)


# --- the search ----------------------------------------------------------------------------------------------------


def _searched(value: Mapping[str, Any], place: Place | None) -> Help:
    conditions = _conditions(value)
    where = where_of(place, required=True) if place else None
    found = engine().search(Plan(where=where, filters=conditions, limit=SHOWN))
    shown = Help(_lines(found.hits, None), total=found.total)
    if place and not found.total:
        hits, near = _nearest(conditions, place)
        shown = Help(_lines(hits, near), nearest=True)
    return shown


def _conditions(value: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
    known = known_values()
    told = {"service": value.get("services") or (), "group": value.get("groups") or ()}
    conditions = {name: tuple(slug for slug in slugs if slug in known[name]) for name, slugs in told.items()}
    if value.get("urgent"):
        conditions["urgent"] = ("1",)
    return {name: values for name, values in conditions.items() if values}


def _nearest(conditions: dict[str, tuple[str, ...]], place: Place) -> tuple[list[Hit], tuple[float, float] | None]:
    """Return the nearest by distance; where the place has no point, those of its raion and oblast."""
    if place.latitude is None or place.longitude is None:
        plan = Plan(where=where_of(place, required=False), where_required=False, filters=conditions, limit=SHOWN)
        return engine().search(plan).hits, None
    here = (place.latitude, place.longitude)
    found: Found = engine().search(Plan(filters=conditions, box=_around(here), limit=NEAREST))
    placed = [(distance_km(here, tuple(hit.data["at"])), hit.id, hit) for hit in found.hits if hit.data.get("at")]
    return [hit for _km, _id, hit in sorted(placed, key=lambda one: one[:2])[:SHOWN]], here


def _around(here: tuple[float, float]) -> Box:
    north = FAR_KM / _KM_A_DEGREE
    return Box(here[0] - north, here[0] + north, here[1] - north / _LEAST_COSINE, here[1] + north / _LEAST_COSINE)


def _lines(hits: Sequence[Hit], here: tuple[float, float] | None) -> list[Line]:
    results = []
    for hit in hits:
        at = hit.data.get("at")
        far = distance_km(here, tuple(at)) if here and isinstance(at, list) else None
        results.append(Result(hit.id, str(hit.data.get("kind", "")), hit.data, hit.score, distance_km=far))
    return lines(results, Understood(""), known_values())


# --- the register, while the search is away --------------------------------------------------------------------------


def _registered(asked: Sequence[Mapping[str, Any]], place: Place | None, today: date) -> list[Help]:
    """Show providers by oblast: coarser than the search, yet somebody to call."""
    register_index.refresh()
    found = []
    for value in asked:
        here = matching_entries(_filter(value, place))
        nearest = bool(place) and not here
        wanted = _filter(value, None if nearest else place)
        every = matching_entries(wanted)
        found.append((page_of(wanted, every, 0, SHOWN), 0 if nearest else len(every), nearest))
    keys = list(dict.fromkeys(key for some, _total, _nearest in found for key in some))
    rows = {row.entry.pk: row for row in rows_of(keys, today=today)} if keys else {}
    return [
        Help(rows=[rows[key] for key in some if key in rows], total=total, nearest=nearest)
        for some, total, nearest in found
    ]


def _filter(value: Mapping[str, Any], place: Place | None) -> RegisterFilter:
    names = vocabulary()
    oblast = place.oblast or place.code if place else ""
    chosen: dict[str, tuple[int | str, ...]] = {
        "standing": ("included",),
        "service": _keys(names.services, value.get("services")),
        "group": _keys(names.groups, value.get("groups")),
        "oblast": tuple(pk for pk, unit in names.oblasts.items() if unit.code == oblast),
    }
    return RegisterFilter(chosen={name: values for name, values in chosen.items() if values})


def _keys(terms: Mapping[int, Any], slugs: Sequence[str] | None) -> tuple[int, ...]:
    return tuple(pk for pk, term in terms.items() if term.slug in (slugs or ()))
