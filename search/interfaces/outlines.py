"""Our drawing of the oblasts as degrees, for a map that needs no other site."""

from __future__ import annotations

import json
import re
from typing import Any, Final

from registry.queries.outlines import Drawing, drawing

_NUMBERS: Final = re.compile(r"-?\d+(?:\.\d+)?")


def outlines_json() -> bytes:
    """Return the oblasts as GeoJSON, each ring a polygon of its own."""
    map_ = drawing()
    features = [
        {
            "type": "Feature",
            "properties": {"code": outline.code},
            "geometry": {"type": "MultiPolygon", "coordinates": [[ring] for ring in _rings(outline.path, map_)]},
        }
        for outline in map_.outlines.values()
    ]
    return json.dumps({"type": "FeatureCollection", "features": features}, separators=(",", ":")).encode()


def _rings(path: str, map_: Drawing) -> list[list[Any]]:
    rings = []
    for part in filter(None, path.split("Z")):
        numbers = [float(number) for number in _NUMBERS.findall(part)]
        ring = [_degrees(x, y, map_.projection) for x, y in zip(numbers[::2], numbers[1::2], strict=True)]
        rings.append([*ring, ring[0]])
    return rings


def _degrees(x: float, y: float, projection: dict[str, float]) -> tuple[float, float]:
    """Turn a point of the drawing back into longitude and latitude."""
    longitude = (x - projection["margin"]) / (projection["squeeze"] * projection["scale"]) + projection["west"]
    latitude = projection["north"] - (y - projection["margin"]) / projection["scale"]
    return round(longitude, 3), round(latitude, 3)
