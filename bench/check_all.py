"""Check what the portal tells programs by the tools of the standards: `python bench/check_all.py --var DIR`.

From the installation in DIR (make one with `manage.py prepare`) a snapshot is published into a folder that is thrown
away, and judged file by file; then the running API is asked by its own document and by the contract of HSDS-UK. The
last lines say of each part whether it passed; it ends with 1 where one did not. `--only` takes some of the parts.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import check_open_data

ROOT = Path(__file__).resolve().parents[1]


def files(var: Path) -> bool:
    """Publish a snapshot and judge its files."""
    environment = {**os.environ, "PORTAL_VAR": str(var), "DJANGO_SETTINGS_MODULE": "portal.settings.dev"}
    with tempfile.TemporaryDirectory(prefix="poruch-check-") as folder:
        snapshot = Path(folder) / "snapshot"
        command = [sys.executable, ROOT / "manage.py", "publish_snapshot", snapshot]
        published = subprocess.run(command, env=environment, check=False, cwd=ROOT)
        return published.returncode == 0 and not check_open_data.check(snapshot, check_open_data.SCRATCH)


def by(script: str) -> Callable[[Path], bool]:
    def passed(var: Path) -> bool:
        command = [sys.executable, ROOT / "bench" / script, "--var", var]
        return subprocess.run(command, check=False, cwd=ROOT).returncode == 0

    return passed


PARTS: dict[str, tuple[str, Callable[[Path], bool]]] = {
    "files": ("files of a snapshot", files),
    "api": ("/api/v1 by its own document", by("check_api.py")),
    "hsds": ("/api/hsds by the contract of HSDS-UK 3.0", by("check_hsds.py")),
}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--var", type=Path, default=ROOT / "var", help="directory of an installation")
    parser.add_argument("--only", nargs="+", choices=PARTS, default=list(PARTS))
    wanted = parser.parse_args()
    told = []
    for name in wanted.only:
        words, check = PARTS[name]
        print(f"== {words}", flush=True)
        began = time.monotonic()
        passed = check(wanted.var.resolve())
        told.append((passed, f"{'passed' if passed else 'FAILED'}  {words}, {time.monotonic() - began:.0f} s"))
    print("==", *(line for _passed, line in told), sep="\n")
    return int(not all(passed for passed, _line in told))


if __name__ == "__main__":
    sys.exit(main())
