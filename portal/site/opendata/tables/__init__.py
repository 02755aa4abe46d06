"""The tables of a snapshot, in the order in which the data package names them."""

from __future__ import annotations

from typing import Final

from portal.site.opendata.tables import competitions, contracts, feed, orders, quality, register, vocabulary
from portal.site.opendata.tables.table import Column, Link, Table

TABLES: Final[tuple[Table, ...]] = (
    *vocabulary.TABLES,
    *register.TABLES,
    *orders.TABLES,
    *competitions.TABLES,
    *contracts.TABLES,
    *quality.TABLES,
    *feed.TABLES,
)

__all__ = ["TABLES", "Column", "Link", "Table"]
