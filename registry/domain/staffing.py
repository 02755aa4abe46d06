"""How many specialists a hromada needs by each norm; what a norm or the population does not tell stays unknown."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from typing import Final

from registry.enums import PostRounding, Residents
from registry.models import CaseLoadNorm, StaffingNorm

HUNDREDTH: Final = Decimal("0.01")


class Gap(StrEnum):
    """Why a norm gives no number: it states none, or the people it counts are not known."""

    NO_NUMBER = "no_number"
    NO_RESIDENTS = "no_residents"


@dataclass(frozen=True, slots=True)
class Population:
    """Residents of a hromada; what two of the three numbers tell about the third is known."""

    total: int | None = None
    urban: int | None = None
    rural: int | None = None

    def completed(self) -> Population:
        """Return the population with the number that follows from the other two."""
        total, urban, rural = self.total, self.urban, self.rural
        if total is None and urban is not None and rural is not None:
            total = urban + rural
        if total is not None and urban is None and rural is not None:
            urban = total - rural
        if total is not None and rural is None and urban is not None:
            rural = total - urban
        return Population(total, urban, rural)

    def of(self, residents: str) -> int | None:
        return {Residents.URBAN.value: self.urban, Residents.RURAL.value: self.rural}.get(residents, self.total)


@dataclass(frozen=True, slots=True)
class Posts:
    """What one norm gives: `exact` is residents over the norm, to a hundredth; `whole` are posts, `least` to `most`.

    They differ where the source does not say how to round. `if_all` is what the norm would give were all the residents
    of its kind, where only the total is known.
    """

    norm: StaffingNorm
    residents: int | None = None
    exact: Decimal | None = None
    least: int | None = None
    most: int | None = None
    if_all: int | None = None
    gap: Gap | None = None


def posts_needed(norms: Iterable[StaffingNorm], population: Population) -> list[Posts]:
    """Return what each norm that is for a hromada of this size gives; without a total, all norms."""
    people = population.completed()
    return [_posts(norm, people) for norm in norms if fits(norm, people.total)]


def fits(norm: StaffingNorm, total: int | None) -> bool:
    """Tell whether the norm is for a hromada of so many residents; an unknown size rules nothing out."""
    if total is None:
        return True
    if total < norm.size_from or (total == norm.size_from and not norm.size_from_included):
        return False
    return norm.size_to is None or total < norm.size_to or (total == norm.size_to and norm.size_to_included)


def whole_posts(residents: int, per: int) -> int:
    """Return the posts of which each serves at most `per` residents: a started part is a whole post."""
    return -(-residents // per)


def managers_for(cases: int | None, norm: CaseLoadNorm) -> int | None:
    """Return how many case managers lead so many cases at once, or nothing where either number is not known."""
    return None if cases is None or norm.cases_at_most is None else whole_posts(cases, norm.cases_at_most)


def _posts(norm: StaffingNorm, people: Population) -> Posts:
    if norm.per_residents is None:
        return Posts(norm, gap=Gap.NO_NUMBER)
    residents = people.of(norm.residents)
    sized = norm.size_from > 0 or norm.size_to is not None
    if residents is None or (sized and people.total is None):
        if_all = None if people.total is None or sized else whole_posts(people.total, norm.per_residents)
        return Posts(norm, gap=Gap.NO_RESIDENTS, if_all=if_all)
    exact = (Decimal(residents) / norm.per_residents).quantize(HUNDREDTH, rounding=ROUND_HALF_UP)
    most = whole_posts(residents, norm.per_residents)
    least = most if norm.rounding == PostRounding.UP else residents // norm.per_residents
    return Posts(norm, residents, exact, least, most)
