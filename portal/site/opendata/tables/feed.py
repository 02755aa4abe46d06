"""The feed of changes as it stands: each public object, or what is public no more, with its position and digest."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from django.utils.translation import gettext_lazy as _

from portal.site.models import FeedObject
from portal.site.opendata.state import State
from portal.site.opendata.tables.table import Column, Row, Table

GROUP: Final = "feed"
_FIELDS: Final = ("position", "kind", "key", "is_removed", "digest")
_CHUNK: Final = 5_000


def _rows(_state: State) -> Iterator[Row]:
    after = 0
    while True:
        rows = FeedObject.objects.filter(position__gt=after).order_by("position").values_list(*_FIELDS)
        found = list(rows[:_CHUNK])
        if not found:
            return
        yield from found
        after = found[-1][0]


TABLES: Final = (
    Table(
        "feed",
        GROUP,
        _("Feed of changes: where each public object stands in it"),
        (
            Column("position", "integer", _("position of the last change of the object")),
            Column("kind", "string", _("territory, provider, service, competition or contract")),
            Column("key", "string", _("key of the object among those of its kind")),
            Column("is_removed", "boolean", _("whether it is public no more")),
            Column("digest", "string", _("SHA-256 of the object; empty where it is public no more")),
        ),
        ("kind", "key"),
        _rows,
    ),
)
