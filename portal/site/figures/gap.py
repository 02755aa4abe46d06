"""Need beside supply, hromada by hromada: what follows from the two, and what does not because one is unknown."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from enum import nonmember
from typing import Final

from django.db.models import TextChoices
from django.utils.translation import pgettext_lazy

from procurement.queries.figures_needs import NOT_TOLD, Need, group_sizes, needs_by_hromada
from procurement.queries.orders_needs import Hidden
from registry.models import ServiceType, VulnerableGroup
from registry.queries.basic_gaps import missing_basic
from registry.queries.supply import NOBODY, Tally, Unit, tallies, units

TEN_THOUSAND: Final = 10_000
_TENTH: Final = Decimal("0.1")
# by what the table can be sorted; what is unknown stands last
SORTS: Final = ("lacking", "rate", "need", "places", "name")


class Judgement(TextChoices):
    """What need and places say together of one hromada."""

    NOBODY = "nobody", pgettext_lazy("supply", "needed, and nobody gives it")
    LACKING = "lacking", pgettext_lazy("supply", "fewer places than people who need it")
    ENOUGH = "enough", pgettext_lazy("supply", "no fewer places than people who need it")
    NO_NEED = "no_need", pgettext_lazy("supply", "nobody needs it, says the assessment")
    UNCLEAR = "unclear", pgettext_lazy("supply", "the need is known, not all places are")
    FEW = "few", pgettext_lazy("supply", "fewer than five people: not shown")
    UNKNOWN = "unknown", pgettext_lazy("supply", "the need is not known")

    gap = nonmember(("nobody", "lacking"))
    judged = nonmember(("nobody", "lacking", "enough", "no_need"))


@dataclass(frozen=True, slots=True)
class Line:
    """One hromada; `people` are those of the group, or all residents, that figures are divided by, if known."""

    unit: Unit
    need: Need
    supply: Tally
    people: int | None
    judgement: Judgement

    @property
    def is_gap(self) -> bool:
        return self.judgement in Judgement.gap

    @property
    def is_judged(self) -> bool:
        return self.judgement in Judgement.judged

    @property
    def lacking(self) -> int | None:
        """How many people more need the service than there are places; None where that is not known."""
        if not self.is_judged or self.need.people.value is None:
            return None
        return max(self.need.people.value - self.supply.known, 0)

    @property
    def lacking_at_most(self) -> int | None:
        """The same where some places are unknown: no more than this."""
        need = self.need.people.value
        return need - self.supply.known if self.judgement == Judgement.UNCLEAR and need is not None else None

    @property
    def places(self) -> int | None:
        """All places; None where not all are known."""
        return self.supply.known if self.supply.is_whole else None

    @property
    def need_rate(self) -> Decimal | None:
        return rate(self.need.people.value, self.people)

    @property
    def places_rate(self) -> Decimal | None:
        return rate(self.places, self.people)

    @property
    def lacking_rate(self) -> Decimal | None:
        return rate(self.lacking, self.people)

    @property
    def is_demo(self) -> bool:
        return self.need.is_demo or bool(self.supply.invented)


def rate(number: int | None, people: int | None) -> Decimal | None:
    """Return the number per 10,000 people, to a tenth, half up; None where either is unknown."""
    if number is None or not people:
        return None
    return (Decimal(number) * TEN_THOUSAND / people).quantize(_TENTH, ROUND_HALF_UP)


def judge(need: Need, supply: Tally) -> Judgement:
    """Say what follows: a gap only where need and every place are known, enough where the known places suffice."""
    people = need.people.value
    if people is None:
        return Judgement.FEW if need.people.hidden in (Hidden.FEW, Hidden.TELLS) else Judgement.UNKNOWN
    if people == 0:
        return Judgement.NO_NEED
    if not supply.services:
        return Judgement.NOBODY
    if supply.known >= people:
        return Judgement.ENOUGH
    return Judgement.LACKING if supply.is_whole else Judgement.UNCLEAR


def lines_of(kind: ServiceType, group: VulnerableGroup | None, today: date) -> list[Line]:
    """Return every hromada of the codifier with its need and supply, by name; queries do not grow with their number."""
    needs, supply = needs_by_hromada(kind.pk), tallies(kind.pk, today)
    sizes = group_sizes(group.pk) if group else None
    found = []
    for unit in units().values():
        need, tally = needs.get(unit.pk, NOT_TOLD), supply.get(unit.pk, NOBODY)
        people = unit.population
        if sizes is not None:
            people = sizes[unit.pk].value if unit.pk in sizes else None
        found.append(Line(unit, need, tally, people, judge(need, tally)))
    return found


def in_order(lines: Iterable[Line], sort: str) -> list[Line]:
    """Sort the lines, which come by name; the largest first, the unknown last."""
    if sort == "name":
        return list(lines)

    def key(line: Line) -> tuple[int, Decimal]:
        value, rank = _value(line, sort), 0
        if value is None:
            # what may be lacking at most comes before what is not known at all
            value, rank = line.lacking_at_most, 1 if line.lacking_at_most is not None else 2
        return rank, -Decimal(value or 0)

    return sorted(lines, key=key)


def _value(line: Line, sort: str) -> int | Decimal | None:
    if sort == "need":
        return line.need.people.value
    if sort == "places":
        return line.places
    return line.lacking_rate if sort == "rate" else line.lacking


@dataclass(frozen=True, slots=True)
class OblastSum:
    """How the hromadas of an oblast, or of the country, stand."""

    hromadas: int
    judged: int
    gaps: int
    nobody: int
    need_unknown: int
    places_unknown: int
    few: int

    @property
    def share(self) -> Decimal | None:
        """The share of hromadas with a gap among those where need and places are known; None where there is none."""
        return Decimal(self.gaps) / self.judged if self.judged else None

    @property
    def is_mostly_unknown(self) -> bool:
        return self.judged * 2 < self.hromadas

    @property
    def unknown(self) -> int:
        return self.hromadas - self.judged

    @property
    def enough(self) -> int:
        return self.judged - self.gaps


def sum_up(lines: Iterable[Line]) -> OblastSum:
    found = list(lines)

    def number(*states: Judgement) -> int:
        return sum(1 for line in found if line.judgement in states)

    return OblastSum(
        len(found),
        sum(1 for line in found if line.is_judged),
        sum(1 for line in found if line.is_gap),
        number(Judgement.NOBODY),
        number(Judgement.UNKNOWN),
        number(Judgement.UNCLEAR),
        number(Judgement.FEW),
    )


@dataclass(frozen=True, slots=True)
class BasicLine:
    """A hromada with the basic services of the law that nobody gives there, as far as the register knows."""

    unit: Unit
    missing: tuple[int, ...]


def basic_lines(today: date) -> list[BasicLine]:
    missing = missing_basic(today)
    return [BasicLine(unit, missing.get(unit.pk, ())) for unit in units().values()]


def by_oblast(lines: Iterable[Line | BasicLine]) -> dict[int, list[Line | BasicLine]]:
    found: dict[int, list[Line | BasicLine]] = {}
    for line in lines:
        found.setdefault(line.unit.oblast, []).append(line)
    return found
