"""Check a published snapshot by the tools of others: `bench/check_open_data.py SNAPSHOT [--scratch DIR]`.

It makes an environment of its own in the scratch folder (kept for the next time) with `frictionless` and `pyshacl`, so
that the project depends on neither, and says for each check whether it passed. Checks whose schemas are not beside this
checkout (`../shared/standards`) are skipped with a word. It ends with 1 when a check fails.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
STANDARDS = ROOT.parent / "shared" / "standards"
SHAPES = STANDARDS / "dcat-ap" / "releases" / "3.0.0" / "html" / "shacl"
TOOLS = ("frictionless", "pyshacl", "check-jsonschema")


@dataclass(frozen=True)
class Check:
    name: str
    command: list[str | Path]
    needs: Path | None = None


def environment(scratch: Path) -> Path:
    """Return the folder of the tools, made once."""
    tools = scratch / "tools"
    if not (tools / "bin" / "frictionless").exists():
        uv = Path(sys.executable).with_name("uv")
        subprocess.run([uv, "venv", "--quiet", "--clear", "--python", sys.executable, tools], check=True)
        subprocess.run([uv, "pip", "install", "--quiet", "--python", tools / "bin" / "python", *TOOLS], check=True)
    return tools / "bin"


def checks(snapshot: Path, tools: Path) -> Iterator[Check]:
    yield Check("manifest", [sys.executable, "-I", snapshot / "verify.py"])
    yield Check("data package", [tools / "frictionless", "validate", snapshot / "datapackage.json"])
    for name in ("shapes.ttl", "range.ttl"):
        shape = SHAPES / name
        yield Check(f"DCAT-AP, {name}", [tools / "pyshacl", "-s", shape, snapshot / "catalogue.ttl"], shape)
    schema = STANDARDS / "360giving" / "360-giving-package-schema.json"
    command = [tools / "check-jsonschema", "--schemafile", schema, snapshot / "360giving.json"]
    yield Check("360Giving", command, schema)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("snapshot", type=Path)
    parser.add_argument("--scratch", type=Path, default=Path(tempfile.gettempdir()) / "poruch-open-data")
    wanted = parser.parse_args()
    wanted.scratch.mkdir(parents=True, exist_ok=True)
    failed = 0
    for check in checks(wanted.snapshot.resolve(), environment(wanted.scratch)):
        if check.needs is not None and not check.needs.exists():
            print(f"skipped  {check.name}: the standards are not beside this checkout")
            continue
        done = subprocess.run(check.command, capture_output=True, text=True, check=False)
        print(f"{'passed' if done.returncode == 0 else 'FAILED'}   {check.name}")
        if done.returncode:
            failed += 1
            print((done.stdout + done.stderr)[-4_000:])
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
