"""Triggers by which the database itself refuses to move a date of an announced competition without a new version.

They guard against mistakes, shells and imports; `procurement.domain.calls.steps` is the one way to a new version.
Whoever owns the database can drop them.
"""

from __future__ import annotations

from typing import Any, Final

from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper

from procurement.enums import Moment

TABLE, NAME = "procurement_competition", "procurement_dates_need_a_version"
REFUSAL: Final = "a date of an announced competition changes only with a new version"

_FIRST: Final = ("published_at", "order_decided_on")


def install(connection: BaseDatabaseWrapper) -> None:
    """Make the database refuse; safe to run twice."""
    remove(connection)
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(
                f"CREATE TRIGGER {NAME} BEFORE UPDATE ON {TABLE} WHEN {_broken('IS NOT')} "
                f"BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
            )
        elif connection.vendor == "postgresql":
            cursor.execute(
                f"CREATE OR REPLACE FUNCTION {NAME}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
                f"RAISE EXCEPTION '{REFUSAL}' USING ERRCODE = 'integrity_constraint_violation'; END $$"
            )
            cursor.execute(
                f"CREATE TRIGGER {NAME} BEFORE UPDATE ON {TABLE} FOR EACH ROW "
                f"WHEN ({_broken('IS DISTINCT FROM')}) EXECUTE FUNCTION {NAME}()"
            )
        else:
            raise NotImplementedError(f"dates cannot be guarded on {connection.vendor}")


def remove(connection: BaseDatabaseWrapper) -> None:
    """Take the guard off: for migrations that reshape the table and for tests."""
    with connection.cursor() as cursor:
        table = f" ON {TABLE}" if connection.vendor == "postgresql" else ""
        cursor.execute(f"DROP TRIGGER IF EXISTS {NAME}{table}")


def before_migrations(*, using: str, **_news: Any) -> None:
    """Take the guard off where it is."""
    if TABLE in connections[using].introspection.table_names():
        remove(connections[using])


def after_migrations(*, using: str, **_news: Any) -> None:
    """Put the guard on as soon as there is something to guard."""
    if TABLE in connections[using].introspection.table_names():
        install(connections[using])


def _broken(differs: str) -> str:
    """Say in SQL what is refused: a moved date without a higher version, a way back to a draft or out of an end."""
    moved = " OR ".join(f"NEW.{point.value} {differs} OLD.{point.value}" for point in Moment)
    first = " OR ".join(f"NEW.{name} {differs} OLD.{name}" for name in _FIRST)
    return (
        f"OLD.state <> 'draft' AND (NEW.version < OLD.version OR NEW.state = 'draft' OR ({first}) "
        f"OR (NEW.version = OLD.version AND ({moved})) "
        f"OR (OLD.state IN ('cancelled', 'void') AND NEW.state <> OLD.state))"
    )
