"""Release and record packages: whole, or written piece by piece where there is much of it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any, Final, Protocol

from django.urls import reverse
from django.utils import translation

from portal.accounts.letters import absolute
from registry.interfaces.exporting.dictionary import LICENCE_URL

from .history import histories, ocids
from .merging import compiled
from .values import Json

VERSION: Final = "1.1"
_REPOSITORY: Final = "https://raw.githubusercontent.com/open-contracting-extensions/ocds_{}_extension/{}/extension.json"
EXTENSIONS: Final = tuple(
    _REPOSITORY.format(name, edition)
    for name, edition in (
        ("lots", "v1.1.5"),
        ("bid", "v1.1.5"),
        ("enquiry", "v1.1.5"),
        ("location", "v1.1.5"),
        ("requirements", "master"),
        ("selectionCriteria", "master"),
        ("awardCriteria", "master"),
        ("submissionTerms", "master"),
        ("bidOpening", "master"),
        ("metrics", "master"),
        ("contract_completion", "master"),
        ("organizationClassification", "master"),
        ("budget_breakdown", "master"),
    )
)
# of a portal where nothing has happened yet
_NOTHING_YET: Final = "2000-01-01T00:00:00Z"
PUBLISHER: Final = "Поруч"


class Stream(Protocol):
    def write(self, text: str, /) -> Any: ...


def releases(*, today: date) -> Json:
    """Return the release package of all public processes.

    `publishedDate` is the date of the latest release: the same state gives the same bytes.
    """
    del today
    return release_package(_address("releases.json"), histories(ocids()))


def records(*, today: date) -> Json:
    """Return the record package: of each process the compiled release, and where each release is."""
    del today
    return record_package(_address("records.json"), histories(ocids()))


def release_package(uri: str, told: Iterable[list[Json]]) -> Json:
    found = [release for history in told for release in history]
    return {**head(uri), "publishedDate": _latest(found), "releases": found}


def record_package(uri: str, told: Iterable[list[Json]]) -> Json:
    found = [record(history) for history in told if history]
    latest = _latest(one["compiledRelease"] for one in found)
    return {**head(uri), "publishedDate": latest, "records": found}


def record(history: list[Json]) -> Json:
    """Return the record of a process from its releases."""
    ocid = history[0]["ocid"]
    url = process_url("ocds_releases", ocid)
    linked = [{"url": f"{url}#{one['id']}", "date": one["date"], "tag": one["tag"]} for one in history]
    return {"ocid": ocid, "releases": linked, "compiledRelease": compiled(history)}


def write_releases(stream: Stream, *, today: date) -> None:
    """Write the release package, holding no more than some processes in memory; ends with a line feed."""
    del today
    _write(stream, head(_address("releases.json")), "releases", (one for told in histories(ocids()) for one in told))


def write_records(stream: Stream, *, today: date) -> None:
    """Write the record package in the same way."""
    del today
    _write(stream, head(_address("records.json")), "records", (record(told) for told in histories(ocids()) if told))


def head(uri: str) -> Json:
    """Return what stands at the head of every package."""
    return {
        "uri": uri,
        "version": VERSION,
        "extensions": list(EXTENSIONS),
        "publisher": {"name": PUBLISHER, "uri": absolute("/")},
        "license": LICENCE_URL,
        "publicationPolicy": absolute("/open-data/"),
    }


def process_url(name: str, ocid: str) -> str:
    """Return the address of one process: its record, or its releases."""
    with translation.override("uk"):
        return absolute(reverse(f"site:{name}", args=[ocid]))


def _address(name: str) -> str:
    """Return where the nightly snapshot has the package."""
    return absolute(f"/open-data/files/ocds/{name}")


def _latest(dated: Iterable[Json]) -> str:
    return max((one["date"] for one in dated), default=_NOTHING_YET)


def _write(stream: Stream, opening: Json, name: str, rows: Iterator[Json]) -> None:
    latest, mark = _NOTHING_YET, "\n"
    stream.write(f'{_text(opening)[:-1]},"{name}":[')
    for row in rows:
        latest = max(latest, row.get("date") or row["compiledRelease"]["date"])
        stream.write(mark + _text(row))
        mark = ",\n"
    stream.write(f'\n],"publishedDate":"{latest}"}}\n')


def _text(value: Json) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
