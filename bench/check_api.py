"""Ask a running portal two thousand generated questions by its own OpenAPI document; exit code 1 for any fault.

`python bench/check_api.py --var DIR` starts a server over the installation in DIR (make one with `manage.py prepare`),
without a limit of requests, and lets schemathesis ask: no server error, no answer that the document does not describe.
With an address instead of a directory, `--url`, a server that runs already is asked.
"""

from __future__ import annotations

import argparse
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

ROOT = Path(__file__).resolve().parents[1]
OPERATIONS = 15
CHECKS = (
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_headers_conformance",
    "response_schema_conformance",
    "unsupported_method",
)
PATIENCE = 120


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    where = parser.add_mutually_exclusive_group(required=True)
    where.add_argument("--var", type=Path, help="directory of an installation")
    where.add_argument("--url", help="address of a server that runs")
    parser.add_argument("--requests", type=int, default=2_000)
    parser.add_argument("--document", default="/api/v1/openapi.json")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    if options.url:
        return ask(options.url, options)
    with server(options.var) as url:
        return ask(url, options)


def ask(url: str, options: argparse.Namespace) -> int:
    """Let schemathesis ask so many questions of all addresses together, and return its exit code."""
    command = [
        str(Path(sys.executable).with_name("schemathesis")),
        *("run", f"{url}{options.document}"),
        *("--checks", ",".join(CHECKS)),
        *("--phases", "coverage,fuzzing"),
        *("--max-examples", str(-(-options.requests // OPERATIONS))),
        *("--seed", str(options.seed)),
        "--continue-on-failure",
        "--no-color",
    ]
    return subprocess.run(command, check=False, cwd=ROOT).returncode


@contextmanager
def server(var: Path) -> Iterator[str]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    url = f"http://127.0.0.1:{port}"
    environment = {
        **os.environ,
        "PORTAL_VAR": str(var.resolve()),
        "DJANGO_SETTINGS_MODULE": "portal.settings.dev",
        "PORTAL_API_A_MINUTE": "0",
    }
    command = [sys.executable, "manage.py", "runserver", "--noreload", "--skip-checks", str(port)]
    running = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        wait_for(f"{url}/healthz")
        yield url
    finally:
        running.terminate()
        running.wait()


def wait_for(address: str) -> None:
    until = time.monotonic() + PATIENCE
    while True:
        try:
            urlopen(address, timeout=5).close()
        except (URLError, TimeoutError):
            if time.monotonic() > until:
                raise
            time.sleep(0.5)
        else:
            return


if __name__ == "__main__":
    sys.exit(main())
