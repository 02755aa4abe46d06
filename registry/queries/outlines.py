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
    """A small map: one oblast and a point in it."""

    view_box: str
    path: str
    x: float
    y: float
    radius: float


@lru_cache(maxsize=1)
def drawing() -> Drawing:
    """Return the map, read from its file once a process."""
    stored = json.loads(FILE.read_text(encoding="utf-8"))
    outlines = {
        item["katottg"]: Outline(item["katottg"], item["d"], item["label"][0], item["label"][1])
        for item in stored["oblasts"]
    }
    return Drawing(stored["viewBox"], outlines, stored["projection"])


def locate(oblast_code: str, latitude: float, longitude: float) -> Locator | None:
    """Return the small map of a point, or nothing for a point that does not lie in the view of its oblast."""
    map_ = drawing()
    if oblast_code not in map_.outlines:
        return None
    view_box = map_.around(oblast_code)
    left, top, width, height = (float(part) for part in view_box.split())
    x, y = map_.point(latitude, longitude)
    if not (left <= x <= left + width and top <= y <= top + height):
        return None
    return Locator(view_box, map_.outlines[oblast_code].path, x, y, round(max(width, height) / 28, 1))
