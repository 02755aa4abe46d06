"""The releases of a process, from its history: the same rows give the same releases, whatever the clock says."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from django.conf import settings
from django.utils import translation

from portal.kernel.pieces import pieces

from . import parties
from .agreed import contracted
from .awards import decided
from .called import announced, asked, ended, opened, reopened
from .events import Event, releases_of
from .reading import Process, numbers, processes_of
from .values import Json, number_of, ocid_of

# so many processes are read at once
CHUNK: Final = 50


def ocids() -> list[str]:
    """Return the identifiers of all public processes, in the order in which packages have them."""
    return [ocid_of(one) for one in numbers()]


def histories(wanted: Sequence[str]) -> Iterator[list[Json]]:
    """Yield the releases of each of these processes that is public, in Ukrainian, the first release first."""
    known = [number for ocid in wanted if (number := number_of(ocid))]
    for some in pieces(known, CHUNK):
        with translation.override(settings.LANGUAGE_CODE):
            told = [_history(process) for process in processes_of(some)]
        yield from told


def _history(process: Process) -> list[Json]:
    return releases_of(process.ocid, _buyer(process), _events(process))


def _buyer(process: Process) -> Json:
    if process.competition is not None:
        return parties.buyer(process.competition.commissioner, process.competition.hromada)
    return parties.buyer(process.contracts[0].commissioner, process.contracts[0].hromada)


def _events(process: Process) -> Iterator[Event]:
    competition = process.competition
    if competition is not None:
        yield from announced(process, competition)
        yield from asked(competition)
        yield from opened(competition)
        yield from decided(process, competition)
        yield from reopened(process, competition)
        yield from ended(process, competition)
    for contract in process.contracts:
        yield from contracted(process, contract)
