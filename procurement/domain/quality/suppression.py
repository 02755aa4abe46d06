"""How counts of people are shown so that nobody's answer can be read or computed back.

A count from 1 to 4 is hidden. Where the whole is known, one hidden count could be subtracted back: the smallest others
are hidden with it until at least two are hidden and they make five people or more; where that leaves nothing but
zeros, the whole row is hidden.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from registry.queries.figures import SMALLEST_GROUP

# a hidden count makes the mean of its question tell too much: such a mean is said in steps as wide as three answers
_ANSWERS_IN_A_STEP: Final = 3
_STEPS: Final = (5, 10, 20, 25, 50)
_PER_CENT: Final = 100


def shown_counts(counts: Mapping[str, int]) -> dict[str, int | None]:
    """Return the counts with `None` for each that is hidden; their sum may be known to the reader."""
    hidden = {code for code, number in counts.items() if 0 < number < SMALLEST_GROUP}
    if not hidden:
        return dict(counts)
    others = sorted((number, code) for code, number in counts.items() if number and code not in hidden)
    while len(hidden) < 2 or sum(counts[code] for code in hidden) < SMALLEST_GROUP:  # noqa: PLR2004 two hide each other
        if not others:
            return dict.fromkeys(counts)
        hidden.add(others.pop(0)[1])
    if not others:
        return dict.fromkeys(counts)
    return {code: None if code in hidden else number for code, number in counts.items()}


def step_for(answers: int) -> int | None:
    """Return by what step of per cents a mean may be said beside hidden counts; none where no step is wide enough."""
    return next((step for step in _STEPS if step * answers >= _ANSWERS_IN_A_STEP * _PER_CENT), None)


def shown_people(number: int | None) -> int | None:
    """Return a number of people, or none for one that is not known or under five."""
    return number if number is not None and number >= SMALLEST_GROUP else None
