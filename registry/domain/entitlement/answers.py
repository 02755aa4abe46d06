"""What a person answered; what was not answered stays unknown and is never taken for a no."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Final

from registry.enums import Disability

ADULT_FROM: Final = 18
SIX: Final = 6


class Place(StrEnum):
    """Where the service is to be given: the sector decides which rules hold."""

    PUBLIC = "public"
    NON_STATE = "non_state"
    UNKNOWN = ""


class MinimumGroup(StrEnum):
    """The groups that the budget laws give a subsistence minimum to, as the table of minimums names them."""

    GENERAL = "general"
    UNDER_SIX = "children_under_6"
    UNDER_ADULT = "children_6_18"
    WORKING_AGE = "working_age"
    LOST_CAPACITY = "lost_working_capacity"


@dataclass(frozen=True, slots=True)
class Answers:
    """Money is UAH a month for the whole family; `groups` are slugs, and the rest is a no only if `groups_told`."""

    day: date
    place: Place = Place.UNKNOWN
    groups: frozenset[str] = frozenset()
    groups_told: bool = False
    age: int | None = None
    # of an adult: `MinimumGroup.WORKING_AGE` or `MinimumGroup.LOST_CAPACITY`
    capacity: str = ""
    disability: str = ""
    income: Decimal | None = None
    family: int | None = None
    urgent: bool | None = None

    @property
    def possible_groups(self) -> tuple[MinimumGroup, ...]:
        """The groups the person may belong to as far as the answers tell, never none."""
        children, adults = (
            (MinimumGroup.UNDER_SIX, MinimumGroup.UNDER_ADULT),
            (MinimumGroup.WORKING_AGE, MinimumGroup.LOST_CAPACITY),
        )
        if self.age is not None and self.age < ADULT_FROM:
            return (children[self.age >= SIX],)
        if self.age is None and self.disability == Disability.CHILD:
            return children
        if self.capacity:
            return (MinimumGroup(self.capacity),)
        return adults if self.age is not None else (*children, *adults)
