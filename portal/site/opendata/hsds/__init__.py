"""Services of the register as Human Services Data Specification 3.1 has them; `docs/hsds.md` says what stands where."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from portal.site.opendata.hsds.reading import read_services
from portal.site.opendata.hsds.vocabulary import read_terms
from portal.site.opendata.objects.services import keys as every_key


def services(keys: Sequence[str] | None = None, *, today: date) -> Iterator[dict[str, Any]]:
    """Yield public services with all that belongs to them inside, ready for JSON: those with these keys, or all.

    `today` is the day on which a report of free places holds or has expired. Queries: four for the vocabularies and a
    constant number for each two hundred services.
    """
    yield from read_services(every_key() if keys is None else keys, read_terms(), today)
