"""What stands around the map: what can be chosen, how the table is sorted, how each oblast stands in words."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from django.utils.translation import gettext_lazy, pgettext_lazy

from portal.site.figures.gap import SORTS, BasicLine, Judgement, Line, OblastSum, by_oblast, sum_up
from portal.site.figures.map_filter import MapFilter
from procurement.queries.figures_needs import groups_with_numbers, services_with_needs
from registry.models import Territory
from registry.queries.alphabet import alphabetical
from registry.queries.register import vocabulary

TONES: Final = {Judgement.NOBODY: "bad", Judgement.LACKING: "warn", Judgement.ENOUGH: "ok", Judgement.NO_NEED: "ok"}
_SORTS: Final = {
    "lacking": pgettext_lazy("sorting", "by how many lack a place"),
    "rate": pgettext_lazy("sorting", "by the same per 10,000"),
    "need": pgettext_lazy("sorting", "by need"),
    "places": pgettext_lazy("sorting", "by places"),
    "name": pgettext_lazy("sorting", "by name"),
}
KNOWN: Final = gettext_lazy("their need is published")
REST: Final = gettext_lazy("no hromada has published their need")


def choices() -> dict[str, Any]:
    """Return services, those with a published need first, groups with numbers, and oblasts; each by the alphabet."""
    names, needed, numbered = vocabulary(), services_with_needs(), groups_with_numbers()
    kinds = sorted(names.services.values(), key=lambda kind: alphabetical(kind.name))
    services = [(KNOWN, [kind for kind in kinds if kind.pk in needed])]
    services.append((REST, [kind for kind in kinds if kind.pk not in needed]))
    return {
        "service_choices": [(label, found) for label, found in services if found],
        "group_choices": sorted(
            (group for group in names.groups.values() if group.pk in numbered),
            key=lambda group: alphabetical(group.name),
        ),
        "oblast_choices": sorted(names.oblasts.values(), key=lambda unit: alphabetical(unit.name)),
    }


def sorts_of(wanted: MapFilter) -> list[tuple[str, str, bool]]:
    """Return the ways to sort the table: address, words, whether it is the one in force."""
    return [
        (f"?{wanted.query(sort='' if name == SORTS[0] else name)}#table", str(_SORTS[name]), name == wanted.sort)
        for name in SORTS
    ]


@dataclass(frozen=True, slots=True)
class Described:
    """A line with its oblast and the tone of its judgement."""

    line: Line | BasicLine
    oblast: Territory | None
    tone: str = ""
    # of the basic services that nobody gives
    names: list[str] = field(default_factory=list)


def describe(lines: Iterable[Line | BasicLine]) -> list[Described]:
    words = vocabulary()
    return [
        Described(
            line,
            words.oblasts.get(line.unit.oblast) if line.unit.oblast != line.unit.pk else None,
            TONES.get(line.judgement, "") if isinstance(line, Line) else "",
            [words.services[kind].name for kind in line.missing if kind in words.services]
            if isinstance(line, BasicLine)
            else [],
        )
        for line in lines
    ]


@dataclass(frozen=True, slots=True)
class OblastLine:
    unit: Territory
    sums: OblastSum
    query: str


def oblast_sums(wanted: MapFilter, lines: Iterable[Line]) -> list[OblastLine]:
    """Return how each oblast stands, by the alphabet: the same figures as on the map."""
    told = by_oblast(lines)
    units = sorted(vocabulary().oblasts.values(), key=lambda unit: alphabetical(unit.name))
    return [
        OblastLine(
            unit,
            sum_up(line for line in told.get(unit.pk, []) if isinstance(line, Line)),
            wanted.query(oblast=unit.code),
        )
        for unit in units
    ]


def days_of(lines: Iterable[Line]) -> tuple[date, date] | None:
    """Return the earliest and the latest day for which needs are told."""
    days = [line.need.as_of for line in lines if line.need.as_of]
    return (min(days), max(days)) if days else None
