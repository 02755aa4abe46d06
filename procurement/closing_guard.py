"""Triggers by which the database itself refuses a submission after the close, whichever way it comes.

They guard against mistakes, shells and imports. The latest end a competition may have is what they know; an earlier
one, where every question has its answer, `procurement.domain.calls.phases` knows. Whoever owns the database can drop
them.

No migration makes them: SQLite cannot rebuild a table that a trigger reads. They are taken off before any migration and
put back after it.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

from django.conf import settings
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper

REVISIONS, NAME = "procurement_proposalrevision", "procurement_no_late_revision"
# the gate of `portal.kernel.turns` that those who submit pass together and whoever changes a competition passes alone
GATE: Final = 7_302_027
REFUSAL: Final = "proposals are not accepted any more"

_LATE_BY_STAMP: Final = "NEW.at >= {limit}"
_SQLITE_CLOCK: Final = "strftime('%Y-%m-%d %H:%M:%f', 'now') >= {limit}"
_SQLITE: Final = """
CREATE TRIGGER {name} BEFORE INSERT ON {table} WHEN NOT EXISTS (
    SELECT 1 FROM procurement_proposal p JOIN procurement_competition c ON c.id = p.competition_id
    WHERE p.id = NEW.proposal_id AND c.state = 'published' AND NOT ({late})
) BEGIN SELECT RAISE(ABORT, '{refusal}'); END
"""
_SQLITE_LIMIT: Final = "max(c.closes_at, coalesce(c.hold_until, c.closes_at))"
_POSTGRESQL_CLOCK: Final = "clock_timestamp() >= {limit}"
_POSTGRESQL_LIMIT: Final = "greatest(c.closes_at, c.hold_until)"
# the row of the competition is held, so that nobody closes it between this look and the commit; first the gate, so that
# whoever wants to close is not kept waiting by those who come later
_POSTGRESQL: Final = """
CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS
$$ DECLARE c procurement_competition%ROWTYPE; BEGIN
    PERFORM pg_advisory_xact_lock_shared({gate}, p.competition_id::int)
        FROM procurement_proposal p WHERE p.id = NEW.proposal_id;
    SELECT competition.* INTO c FROM procurement_competition competition
        JOIN procurement_proposal p ON p.competition_id = competition.id
        WHERE p.id = NEW.proposal_id FOR SHARE OF competition;
    IF c.state IS DISTINCT FROM 'published' OR {late} THEN
        RAISE EXCEPTION '{refusal}' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$
"""


def install(connection: BaseDatabaseWrapper, *, by_clock: bool | None = None) -> None:
    """Make the database refuse; safe to run twice. Without `by_clock` only state and stamp are judged."""
    remove(connection)
    by_clock = settings.GUARD_CLOSING_BY_CLOCK if by_clock is None else by_clock
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(_written(_SQLITE, _SQLITE_LIMIT, _SQLITE_CLOCK if by_clock else ""))
        elif connection.vendor == "postgresql":
            cursor.execute(_written(_POSTGRESQL, _POSTGRESQL_LIMIT, _POSTGRESQL_CLOCK if by_clock else ""))
            event = f"BEFORE INSERT ON {REVISIONS} FOR EACH ROW"
            cursor.execute(f"CREATE TRIGGER {NAME} {event} EXECUTE FUNCTION {NAME}()")
        else:
            raise NotImplementedError(f"submissions cannot be guarded on {connection.vendor}")


def remove(connection: BaseDatabaseWrapper) -> None:
    """Take the guard off: for migrations that reshape the table and for tests."""
    with connection.cursor() as cursor:
        table = f" ON {REVISIONS}" if connection.vendor == "postgresql" else ""
        cursor.execute(f"DROP TRIGGER IF EXISTS {NAME}{table}")


def before_migrations(*, using: str, **_news: Any) -> None:
    """Take the guard off where it is."""
    if REVISIONS in connections[using].introspection.table_names():
        remove(connections[using])


def after_migrations(*, using: str, **_news: Any) -> None:
    """Put the guard on as soon as there is something to guard."""
    if REVISIONS in connections[using].introspection.table_names():
        install(connections[using])


@contextmanager
def suspended(connection: BaseDatabaseWrapper) -> Iterator[None]:
    """Take the guard off for the length of a block: for the demonstration, which tells of the past, and for tests."""
    remove(connection)
    try:
        yield
    finally:
        install(connection)


def _written(statement: str, limit: str, clock: str) -> str:
    late = " OR ".join(part.format(limit=limit) for part in (_LATE_BY_STAMP, clock) if part)
    return statement.format(gate=GATE, name=NAME, table=REVISIONS, refusal=REFUSAL, late=late)
