"""Triggers by which the database itself refuses to change the decision log; one set for SQLite, one for PostgreSQL.

They guard against mistakes and casual hands. Whoever owns the database can drop them, and then the chain tells.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db.backends.base.base import BaseDatabaseWrapper

LOG, HEAD = "kernel_logentry", "kernel_loghead"
REFUSAL = "the decision log is append-only"

_SQLITE = {
    "kernel_log_no_update": f"BEFORE UPDATE ON {LOG}",
    "kernel_log_no_delete": f"BEFORE DELETE ON {LOG}",
    # INSERT OR REPLACE deletes without asking the triggers for DELETE
    "kernel_log_no_replace": f"BEFORE INSERT ON {LOG} WHEN NEW.seq <= (SELECT max(seq) FROM {LOG})",  # noqa: S608 our own names
    "kernel_head_no_delete": f"BEFORE DELETE ON {HEAD}",
    "kernel_head_no_return": f"BEFORE UPDATE ON {HEAD} WHEN NEW.seq <= OLD.seq",
}
_POSTGRESQL = {
    "kernel_log_no_update": (LOG, f"BEFORE UPDATE OR DELETE ON {LOG} FOR EACH ROW"),
    "kernel_log_no_truncate": (LOG, f"BEFORE TRUNCATE ON {LOG}"),
    "kernel_head_no_delete": (HEAD, f"BEFORE DELETE ON {HEAD} FOR EACH ROW"),
    "kernel_head_no_truncate": (HEAD, f"BEFORE TRUNCATE ON {HEAD}"),
    "kernel_head_no_return": (HEAD, f"BEFORE UPDATE ON {HEAD} FOR EACH ROW WHEN (NEW.seq <= OLD.seq)"),
}
_POSTGRESQL_FUNCTION = """
CREATE OR REPLACE FUNCTION kernel_log_refuse() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN
    RAISE EXCEPTION 'the decision log is append-only' USING ERRCODE = 'integrity_constraint_violation';
END $$
"""


def install_append_only(connection: BaseDatabaseWrapper) -> None:
    """Make the database refuse UPDATE, DELETE and TRUNCATE of the log; safe to run twice."""
    remove_append_only(connection)
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            for name, event in _SQLITE.items():
                cursor.execute(f"CREATE TRIGGER {name} {event} BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END")
        elif connection.vendor == "postgresql":
            cursor.execute(_POSTGRESQL_FUNCTION)
            for name, (_table, event) in _POSTGRESQL.items():
                cursor.execute(f"CREATE TRIGGER {name} {event} EXECUTE FUNCTION kernel_log_refuse()")
        else:
            raise NotImplementedError(f"the decision log cannot be guarded on {connection.vendor}")


def remove_append_only(connection: BaseDatabaseWrapper) -> None:
    """Take the guard off: for migrations that reshape the table and for tests that empty it."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            for name in _SQLITE:
                cursor.execute(f"DROP TRIGGER IF EXISTS {name}")
        elif connection.vendor == "postgresql":
            for name, (table, _event) in _POSTGRESQL.items():
                cursor.execute(f"DROP TRIGGER IF EXISTS {name} ON {table}")


@contextmanager
def suspended(connection: BaseDatabaseWrapper) -> Iterator[None]:
    """Take the guard off for the length of a block."""
    remove_append_only(connection)
    try:
        yield
    finally:
        install_append_only(connection)
