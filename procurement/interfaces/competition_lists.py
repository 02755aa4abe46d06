"""Lists of competitions as pages show them: rows in words, questions beside them with their counts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, Final

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from portal.kernel.calendar import day_of
from portal.kernel.models.reference import in_language
from procurement.domain.calls.freezing import thaw
from procurement.domain.calls.phases import end_with_grace
from procurement.enums import Phase
from procurement.interfaces.competition_filters import ReadCompetitionFilter, parameters
from procurement.interfaces.moments import in_words, left_words, until_words
from procurement.models import Competition, Lot
from procurement.queries.competitions import (
    SORTS,
    CompetitionFilter,
    answered_late,
    count_by,
    count_by_lots,
    in_order,
    matching_competitions,
    procedure_names,
)
from registry.interfaces.facets import Chip, Choice, Facet
from registry.models import Territory
from registry.queries.alphabet import alphabetical
from registry.queries.register import hromadas_of, vocabulary

TONES: Final = {
    Phase.ANNOUNCED: "blue",
    Phase.ACCEPTING: "ok",
    Phase.HELD: "sun",
    Phase.AWARDED: "ok",
    Phase.UNAWARDED: "warn",
    Phase.CANCELLED: "bad",
    Phase.VOID: "bad",
}
_LABELS: Final = {
    "phase": gettext_lazy("State"),
    "service": gettext_lazy("Service"),
    "group": gettext_lazy("For whom"),
    "procedure": gettext_lazy("Procedure"),
}
# parameter → field of the filter
_FIELDS: Final = {"phase": "phases", "service": "services", "group": "groups", "procedure": "procedures"}
SORT_LABELS: Final = {
    "closing": pgettext_lazy("sorting", "by the end of accepting"),
    "newest": pgettext_lazy("sorting", "newest first"),
    "sum": pgettext_lazy("sorting", "by sum"),
}


@dataclass(frozen=True, slots=True)
class CompetitionRow:
    """One competition in a list; `when` says what happens next and when, `left` how long there is."""

    competition: Competition
    phase: Phase
    tone: str
    services: tuple[str, ...]
    when: str
    left: str

    @property
    def does(self) -> str:
        """The services, unless the title says the very same."""
        named = ", ".join(self.services)
        return "" if named == self.competition.title else named

    @property
    def url(self) -> str:
        return reverse("procurement:competition", args=[self.competition.number])

    @property
    def total(self) -> Decimal | None:
        # annotated by the query
        total: Decimal | None = vars(self.competition)["total"]
        return total

    @property
    def place(self) -> str:
        hromada = self.competition.hromada
        return ", ".join(dict.fromkeys(unit.label for unit in (hromada, hromada.oblast) if unit))


def held_after_answers(now: datetime) -> list[int]:
    """Return the competitions whose close is still held although every question has its answer; hardly ever any."""
    # the last two are annotated by the query
    facts = ((row.pk, row.hold_until, vars(row)) for row in answered_late(now).only("pk", "hold_until"))
    return [
        key
        for key, latest, told in facts
        if latest and now < end_with_grace(told["last_answer"], thaw(told["frozen"]), latest)
    ]


def found_competitions(
    wanted: CompetitionFilter, now: datetime, held: Collection[int] | None = None
) -> QuerySet[Competition]:
    """Return what the filter finds, in the order asked for, with `phase_now` and `total`."""
    held = held_after_answers(now) if held is None else held
    return in_order(matching_competitions(wanted, now, held), wanted.sort)


def rows_of(competitions: Iterable[Competition], now: datetime) -> list[CompetitionRow]:
    """Return the rows of a page; one query for the lots of all of them."""
    found = list(competitions)
    services: dict[int, dict[str, None]] = defaultdict(dict)
    for lot in Lot.objects.filter(competition__in=[row.pk for row in found]).order_by("number"):
        named = in_language(str(lot.snapshot.get("service") or ""), str(lot.snapshot.get("service_en") or ""))
        services[lot.competition_id][named or lot.title] = None
    return [_row(one, tuple(services[one.pk]), now) for one in found]


def page_rows(rows: QuerySet[Competition], start: int, stop: int, now: datetime) -> list[CompetitionRow]:
    related = rows.select_related("commissioner__organisation", "hromada__oblast")
    return rows_of(related.defer("public_key", "wrapped_key")[start:stop], now)


def _row(one: Competition, services: tuple[str, ...], now: datetime) -> CompetitionRow:
    # annotated by the query
    at = Phase(vars(one)["phase_now"])
    when, left = _next(one, at, now)
    return CompetitionRow(one, at, TONES.get(at, ""), services, when, left)


def _next(one: Competition, at: Phase, now: datetime) -> tuple[str, str]:
    """Say what comes next, and how long there is to it."""
    if at == Phase.ANNOUNCED and one.opens_at:
        return _("proposals are accepted from %(moment)s") % {"moment": in_words(one.opens_at)}, ""
    end = one.hold_until if at == Phase.HELD else one.closes_at
    if at in Phase.accepting and end:
        words = until_words(end, now)
        return (_("at the latest %(until)s") % {"until": words} if at == Phase.HELD else words), left_words(end, now)
    if at == Phase.CLOSED and one.opening_at:
        words = _("proposals are opened on %(moment)s") if now < one.opening_at else _("to be opened since %(moment)s")
        return words % {"moment": in_words(one.opening_at)}, ""
    return _last(one, at), ""


def _last(one: Competition, at: Phase) -> str:
    """Say what happened last to a competition that takes no proposals any more."""
    # annotated by the query
    decided: datetime | None = vars(one)["decided_at"]
    if at in Phase.decided and decided:
        return _("decided on %(moment)s") % {"moment": in_words(day_of(decided))}
    if at == Phase.OPENED and one.opened_at:
        return _("proposals were opened on %(moment)s") % {"moment": in_words(one.opened_at)}
    return in_words(one.ended_at)


# --- the questions beside the list ---------------------------------------------------------------------------------


def facets(read: ReadCompetitionFilter, now: datetime, held: Collection[int]) -> list[Facet]:
    """Return the questions with the answers that would find something, each counted without its own choice."""

    def rest(name: str) -> QuerySet[Competition]:
        return matching_competitions(read.wanted.without(_FIELDS[name]), now, held)

    names = vocabulary()
    phases = [(value.value, str(value.label)) for value in Phase if value != Phase.DRAFT]
    services = [(kind.slug, kind.name) for kind in names.services.values()]
    groups = [(group.slug, group.name) for group in names.groups.values()]
    return [
        _facet("phase", read, phases, count_by(rest("phase"), "phase_now")),
        _facet("service", read, services, count_by_lots(rest("service"), "service_slug")),
        _facet("group", read, groups, count_by_lots(rest("group"), "group_slug")),
        _facet("procedure", read, list(procedure_names().items()), count_by(rest("procedure"), "procedure")),
    ]


def _facet(name: str, read: ReadCompetitionFilter, values: Iterable[tuple[str, str]], counts: dict[Any, int]) -> Facet:
    ticked = read.chosen.get(name, [])
    choices = [
        Choice(value, str(capfirst(label)), counts.get(value, 0), value in ticked)
        for value, label in values
        if counts.get(value) or value in ticked
    ]
    return Facet(name, str(_LABELS[name]), choices, read.problems.get(name, ""))


def oblast_choices(read: ReadCompetitionFilter, now: datetime, held: Collection[int]) -> list[Choice]:
    rest = matching_competitions(read.wanted.without("oblast_id", "hromada_id"), now, held)
    units = sorted(vocabulary().oblasts.values(), key=lambda unit: alphabetical(unit.name))
    return _places(units, count_by(rest, "hromada__oblast"), read.oblast)


def hromada_choices(read: ReadCompetitionFilter, now: datetime, held: Collection[int]) -> list[Choice]:
    """Return the hromadas of the chosen oblast that have called a competition."""
    if read.oblast is None:
        return []
    rest = matching_competitions(read.wanted.without("hromada_id"), now, held)
    units = sorted(hromadas_of(read.oblast.pk), key=lambda unit: alphabetical(unit.name))
    return _places(units, count_by(rest, "hromada"), read.hromada)


def _places(units: Iterable[Territory], counts: dict[Any, int], chosen: Territory | None) -> list[Choice]:
    key = chosen.pk if chosen else None
    return [
        Choice(unit.code, unit.label, counts.get(unit.pk, 0), unit.pk == key)
        for unit in units
        if counts.get(unit.pk) or unit.pk == key
    ]


def chips(read: ReadCompetitionFilter, ticked: Iterable[Facet]) -> list[Chip]:
    """Return the conditions in force, each with the way to drop it."""
    wanted, found = read.wanted, []
    if wanted.text:
        found.append(Chip(_("Text"), f"«{wanted.text}»", parameters(read, q=None, page=None)))
    if read.hromada:
        found.append(Chip(_("Hromada"), read.hromada.label, parameters(read, hromada=None, page=None)))
    elif read.oblast:
        found.append(Chip(_("Oblast"), read.oblast.label, parameters(read, oblast=None, page=None)))
    for facet in ticked:
        for choice in facet.chosen:
            rest = [value for value in read.chosen[facet.name] if value != choice.value]
            found.append(Chip(facet.label, choice.label, parameters(read, **{facet.name: rest, "page": None})))
    for name, value, words in (
        ("sum_from", wanted.sum_from, _("from %(sum)s UAH")),
        ("sum_to", wanted.sum_to, _("up to %(sum)s UAH")),
    ):
        if value is not None:
            found.append(
                Chip(_("Sum"), words % {"sum": read.typed[name]}, parameters(read, **{name: None, "page": None}))
            )
    return found


def ways_out(read: ReadCompetitionFilter, now: datetime, held: Collection[int]) -> list[Chip]:
    """Return what dropping each condition would find; for a list that found nothing."""
    wanted = read.wanted
    tries: list[tuple[str, CompetitionFilter, dict[str, Any]]] = []
    if wanted.hromada_id and wanted.oblast_id:
        tries.append((_("in the whole oblast"), wanted.without("hromada_id"), {"hromada": None}))
    if wanted.oblast_id:
        nowhere = wanted.without("hromada_id", "oblast_id")
        tries.append((_("in all Ukraine"), nowhere, {"hromada": None, "oblast": None}))
    if wanted.text:
        tries.append((_("without the words “%s”") % wanted.text, wanted.without("text"), {"q": None}))
    if wanted.sum_from is not None or wanted.sum_to is not None:
        tries.append((_("for any sum"), wanted.without("sum_from", "sum_to"), {"sum_from": None, "sum_to": None}))
    for name, field in _FIELDS.items():
        if read.chosen.get(name):
            label = _("without the condition “%s”") % _LABELS[name]
            tries.append((label, wanted.without(field), {name: None}))
    found = [
        Chip(label, "", parameters(read, **changes, page=None), matching_competitions(wider, now, held).count())
        for label, wider, changes in tries
    ]
    return [chip for chip in found if chip.would_find]


def sort_choices(read: ReadCompetitionFilter) -> list[Choice]:
    # the first one is what an address without a sorting means
    values = ("", *SORTS[1:])
    return [
        Choice(value, str(SORT_LABELS[name]), 0, name == read.wanted.sort)
        for value, name in zip(values, SORTS, strict=True)
    ]
