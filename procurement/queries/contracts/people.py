"""Numbers of people in reports as everybody may read them: none under five, and none that gives such a one away.

Units stand by service, not by group: the act counts them so, and a unit may be one person.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from procurement.models import ReportRow
from procurement.queries.orders_needs import TELLS, Hidden, Shown, shown
from registry.models import VulnerableGroup
from registry.queries.figures import SMALLEST_GROUP

_PEOPLE: Final = "recipients"


@dataclass(frozen=True, slots=True)
class GroupLine:
    """How many people of one group; without a group, of all of them or of none that is named."""

    group: VulnerableGroup | None
    people: Shown


@dataclass(frozen=True, slots=True)
class ServiceLine:
    """What a report says of one service of the contract."""

    line: int
    units: Decimal | None
    groups: tuple[GroupLine, ...]


def public_rows(rows: Iterable[ReportRow]) -> list[ServiceLine]:
    """Return the rows of a report by service; a row for all stands for a sum, so it goes where a group is hidden."""
    of_line: dict[int, list[ReportRow]] = defaultdict(list)
    for row in rows:
        of_line[row.line].append(row)
    return [ServiceLine(line, _units(found), _groups(found)) for line, found in sorted(of_line.items())]


def _units(rows: list[ReportRow]) -> Decimal | None:
    told = [row.units for row in rows if row.units is not None]
    return sum(told, Decimal(0)) if told else None


def _groups(rows: list[ReportRow]) -> tuple[GroupLine, ...]:
    alone = [shown(row.recipients) for row in rows]
    hides = any(one.hidden == Hidden.FEW for one in alone) or _leaves_few(rows)
    told = [TELLS if hides and one.value and _sums_up(row, rows) else one for row, one in zip(rows, alone, strict=True)]
    return tuple(GroupLine(row.group, people) for row, people in zip(rows, told, strict=True))


def _leaves_few(rows: list[ReportRow]) -> bool:
    """Say whether the number of all, less those of one or of all named groups, is a number of few people."""
    named = [row.recipients or 0 for row in rows if row.group_id is not None]
    everybody = [row.recipients or 0 for row in rows if row.group_id is None]
    return any(0 < whole - part < SMALLEST_GROUP for whole in everybody for part in (*named, sum(named)))


def _sums_up(row: ReportRow, rows: list[ReportRow]) -> bool:
    """Say whether by this number a hidden one could be found: it is that of all, or what the others add up to."""
    others = sum(one.recipients or 0 for one in rows if one is not row)
    return len(rows) > 1 and (row.group_id is None or row.recipients == others)


def without_few(data: Any) -> Any:
    """Return the data of a risk card without its numbers of recipients, where one of them is of few people.

    A sum stands beside its parts there, so where one goes all of the same row go.
    """
    if isinstance(data, list):
        return [without_few(one) for one in data]
    if not isinstance(data, Mapping):
        return data
    if any(shown(number).hidden == Hidden.FEW for number in _recipients(data)):
        return _without_recipients(data)
    return data


def _recipients(data: Any) -> Iterator[int]:
    for name, value in data.items():
        if name == _PEOPLE and isinstance(value, int):
            yield value
        for row in value if isinstance(value, list) else ():
            if isinstance(row, Mapping):
                yield from _recipients(row)


def _without_recipients(data: Any) -> Any:
    if isinstance(data, list):
        return [_without_recipients(one) for one in data]
    if not isinstance(data, Mapping):
        return data
    return {name: None if name == _PEOPLE else _without_recipients(value) for name, value in data.items()}
