"""Writing thousands of rows past the ORM's compiler, which would take most of an import's time.

The values go through the same model fields (`pre_save`, `get_db_prep_save`), so the database gets what
`bulk_create` would give it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any, Final

from django.db import DEFAULT_DB_ALIAS, connections, models, transaction

# fields whose texts and numbers go to the database as they are
_PLAIN: Final = (models.CharField, models.TextField, models.IntegerField, models.BooleanField, models.FloatField)
_AS_IT_IS: Final = (str, int, float, type(None))


def insert(model: type[models.Model], rows: Sequence[models.Model]) -> None:
    """Write new rows and give each its key."""
    if not rows:
        return
    for row, key in zip(rows, _take_keys(model, len(rows)), strict=True):
        row.pk = key
        row._state.adding = False  # noqa: SLF001 what bulk_create does
        row._state.db = DEFAULT_DB_ALIAS  # noqa: SLF001
    fields = model._meta.concrete_fields  # noqa: SLF001
    columns = [_column(field, [field.pre_save(row, True) for row in rows]) for field in fields]
    _write(model, fields, list(zip(*columns, strict=True)))


def insert_values(model: type[models.Model], names: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Write new rows given as values in the order of `names`; their keys stay unknown."""
    fields = [model._meta.get_field(name) for name in names]  # noqa: SLF001
    values = list(zip(*rows, strict=True))
    if values:
        columns = [_column(field, column) for field, column in zip(fields, values, strict=True)]
        _write(model, fields, list(zip(*columns, strict=True)))


def update(model: type[models.Model], rows: Sequence[models.Model], names: Sequence[str]) -> None:
    """Write the named fields of stored rows, a statement a row: `bulk_update` compiles a CASE for each value."""
    if not rows:
        return
    connection = connections[DEFAULT_DB_ALIAS]
    fields: list[Any] = [model._meta.get_field(name) for name in names]  # noqa: SLF001
    key: Any = model._meta.pk  # noqa: SLF001
    columns = [_column(field, [field.pre_save(row, False) for row in rows]) for field in fields]
    quote = connection.ops.quote_name
    statement = (
        f"UPDATE {quote(model._meta.db_table)} SET {', '.join(f'{quote(one.column)} = %s' for one in fields)} "  # noqa: S608, SLF001 our own names
        f"WHERE {quote(key.column)} = %s"
    )
    with connection.cursor() as cursor:
        cursor.executemany(statement, list(zip(*columns, [row.pk for row in rows], strict=True)))


def _column(field: Any, values: Sequence[Any]) -> Sequence[Any]:
    target = field.target_field if field.is_relation else field
    prepare: Callable[..., Any] = field.get_db_prep_save
    connection = connections[DEFAULT_DB_ALIAS]
    if isinstance(target, _PLAIN):
        return [value if isinstance(value, _AS_IT_IS) else prepare(value, connection) for value in values]
    return [prepare(value, connection) for value in values]


def _write(model: type[models.Model], fields: Iterable[Any], values: Sequence[Sequence[Any]]) -> None:
    connection = connections[DEFAULT_DB_ALIAS]
    quote = connection.ops.quote_name
    columns = [quote(field.column) for field in fields]
    statement = (
        f"INSERT INTO {quote(model._meta.db_table)} ({', '.join(columns)}) "  # noqa: S608, SLF001 our own names
        f"VALUES ({', '.join(['%s'] * len(columns))})"
    )
    with connection.cursor() as cursor:
        cursor.executemany(statement, values)


def _take_keys(model: type[models.Model], count: int) -> Sequence[int]:
    """Reserve keys; on SQLite the transaction already holds the only write lock, so nobody else takes them."""
    connection = connections[DEFAULT_DB_ALIAS]
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError("Rows are written inside the transaction of their change.")
    table, key = model._meta.db_table, model._meta.pk.column  # noqa: SLF001
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "SELECT nextval(pg_get_serial_sequence(%s, %s)) FROM generate_series(1, %s)",
                [connection.ops.quote_name(table), key, count],
            )
            return [row[0] for row in cursor.fetchall()]
        cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [table])
        row = cursor.fetchone()
    first = (row[0] if row else 0) + 1
    return range(first, first + count)
