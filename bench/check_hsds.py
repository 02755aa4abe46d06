"""Check the running API of an installation by the contract of HSDS-UK 3.0.

`python bench/check_hsds.py --var DIR` needs the schemas beside the checkout and an installation in DIR (make one with
`manage.py prepare`). It starts a server over it, without a limit of requests, writes the identifiers of real things
where the contract has those of its examples, and lets schemathesis ask. Exit code 1 for any fault.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from pathlib import Path
from urllib.request import urlopen

from check_api import ROOT, server

STANDARDS = ROOT.parent / "shared" / "standards"
CHECKS = "status_code_conformance,content_type_conformance,response_schema_conformance"
SINGLE = ("services", "organizations", "service_at_locations", "taxonomies", "taxonomy_terms")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--var", type=Path, required=True, help="directory of an installation")
    options = parser.parse_args()
    if not STANDARDS.is_dir():
        print("the schemas of ../shared/standards are not beside this checkout")
        return 0
    with server(options.var) as url:
        return check_contract(f"{url}/api/hsds")


def check_contract(url: str) -> int:
    """Let schemathesis ask by the contract, with identifiers that are there, and return its exit code."""
    contract = STANDARDS / "hsds-uk-3.0"
    with tempfile.TemporaryDirectory() as scratch:
        settings = Path(scratch) / "schemathesis.toml"
        settings.write_text(with_real_identifiers((contract / "schemathesis.toml").read_text(encoding="utf-8"), url))
        command = [
            str(Path(sys.executable).with_name("schemathesis")),
            *("--config-file", str(settings)),
            *("run", str(contract / "openapi.json"), "--url", url),
            *("--checks", CHECKS, "--phases", "examples,coverage", "--mode", "positive"),
            *("--generation-deterministic", "--continue-on-failure", "--no-color"),
        ]
        return subprocess.run(command, check=False, cwd=scratch).returncode


def with_real_identifiers(settings: str, url: str) -> str:
    """Return the settings with identifiers of the first things that the lists have instead of the examples'."""
    for name in SINGLE:
        with urlopen(f"{url}/{name}?per_page=1") as answer:
            (first,) = json.load(answer)["contents"]
        head, mark, tail = settings.partition(f'include-path = "/{name}/{{id}}"')
        before, key, after = tail.partition('"path.id" = "')
        settings = head + mark + before + key + first["id"] + after[after.index('"') :]
    return settings


if __name__ == "__main__":
    sys.exit(main())
