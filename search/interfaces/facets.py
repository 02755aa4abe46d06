"""The choices beside the results of a search, each with its exact count, named in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from django.utils.translation import gettext as _

from registry.interfaces.facets import Choice
from registry.interfaces.facets import Facet as Question
from registry.queries.access_profiles import profiles
from registry.queries.alphabet import alphabetical
from registry.queries.register import vocabulary
from search.answering import Answer
from search.enums import Facet, Sort
from search.interfaces.questions import OPEN_NOW, RADII, ReadQuestion

# long lists, the most frequent answers first; the others keep the register's order
_BY_COUNT: Final = frozenset({"service", "group", "access"})


def facets(
    read: ReadQuestion, counts: Mapping[str, Mapping[str, int]], known: Mapping[str, Mapping[str, str]]
) -> list[Question]:
    """Return the questions answered by ticking; an answer that would find nothing is left out unless chosen."""
    return [_facet(name, read, counts.get(name, {}), known[name]) for name in Facet.ticked]


def _facet(name: str, read: ReadQuestion, counts: Mapping[str, int], known: Mapping[str, str]) -> Question:
    ticked = read.chosen.get(name, [])
    choices = [
        Choice(value, label, counts.get(value, 0), value in ticked)
        for value, label in known.items()
        if counts.get(value) or value in ticked
    ]
    if name in _BY_COUNT:
        choices.sort(key=lambda choice: -choice.count)
    return Question(name, str(Facet(name).label), choices, read.problems.get(name, ""))


def place_choices(read: ReadQuestion, answer: Answer | None) -> list[Choice]:
    """Return the regions to choose from, and the chosen place first where it is a smaller one.

    Each has its count while no place narrows the answer: then the counts are those of the whole country.
    """
    counts = answer.counts.get("oblast", {}) if answer and answer.place is None else {}
    choices = region_choices(read.place.code, read.place.label) if read.place else region_choices("", "")
    for choice in choices:
        choice.count = counts.get(choice.value, 0)
    return choices


def sort_choices(read: ReadQuestion, answer: Answer) -> list[Choice]:
    """Return the orders that make sense here: by distance only where there is something to count it from."""
    place = answer.place
    can_be_near = read.question.near is not None or (place is not None and place.latitude is not None)
    return [
        Choice(sort.value, str(sort.label), 0, sort == read.question.sort)
        for sort in Sort
        if sort != Sort.NEAR or can_be_near
    ]


def radius_choices(read: ReadQuestion) -> list[Choice]:
    return [Choice(str(one), _("within %(number)d km") % {"number": one}, 0, one == read.radius) for one in RADII]


def open_choice(read: ReadQuestion) -> Choice:
    return Choice(OPEN_NOW, _("open now"), 0, bool(read.question.open_slot))


def profile_choices(read: ReadQuestion) -> list[Choice]:
    """Return the profiles of accessibility, of which one may be chosen."""
    return [Choice(one.slug, one.name, 0, one.slug == read.question.profile) for one in profiles().values()]


def region_choices(code: str, label: str) -> list[Choice]:
    """Return the regions for a form that needs a place, a chosen smaller place first."""
    units = sorted(vocabulary().oblasts.values(), key=lambda unit: alphabetical(unit.name))
    choices = [Choice(unit.code, unit.label, 0, unit.code == code) for unit in units]
    return choices if not code or any(choice.chosen for choice in choices) else [Choice(code, label, 0, True), *choices]
