"""The choices beside a register list, each with its count, and the addresses that lead from one state to the next."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import urlencode

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from portal.accounts.enums import OwnershipForm, Sector
from registry.enums import Standing
from registry.interfaces.filters import ReadFilter
from registry.queries.alphabet import alphabetical
from registry.queries.register import (
    SORTS,
    RegisterFilter,
    count_choices,
    hromadas_of,
    matching_entries,
    register_index,
    vocabulary,
)

CHECKED: Final = ("service", "group", "ownership", "sector", "standing")
_LABELS: Final = {
    "service": gettext_lazy("Service"),
    "group": gettext_lazy("For whom"),
    "ownership": gettext_lazy("Ownership form"),
    "sector": gettext_lazy("Sector"),
    "standing": gettext_lazy("Standing"),
}
_ENUMS: Final[dict[str, Any]] = {"ownership": OwnershipForm, "sector": Sector, "standing": Standing}
SORT_LABELS: Final = {
    "name": pgettext_lazy("sorting", "by name"),
    "number": pgettext_lazy("sorting", "by number"),
    "newest": pgettext_lazy("sorting", "newest first"),
}


@dataclass(slots=True)
class Choice:
    value: str
    label: str
    count: int
    chosen: bool = False


@dataclass(slots=True)
class Facet:
    """One question of the filter with the answers that would find somebody, and those already chosen."""

    name: str
    label: str
    choices: list[Choice] = field(default_factory=list)
    problem: str = ""

    @property
    def chosen(self) -> list[Choice]:
        return [choice for choice in self.choices if choice.chosen]


@dataclass(slots=True)
class Chip:
    """A condition in force, with the address of the list without it."""

    label: str
    value: str
    without: str
    would_find: int = 0


def parameters(read: ReadFilter, **changes: Any) -> str:
    """Return the query string of this state; `changes` replace parameters, `None` removes one."""
    state: dict[str, Any] = {"q": read.wanted.text, **read.chosen, "sort": read.wanted.sort, "page": read.page}
    state.update(changes)
    if state["sort"] == "name":
        state["sort"] = None
    if state["page"] == 1:
        state["page"] = None
    return urlencode([(name, value) for name, value in state.items() if value], doseq=True)


def facets(read: ReadFilter) -> list[Facet]:
    """Return the questions answered by ticking; an answer that would find nobody is left out unless chosen."""
    names = vocabulary()
    values: dict[str, list[tuple[int | str, str, str]]] = {
        "service": [(kind.pk, kind.slug, kind.name) for kind in names.services.values()],
        "group": [(group.pk, group.slug, group.name) for group in names.groups.values()],
        **{name: [(value, value, str(label)) for value, label in enum.choices] for name, enum in _ENUMS.items()},
    }
    return [_facet(name, read, values[name]) for name in CHECKED]


def _facet(name: str, read: ReadFilter, values: list[tuple[int | str, str, str]]) -> Facet:
    counts = count_choices(read.wanted, name, [key for key, _value, _label in values])
    # without a choice of standing the list shows entries in good standing, so that box is ticked
    ticked = read.chosen.get(name) or (Standing.good if name == "standing" else ())
    choices = [Choice(value, label, counts[key], value in ticked) for key, value, label in values]
    return Facet(
        name,
        str(_LABELS[name]),
        [choice for choice in choices if choice.count or choice.chosen],
        read.problems.get(name, ""),
    )


def oblast_choices(read: ReadFilter) -> list[Choice]:
    units = dict(sorted(vocabulary().oblasts.items(), key=lambda item: alphabetical(item[1].name)))
    rest = matching_entries(read.wanted.without("oblast").without("hromada"))
    counts = ((unit, rest.intersection_cardinality(register_index.having("oblast", pk))) for pk, unit in units.items())
    chosen = read.oblast.pk if read.oblast else None
    return [
        Choice(unit.code, unit.label, count, unit.pk == chosen) for unit, count in counts if count or unit.pk == chosen
    ]


def hromada_choices(read: ReadFilter) -> list[Choice]:
    """Return the hromadas of the chosen oblast that somebody serves."""
    if read.oblast is None:
        return []
    units = hromadas_of(read.oblast.pk)
    register_index.know_parents(units)
    counts = count_choices(read.wanted.without("oblast"), "hromada", [unit.pk for unit in units])
    chosen = read.hromada.pk if read.hromada else None
    return [
        Choice(unit.code, unit.label, counts[unit.pk], unit.pk == chosen)
        for unit in sorted(units, key=lambda unit: alphabetical(unit.name))
        if counts[unit.pk] or unit.pk == chosen
    ]


def chips(read: ReadFilter, ticked: Iterable[Facet]) -> list[Chip]:
    """Return the conditions in force, each with the way to drop it."""
    found = []
    if read.wanted.text:
        found.append(Chip(_("Text"), f"«{read.wanted.text}»", parameters(read, q=None, page=None)))
    if read.hromada:
        found.append(Chip(_("Hromada"), read.hromada.label, parameters(read, hromada=None, page=None)))
    elif read.oblast:
        found.append(Chip(_("Oblast"), read.oblast.label, parameters(read, oblast=None, page=None)))
    for facet in ticked:
        asked = read.chosen.get(facet.name, [])
        for choice in facet.choices:
            if choice.value in asked:
                rest = [value for value in asked if value != choice.value]
                found.append(Chip(facet.label, choice.label, parameters(read, **{facet.name: rest, "page": None})))
    return found


def ways_out(read: ReadFilter) -> list[Chip]:
    """Return what dropping each condition would find, the most useful first; for a list that found nobody."""
    wanted = read.wanted
    tries: list[tuple[str, RegisterFilter, str]] = []
    if read.hromada and read.oblast:
        wider = RegisterFilter(wanted.text, {**wanted.chosen, "hromada": (), "oblast": (read.oblast.pk,)}, wanted.sort)
        tries.append((_("in the whole oblast"), wider, parameters(read, hromada=None, page=None)))
    if read.oblast:
        everywhere = wanted.without("hromada").without("oblast")
        tries.append((_("in all Ukraine"), everywhere, parameters(read, hromada=None, oblast=None, page=None)))
    if wanted.text:
        wordless = RegisterFilter("", wanted.chosen, wanted.sort)
        tries.append((_("without the words “%s”") % wanted.text, wordless, parameters(read, q=None, page=None)))
    for name in CHECKED:
        if read.chosen.get(name):
            wider = wanted.without(name)
            if name == "standing":
                wider = RegisterFilter(wanted.text, {**wanted.chosen, "standing": Standing.good}, wanted.sort)
            label = _("without the condition “%s”") % _LABELS[name]
            tries.append((label, wider, parameters(read, **{name: None, "page": None})))
    found = [Chip(label, "", address, len(matching_entries(wider))) for label, wider, address in tries]
    return [chip for chip in found if chip.would_find]


def sort_choices(read: ReadFilter) -> list[Choice]:
    return [Choice(name, str(SORT_LABELS[name]), 0, name == read.wanted.sort) for name in SORTS]
