"""The drawn map: oblasts shaded by what is known, hatched where most is not; one oblast, its hromadas as points."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Final

from django.urls import reverse
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from portal.site.figures.gap import BasicLine, Judgement, Line, by_oblast, sum_up
from portal.site.figures.map_filter import MapFilter
from registry.enums import UnitCategory
from registry.models import Territory
from registry.queries.outlines import Outline, drawing
from registry.queries.register import vocabulary

# the shade begins above this share
_SHADES: Final = (("0.75", 4), ("0.5", 3), ("0.25", 2), ("0", 1))
_DARK: Final = 3
# of a view box's longer side
_POINT: Final = 62
_KINDS: Final = {Judgement.NOBODY: "nobody", Judgement.LACKING: "lacking"}
_TENTH: Final = Decimal("0.1")


@dataclass(frozen=True, slots=True)
class Area:
    """An oblast of the map; `shade` is empty where nothing is known, `text` the figure written on it."""

    outline: Outline
    url: str
    title: str
    shade: int | None
    hatched: bool
    text: str = ""

    @property
    def is_dark(self) -> bool:
        return self.shade is not None and self.shade >= _DARK


@dataclass(frozen=True, slots=True)
class Point:
    """A hromada of the chosen oblast: `kind` is its class on the map."""

    x: float
    y: float
    radius: float
    url: str
    title: str
    kind: str


@dataclass(frozen=True, slots=True)
class GapMap:
    view_box: str
    areas: list[Area]
    points: list[Point]
    # the outline under the points
    land: Outline | None = None


def shade_of(share: Decimal | None) -> int | None:
    """Return how dark a share is: 0 for none, 1 to 4 for a quarter each; None where it is not known."""
    if share is None:
        return None
    return next((shade for least, shade in _SHADES if share > Decimal(least)), 0)


def gap_map(wanted: MapFilter, lines: Iterable[Line]) -> GapMap:
    """Return the map of a service: where need is known to be larger than what is there."""
    if wanted.oblast:
        return _one_oblast(wanted, wanted.oblast, [(line, _kind(line), _words(line)) for line in lines])
    told = by_oblast(lines)
    areas = []
    for unit in _drawn():
        summed = sum_up(line for line in told.get(unit.pk, []) if isinstance(line, Line))
        known = ngettext(
            "%(gaps)s of %(judged)s hromada whose need and places are known has fewer places than people in need",
            "%(gaps)s of %(judged)s hromadas whose need and places are known have fewer places than people in need",
            summed.judged,
        ) % {"gaps": summed.gaps, "judged": summed.judged}
        rest = _("not known: %(number)s") % {"number": summed.hromadas - summed.judged}
        title = f"{unit.label}: {known}; {rest}" if summed.judged else f"{unit.label}: {_('nothing is known')}"
        text = f"{summed.gaps}/{summed.judged}" if summed.judged and unit.category == UnitCategory.OBLAST else ""
        shade = shade_of(summed.share)
        areas.append(Area(_outline(unit), _url(wanted, unit), title, shade, summed.is_mostly_unknown, text))
    return GapMap(drawing().view_box, areas, [])


def basic_map(wanted: MapFilter, lines: Iterable[BasicLine], basic: int) -> GapMap:
    """Return the map of basic services that nobody gives: how many a hromada of the oblast lacks on average."""
    if wanted.oblast:
        return _one_oblast(wanted, wanted.oblast, [(line, _basic_kind(line, basic), _basic(line)) for line in lines])
    told = by_oblast(lines)
    areas = []
    for unit in _drawn():
        missing = [len(line.missing) for line in told.get(unit.pk, []) if isinstance(line, BasicLine)]
        mean = Decimal(sum(missing)) / len(missing) if missing else Decimal(0)
        words = number_format(mean.quantize(_TENTH, ROUND_HALF_UP), 1)
        title = _("%(oblast)s: on average a hromada lacks %(mean)s of %(basic)s basic services") % {
            "oblast": unit.label,
            "mean": words,
            "basic": basic,
        }
        text = words if unit.category == UnitCategory.OBLAST else ""
        shade = shade_of(mean / basic) if basic else None
        areas.append(Area(_outline(unit), _url(wanted, unit), title, shade, not missing, text))
    return GapMap(drawing().view_box, areas, [])


def _drawn() -> list[Territory]:
    return [unit for unit in vocabulary().oblasts.values() if unit.code in drawing().outlines]


def _outline(unit: Territory) -> Outline:
    return drawing().outlines[unit.code]


def _url(wanted: MapFilter, unit: Territory) -> str:
    return f"?{wanted.query(oblast=unit.code)}#map"


def _one_oblast(wanted: MapFilter, oblast: Territory, told: list[tuple[Line | BasicLine, str, str]]) -> GapMap:
    map_ = drawing()
    if oblast.code not in map_.outlines:
        return GapMap(map_.view_box, [], [])
    box = map_.around(oblast.code)
    radius = round(max(float(part) for part in box.split()[2:]) / _POINT, 1)
    query = wanted.of_hromada
    points = [
        Point(
            *map_.point(*line.unit.at), radius, _hromada_url(line.unit.code, query), f"{line.unit.label}: {words}", kind
        )
        for line, kind, words in told
        if line.unit.at
    ]
    # what is known stands above what is not
    points.sort(key=lambda point: point.kind != "unknown")
    return GapMap(box, [], points, map_.outlines[oblast.code])


def _hromada_url(code: str, query: str) -> str:
    return reverse("site:map_hromada", args=[code]) + (f"?{query}" if query else "")


def _kind(line: Line) -> str:
    if not line.is_judged:
        return "unknown"
    return _KINDS.get(line.judgement, "enough")


def _words(line: Line) -> str:
    return str(line.judgement.label)


def _basic_kind(line: BasicLine, basic: int) -> str:
    if not line.missing:
        return "enough"
    return "nobody" if len(line.missing) * 2 > basic else "lacking"


def _basic(line: BasicLine) -> str:
    if not line.missing:
        return pgettext("basic services", "somebody gives each")
    return ngettext(
        "%(number)s basic service that nobody gives", "%(number)s basic services that nobody gives", len(line.missing)
    ) % {"number": len(line.missing)}


def point_kind(line: Line | BasicLine, basic: int) -> tuple[str, str]:
    """Return the class of a hromada on the map and what is said of it."""
    if isinstance(line, Line):
        return _kind(line), _words(line)
    return _basic_kind(line, basic), _basic(line)
