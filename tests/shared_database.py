"""Worker processes migrate one database between them: the first makes it and the others take copies of it."""

from __future__ import annotations

import fcntl
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Final

import psycopg
from django.db import connection, connections
from psycopg import sql

TEMPLATE: Final = "poruch_template"


@dataclass
class Turn:
    """This worker's turn at the database: it waits for whoever migrates, and ends when its own database stands."""

    folder: Path
    copied: bool
    lock: IO[str]

    def end(self) -> None:
        if not self.copied:
            _leave_copy(self.folder)
        self.lock.close()


def take_turn(folder: Path) -> Turn:
    """Wait for the other workers; then take a copy of what one of them has migrated, where there is one."""
    lock = (folder / f"{connection.vendor}.lock").open("w")
    fcntl.flock(lock, fcntl.LOCK_EX)
    copied = _ready(folder).exists()
    if copied:
        _take_copy(folder)
    return Turn(folder, copied, lock)


def _ready(path: Path) -> Path:
    return path / f"{connection.vendor}.ready"


def _take_copy(path: Path) -> None:
    """Make this worker's database from the one that another worker has migrated."""
    if connection.vendor == "sqlite":
        target = Path(connection.creation._get_test_db_name())
        target.unlink(missing_ok=True)
        target.write_bytes((path / "migrated.sqlite3").read_bytes())
        return
    _create(connection.creation._get_test_db_name(), TEMPLATE)


def _leave_copy(path: Path) -> None:
    """Keep what this worker has migrated for the others."""
    if connection.vendor == "sqlite":
        (path / "migrated.sqlite3").unlink(missing_ok=True)
        with connection.cursor() as cursor:
            cursor.execute("VACUUM INTO %s", [str(path / "migrated.sqlite3")])
    else:
        name = connection.settings_dict["NAME"]
        connections.close_all()
        connection.close_pool()
        _create(TEMPLATE, name)
    _ready(path).touch()


def copy_of_template(name: str) -> bool:
    """Make a PostgreSQL database of this name as the migrations leave it; an empty one, and False, without a copy."""
    with _server() as server:
        template = server.execute("SELECT 1 FROM pg_database WHERE datname = %s", [TEMPLATE]).fetchone()
        if not template:
            server.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    if template:
        _create(name, TEMPLATE)
    return bool(template)


def drop(name: str) -> None:
    with _server() as server:
        server.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


def _create(name: str, template: str) -> None:
    drop(name)
    with _server() as server:
        made = sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(name), sql.Identifier(template))
        server.execute(made)


def _server() -> psycopg.Connection:
    known = connection.settings_dict
    address = {"host": known["HOST"], "port": known["PORT"], "user": known["USER"], "password": known["PASSWORD"]}
    return psycopg.connect(dbname="postgres", autocommit=True, **address)
