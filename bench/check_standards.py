"""Make the packages of the open standards from a database and have the checkers of the standards judge them.

The database is that of the settings (`PORTAL_VAR`, `PORTAL_DATABASE`); the checkers live in a virtual environment of
their own (`--python`), the schemas beside the checkout. Each check is a line of `CHECKS`; the exit code is the number
of those that found something.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
STANDARDS = ROOT.parent / "shared" / "standards"


@dataclass(frozen=True)
class Place:
    """Where the packages are written, and which interpreter has the checkers."""

    folder: Path
    python: str

    def run(self, *words: str, source: Path | None = None) -> subprocess.CompletedProcess[str]:
        text = source.read_text() if source else None
        return subprocess.run([self.python, *words], input=text, capture_output=True, text=True, check=False)


# a check yields what is wrong
Check = Callable[[Place], Iterator[str]]


def ocds_releases(place: Place) -> Iterator[str]:
    yield from _cove(place, place.folder / "releases.json")


def ocds_records(place: Place) -> Iterator[str]:
    yield from _cove(place, place.folder / "records.json")


def _cove(place: Place, package: Path) -> Iterator[str]:
    done = place.run(str(STANDARDS / "ocds_offline.py"), "check", str(package))
    print(done.stdout, end="")
    if done.returncode:
        yield done.stdout.strip() or done.stderr.strip()[-600:]


def ocds_compiled(place: Place) -> Iterator[str]:
    """Compare our compiled releases with those that ocdskit makes of the same releases."""
    done = place.run(
        *(str(STANDARDS / "ocds_offline.py"), "kit", "compile", "--package"), source=place.folder / "releases.json"
    )
    theirs = {one["ocid"]: one["compiledRelease"] for package in _texts(done.stdout) for one in package["records"]}
    ours = {one["ocid"]: one["compiledRelease"] for one in _read(place, "records.json")["records"]}
    if set(theirs) != set(ours):
        yield f"ocdskit compiled {len(theirs)} processes of {len(ours)}: {done.stderr.strip()[-300:]}"
    yield from (f"{ocid} is compiled otherwise" for ocid in ours if theirs.get(ocid, ours[ocid]) != ours[ocid])


def threesixty(place: Place) -> Iterator[str]:
    schema = STANDARDS / "360giving" / "360-giving-package-schema.json"
    if not _read(place, "360giving.json")["grants"]:
        print("no grants in this database")
        return
    done = place.run("-m", "check_jsonschema", "--schemafile", str(schema), str(place.folder / "360giving.json"))
    if done.returncode:
        yield done.stdout.strip()


CHECKS: tuple[Check, ...] = (ocds_releases, ocds_records, ocds_compiled, threesixty)


def write_packages(folder: Path) -> None:
    """Write what the checks read."""
    from django.utils import timezone

    from portal.site.opendata import ocds, threesixty

    today = timezone.localdate()
    with (folder / "releases.json").open("w") as file:
        ocds.write_releases(file, today=today)
    with (folder / "records.json").open("w") as file:
        ocds.write_records(file, today=today)
    (folder / "360giving.json").write_text(json.dumps(threesixty.package(today=today), ensure_ascii=False))


def _read(place: Place, name: str) -> dict[str, Any]:
    read: dict[str, Any] = json.loads((place.folder / name).read_text())
    return read


def _texts(text: str) -> Iterator[dict[str, Any]]:
    """Yield the JSON texts that follow one another."""
    decoder, at = json.JSONDecoder(), 0
    text = text.strip()
    while at < len(text):
        found, at = decoder.raw_decode(text, at)
        yield found
        at += len(text[at:]) - len(text[at:].lstrip())


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--python", default=sys.executable, help="interpreter of the environment with the checkers")
    parser.add_argument("--into", type=Path, help="keep the packages in this folder")
    asked = parser.parse_args()
    if not STANDARDS.is_dir():
        print("the schemas of ../shared/standards are not beside this checkout")
        return 0
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings.dev")
    sys.path.insert(0, str(ROOT))
    import django

    django.setup()
    with tempfile.TemporaryDirectory() as scratch:
        place = Place(asked.into or Path(scratch), asked.python)
        place.folder.mkdir(parents=True, exist_ok=True)
        write_packages(place.folder)
        return sum(_judged(check, place) for check in CHECKS)


def _judged(check: Check, place: Place) -> bool:
    found = list(check(place))
    print(f"{check.__name__}: {'; '.join(found) if found else 'nothing wrong'}")
    return bool(found)


if __name__ == "__main__":
    raise SystemExit(main())
