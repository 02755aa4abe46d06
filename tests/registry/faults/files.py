"""Files for imports, and a look at everything that an import could change."""

import csv
import io
import zipfile
from functools import cache

from django.apps import apps
from django.db import connection
from django.db.models import UUIDField
from openpyxl import Workbook

from portal.kernel.models import LogEntry, LogHead

GOOD = {"edrpou": "43970360", "name": "КУ «Центр надання соціальних послуг»"}
OTHER = {"edrpou": "22591616", "name": "ГО «Турбота»"}


def csv_bytes(rows, delimiter=",", encoding="utf-8", header=None):
    """Return a CSV of dictionaries; the header is all their keys in order of appearance."""
    header = header or list(dict.fromkeys(key for row in rows for key in row))
    text = io.StringIO()
    writer = csv.writer(text, delimiter=delimiter)
    writer.writerow(header)
    writer.writerows([row.get(key, "") for key in header] for row in rows)
    return text.getvalue().encode(encoding)


def xlsx_bytes(rows, header=None):
    header = header or list(dict.fromkeys(key for row in rows for key in row))
    book = Workbook()
    book.active.append(header)
    for row in rows:
        book.active.append([row.get(key) for key in header])
    data = io.BytesIO()
    book.save(data)
    return data.getvalue()


def zip_bomb():
    """Return a workbook of a few hundred kilobytes that unpacks to hundreds of megabytes."""
    data = io.BytesIO()
    with (
        zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive,
        archive.open("xl/worksheets/sheet1.xml", "w") as sheet,
    ):
        piece = b"<row><c><v>1</v></c></row>" * 40_000
        for _ in range(200):
            sheet.write(piece)
    return data.getvalue()


def lying_bomb():
    """Return the same with sizes in the archive's directory that say that it is small."""
    data = bytearray(zip_bomb())
    place = data.rindex(b"PK\x01\x02")
    data[place + 24 : place + 28] = (1_000).to_bytes(4, "little")
    return bytes(data)


def everything():
    """Return how many rows every table has, the last key of each, and the head of the log."""
    with connection.cursor() as cursor:
        # one question where the tables are several hundred
        cursor.execute(_counting())
        tables = {name: (count, last) for name, count, last in cursor.fetchall()}
    return tables, list(LogHead.objects.values_list("seq", "digest")), LogEntry.objects.count()


@cache
def _counting():
    quote = connection.ops.quote_name
    keys = {model._meta.db_table: model._meta.pk for model in apps.get_models() if not model._meta.proxy}
    return " UNION ALL ".join(
        f"SELECT '{table}', COUNT(*), {_last(key, quote(key.column))} FROM {quote(table)}"
        for table, key in keys.items()
    )


def _last(key, column):
    # PostgreSQL finds no largest UUID
    return f"MAX(CAST({column} AS TEXT))" if isinstance(key, UUIDField) else f"CAST(MAX({column}) AS TEXT)"
