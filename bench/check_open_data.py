"""Check a published snapshot by the tools of others: `bench/check_open_data.py SNAPSHOT [--scratch DIR]`.

It makes an environment of its own in the scratch folder (kept for the next time) with the checkers, so that the project
depends on none of them, and says for each check whether it passed. Checks whose schemas are not beside this checkout
(`../shared/standards`) are skipped with a word. It ends with 1 when a check fails.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
STANDARDS = ROOT.parent / "shared" / "standards"
SHAPES = STANDARDS / "dcat-ap" / "releases" / "3.0.0" / "html" / "shacl"
OCDS = STANDARDS / "ocds_offline.py"
GRANTS = STANDARDS / "360giving" / "360-giving-package-schema.json"
SERVICE = STANDARDS / "hsds-3.1" / "compiled" / "service.json"
TOOLS = ("frictionless", "pyshacl", "check-jsonschema", "libcoveocds[perf]", "ocdskit")
MOST_TOLD = 4_000
SCRATCH = Path(tempfile.gettempdir()) / "poruch-open-data"


@dataclass(frozen=True)
class Place:
    """The snapshot, and the folder of the checkers' programs."""

    snapshot: Path
    tools: Path

    def file(self, name: str) -> Path:
        return self.snapshot / name

    def read(self, name: str) -> Any:
        return json.loads(self.file(name).read_text(encoding="utf-8"))

    def faults(self, *command: str | Path) -> Iterator[str]:
        """Yield what a checker says, where it does not end well."""
        done = subprocess.run([*command], capture_output=True, text=True, check=False)
        if done.returncode:
            yield (done.stdout + done.stderr).strip()


# a check yields what is wrong
Check = Callable[[Place], Iterator[str]]


def manifest(place: Place) -> Iterator[str]:
    return place.faults(sys.executable, "-I", place.file("verify.py"))


def data_package(place: Place) -> Iterator[str]:
    return place.faults(place.tools / "frictionless", "validate", place.file("datapackage.json"))


def dcat_ap(place: Place) -> Iterator[str]:
    for name in ("shapes.ttl", "range.ttl"):
        yield from place.faults(place.tools / "pyshacl", "-s", SHAPES / name, place.file("catalogue.ttl"))


def ocds_releases(place: Place) -> Iterator[str]:
    return place.faults(place.tools / "python", OCDS, "check", place.file("ocds/releases.json"))


def ocds_records(place: Place) -> Iterator[str]:
    return place.faults(place.tools / "python", OCDS, "check", place.file("ocds/records.json"))


def ocds_compiled(place: Place) -> Iterator[str]:
    """Compare our compiled releases with those that ocdskit makes of the same releases."""
    command = [place.tools / "python", OCDS, "kit", "compile", "--package"]
    with place.file("ocds/releases.json").open(encoding="utf-8") as releases:
        done = subprocess.run(command, stdin=releases, capture_output=True, text=True, check=False)
    theirs = {one["ocid"]: one["compiledRelease"] for package in _texts(done.stdout) for one in package["records"]}
    ours = {one["ocid"]: one["compiledRelease"] for one in place.read("ocds/records.json")["records"]}
    if set(theirs) != set(ours):
        yield f"ocdskit compiled {len(theirs)} processes of {len(ours)}: {done.stderr.strip()[-300:]}"
    yield from (f"{ocid} is compiled otherwise" for ocid in ours if theirs.get(ocid, ours[ocid]) != ours[ocid])


def _texts(text: str) -> Iterator[dict[str, Any]]:
    """Yield the JSON texts that follow one another."""
    decoder, at = json.JSONDecoder(), 0
    text = text.strip()
    while at < len(text):
        found, at = decoder.raw_decode(text, at)
        yield found
        at += len(text[at:]) - len(text[at:].lstrip())


def threesixty(place: Place) -> Iterator[str]:
    # the standard knows no package without a grant
    if place.read("360giving.json")["grants"]:
        yield from place.faults(place.tools / "check-jsonschema", "--schemafile", GRANTS, place.file("360giving.json"))


def hsds_services(place: Place) -> Iterator[str]:
    from jsonschema import Draft202012Validator

    schema = json.loads(SERVICE.read_text(encoding="utf-8"))
    checker = Draft202012Validator(schema, format_checker=Draft202012Validator.FORMAT_CHECKER)
    for one in place.read("hsds/services.json"):
        yield from (f"{one['id']} {error.json_path}: {error.message[:100]}" for error in checker.iter_errors(one))


# each check with the file of the standards that it needs, if any
CHECKS: dict[str, tuple[Check, Path | None]] = {
    "manifest": (manifest, None),
    "Frictionless data package": (data_package, None),
    "DCAT-AP 3.0 catalogue": (dcat_ap, SHAPES),
    "OCDS 1.1.5 releases": (ocds_releases, OCDS),
    "OCDS 1.1.5 records": (ocds_records, OCDS),
    "OCDS compiled releases": (ocds_compiled, OCDS),
    "360Giving package": (threesixty, GRANTS),
    "HSDS 3.1 services": (hsds_services, SERVICE),
}


def environment(scratch: Path) -> Path:
    """Return the folder of the checkers' programs, made once."""
    tools = scratch / "tools"
    if not (tools / "bin" / "ocdskit").exists():
        uv = Path(sys.executable).with_name("uv")
        subprocess.run([uv, "venv", "--quiet", "--clear", "--python", sys.executable, tools], check=True)
        subprocess.run([uv, "pip", "install", "--quiet", "--python", tools / "bin" / "python", *TOOLS], check=True)
    return tools / "bin"


def check(snapshot: Path, scratch: Path) -> int:
    """Print for each check what it found; return how many found something."""
    scratch.mkdir(parents=True, exist_ok=True)
    place = Place(snapshot.resolve(), environment(scratch))
    failed = 0
    for name, (judge, needed) in CHECKS.items():
        if needed is not None and not needed.exists():
            print(f"skipped  {name}: the standards are not beside this checkout", flush=True)
            continue
        faults = list(judge(place))
        failed += bool(faults)
        print(f"{'FAILED' if faults else 'passed'}   {name}", flush=True)
        if faults:
            print("\n".join(faults)[-MOST_TOLD:], flush=True)
    return failed


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("snapshot", type=Path)
    parser.add_argument("--scratch", type=Path, default=SCRATCH)
    wanted = parser.parse_args()
    return int(bool(check(wanted.snapshot, wanted.scratch)))


if __name__ == "__main__":
    sys.exit(main())
