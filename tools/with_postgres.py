"""Run a command with `PORTAL_DATABASE` pointing at a temporary PostgreSQL 15 cluster, made for it and thrown away.

The cluster listens on a free loopback port and never runs as root. Where PostgreSQL is not installed, the command is
skipped with the reason printed and exit code 0, since SQLite is what the portal needs.
"""

import os
import pwd
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

BINARIES = (Path("/usr/lib/postgresql/15/bin"), Path("/usr/lib/postgresql/16/bin"), Path("/usr/lib/postgresql/17/bin"))
SETTINGS = "-c fsync=off -c synchronous_commit=off -c full_page_writes=off -c max_connections=250 -c jit=off"


class NoPostgresError(RuntimeError):
    """There is no PostgreSQL here, or nobody but root to run it as."""


def binaries() -> Path:
    for folder in BINARIES:
        if (folder / "initdb").exists():
            return folder
    raise NoPostgresError("initdb is not installed (Debian package postgresql-15)")


def run_as() -> str | None:
    """Return the account that runs the cluster: our own unless we are root."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name).pw_name
        except KeyError:
            continue
    raise NoPostgresError("PostgreSQL refuses to run as root, and there is no account postgres or nobody")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextmanager
def cluster() -> Iterator[str]:
    """Yield the address of an empty database in a fresh cluster; `NoPostgresError` where that cannot be."""
    folder, account, port = binaries(), run_as(), free_port()
    home = Path(tempfile.mkdtemp(prefix="poruch-pg-"))
    try:
        if account:
            shutil.chown(home, account)
        data = home / "data"

        def call(*command: object) -> None:
            subprocess.run(
                [str(part) for part in command], user=account, cwd=home, check=True, stdout=subprocess.DEVNULL
            )

        encoding = ("-E", "UTF8", "--locale=C.UTF-8")
        call(folder / "initdb", "-D", data, "-U", "portal", "--auth=trust", "--no-sync", *encoding)
        options = f"{SETTINGS} -c listen_addresses=127.0.0.1 -c port={port} -c unix_socket_directories={home}"
        pg_ctl = (folder / "pg_ctl", "-D", data, "-w", "-l", home / "log")
        call(*pg_ctl, "-o", options, "start")
        try:
            yield f"postgres://portal@127.0.0.1:{port}/postgres"
        finally:
            call(*pg_ctl, "-m", "immediate", "stop")
    finally:
        shutil.rmtree(home, ignore_errors=True)


def main(command: list[str]) -> int:
    try:
        with cluster() as address:
            print(f"PostgreSQL: {address}", flush=True)
            return subprocess.run(command, env={**os.environ, "PORTAL_DATABASE": address}, check=False).returncode
    except NoPostgresError as reason:
        print(f"PostgreSQL part skipped: {reason}", flush=True)
        return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
