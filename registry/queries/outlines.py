"""The drawn map of Ukraine: outlines of the oblasts and where a point of the Earth lies on them."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final

FILE: Final = Path(__file__).resolve().parent.parent / "reference" / "ua_oblasts.svg.json"
_NUMBERS: Final = re.compile(r"-?\d+(?:\.\d+)?")
_AIR: Final = 12.0
_LINES: Final = 24
_KYIV: Final = "UA80000000000093317"
_KYIV_OBLAST: Final = "UA32000000000030281"

Ring = list[tuple[float, float]]


@dataclass(frozen=True, slots=True)
class Outline:
    code: str
    path: str
    label_x: float
    label_y: float


@dataclass(frozen=True, slots=True)
class Drawing:
    view_box: str
    outlines: dict[str, Outline]
    projection: dict[str, float]

    def point(self, latitude: float, longitude: float) -> tuple[float, float]:
        """Return where the place lies in the drawing."""
        to = self.projection
        return (
            round((longitude - to["west"]) * to["squeeze"] * to["scale"] + to["margin"], 1),
            round((to["north"] - latitude) * to["scale"] + to["margin"], 1),
        )

    def around(self, code: str) -> str:
        """Return the view box that shows one oblast with some air around it."""
        numbers = [float(number) for number in _NUMBERS.findall(self.outlines[code].path)]
        xs, ys = numbers[::2], numbers[1::2]
        left, top = min(xs) - _AIR, min(ys) - _AIR
        return f"{left:.0f} {top:.0f} {max(xs) - left + _AIR:.0f} {max(ys) - top + _AIR:.0f}"


@dataclass(frozen=True, slots=True)
class Locator:
    """A small map: one oblast and points in it."""

    view_box: str
    path: str
    points: list[tuple[float, float]]
    radius: float


def _rings(path: str) -> list[Ring]:
    rings = []
    for part in filter(None, path.split("Z")):
        numbers = [float(number) for number in _NUMBERS.findall(part)]
        rings.append(list(zip(numbers[::2], numbers[1::2], strict=True)))
    return rings


def _spans(rings: list[Ring], level: float) -> list[tuple[float, float]]:
    """Return where a horizontal line runs inside the rings."""
    crossings = sorted(
        a[0] + (level - a[1]) / (b[1] - a[1]) * (b[0] - a[0])
        for ring in rings
        for a, b in zip(ring, [*ring[1:], ring[0]], strict=True)
        if (a[1] > level) != (b[1] > level)
    )
    return list(zip(crossings[::2], crossings[1::2], strict=False))


def _roomiest(rings: list[Ring]) -> tuple[float, float]:
    """Return the middle of the roomiest place in an outline, where its figure is written."""
    ys = [y for ring in rings for _x, y in ring]
    top, height = min(ys), max(ys) - min(ys)
    turned = [[(y, x) for x, y in ring] for ring in rings]
    best, room = (0.0, 0.0), -1.0
    for step in range(1, _LINES):
        y = top + height * step / _LINES + 0.03
        for left, right in _spans(rings, y):
            x = (left + right) / 2
            low, high = next((span for span in _spans(turned, x) if span[0] <= y <= span[1]), (y, y))
            # a figure is about twice as wide as it is high
            found = min(right - left, 2 * (high - low), 4 * min(y - low, high - y))
            if found > room:
                best, room = (round(x, 1), round(y, 1)), found
    return best


@lru_cache(maxsize=1)
def drawing() -> Drawing:
    """Return the map, read from its file once a process."""
    stored = json.loads(FILE.read_text(encoding="utf-8"))
    holes = _rings(next(item["d"] for item in stored["oblasts"] if item["katottg"] == _KYIV))
    outlines = {}
    for item in stored["oblasts"]:
        rings = _rings(item["d"])
        x, y = _roomiest(rings + holes if item["katottg"] == _KYIV_OBLAST else rings)
        outlines[item["katottg"]] = Outline(item["katottg"], item["d"], x, y)
    return Drawing(stored["viewBox"], outlines, stored["projection"])


def locate(oblast_code: str, places: list[tuple[float, float]]) -> Locator | None:
    """Return the small map of these places, or nothing if none of them lies in the view of the oblast."""
    map_ = drawing()
    if oblast_code not in map_.outlines:
        return None
    view_box = map_.around(oblast_code)
    left, top, width, height = (float(part) for part in view_box.split())
    points = [
        (x, y)
        for x, y in dict.fromkeys(map_.point(*place) for place in places)
        if left <= x <= left + width and top <= y <= top + height
    ]
    if not points:
        return None
    return Locator(view_box, map_.outlines[oblast_code].path, points, round(max(width, height) / 28, 1))
