"""Up to four services side by side: every respect is a row, and what is not known is said to be not known."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Final

from django.urls import reverse
from django.utils.translation import gettext as _

from portal.site.together import facts
from portal.site.together.cells import NOTHING, Cell, Part, Row, answer, row
from portal.site.together.ratings import Quality, qualities
from procurement.interfaces.result_tables import written
from registry.interfaces.way_there import state_word
from registry.models import AccessFeature
from registry.queries.access_profiles import Need, Profile
from registry.queries.chosen import ChosenService
from registry.queries.memory import kept
from registry.templatetags.register import day

MOST: Final = 4


@dataclass(frozen=True, slots=True)
class Comparison:
    services: list[ChosenService]
    parts: list[Part]

    @property
    def differing(self) -> int:
        return sum(row.differs for part in self.parts for row in part.rows)

    @property
    def rows(self) -> int:
        return sum(len(part.rows) for part in self.parts)


def compare(
    services: Sequence[ChosenService], *, now: datetime, here: facts.Point | None = None, profile: Profile | None = None
) -> Comparison:
    """Return the rows for these services; `here` is whence distances are counted, `profile` what the reader needs."""
    about = _services(services, here)
    parts = [Part(_("The service"), about), Part(_("When and how many"), _times(services, now))]
    parts.append(Part(_("My way there") if profile else _("Access"), _access(services, profile)))
    parts.append(Part(_("Quality"), _quality(services)))
    parts.append(Part(_("How sure this is"), [row(_("Confirmed by a person"), facts.freshness, services)]))
    return Comparison(list(services), [part for part in parts if part.rows])


def only_differing(found: Comparison) -> Comparison:
    parts = [Part(part.name, [row for row in part.rows if row.differs]) for part in found.parts]
    return Comparison(found.services, [part for part in parts if part.rows])


def _services(services: Sequence[ChosenService], here: facts.Point | None) -> list[Row]:
    rows = [
        row(_("Telephone"), facts.phone, services),
        row(_("Service"), facts.service_cell, services),
        row(_("For whom"), facts.groups, services),
        row(_("What is needed"), facts.conditions, services),
        row(_("What it costs"), facts.price, services),
        row(_("How it is given"), facts.forms, services),
        row(_("Where"), facts.place, services),
        row(_("Area served"), facts.area, services),
    ]
    if here is not None:
        rows.insert(6, row(_("How far"), partial(facts.distance, here=here), services))
    return rows


def _times(services: Sequence[ChosenService], now: datetime) -> list[Row]:
    return [
        row(_("Given urgently"), facts.urgency, services),
        row(_("Free now"), facts.free_places, services),
        row(_("Waiting"), facts.waiting, services),
        row(_("Places in all"), facts.capacity, services),
        row(_("Hours"), facts.hours, services),
        row(_("Open now"), partial(facts.open_now, now=now), services),
    ]


# --- access ----------------------------------------------------------------------------------------------------------


def _access(services: Sequence[ChosenService], profile: Profile | None) -> list[Row]:
    """Return the needs of the profile; without one, every feature of which something is known somewhere."""
    if profile is not None:
        whole = row(profile.name, partial(_open_to, profile=profile), services)
        return [whole, *(row(need.name, partial(_met, need=need), services) for need in profile.needs)]
    features = kept("access_features", lambda: list(AccessFeature.objects.all()))
    needs = [Need(one.slug, one.name_uk, one.name_en, (one.slug,), essential=False) for one in features]
    rows = [row(need.name, partial(_met, need=need), services) for need in needs]
    known = [one for one in rows if one.is_known]
    return known or [Row(_("Access"), [NOTHING for _one in services])]


def _open_to(one: ChosenService, profile: Profile) -> Cell:
    state = profile.open_anywhere(site.known for site in one.sites)
    words = {
        "yes": _("known to be accessible"),
        "no": _("known not to be accessible"),
        "unknown": _("accessibility not known"),
    }
    word = state_word(state)
    return Cell((words[word],), state=word)


def _met(one: ChosenService, need: Need) -> Cell:
    """Say whether one of the addresses meets the need, and on what day somebody looked, where that is told."""
    states = [(need.met_by(site.known), site) for site in one.sites]
    if not states:
        return NOTHING
    state, site = next(
        (found for wanted in (True, None, False) for found in states if found[0] is wanted), (None, one.sites[0])
    )
    days = [site.checked_on[feature] for feature in need.any_of if feature in site.checked_on]
    return answer(state, _("checked on %(day)s") % {"day": day(max(days))} if days else "")


# --- quality ---------------------------------------------------------------------------------------------------------


def _quality(services: Sequence[ChosenService]) -> list[Row]:
    organisations = {one.card.service.pk: one.entry.organisation_id for one in services}
    found = qualities([one.card.service for one in services], organisations)
    told = [found.get(one.card.service.pk) for one in services]
    names: dict[str, str] = {}
    for one in told:
        names |= one.names if one else {}
    rows = [row(_("State standard met"), facts.standard, services), row(_("Evaluation of quality"), _total, told)]
    for code, name in names.items():
        line = row(name, partial(_value, code=code), told)
        if line.is_known:
            rows.append(line)
    return rows


def _total(one: Quality | None) -> Cell:
    if one is None:
        return NOTHING
    words = one.grade
    if one.total is not None:
        words = _("%(total)s %%, %(grade)s") % {"total": written(one.total), "grade": one.grade}
    notes = [one.kind, _("for the time until %(day)s") % {"day": day(one.period_to)}]
    if one.oldest_on:
        notes.append(_("oldest evidence of %(day)s") % {"day": day(one.oldest_on)})
    if one.is_general:
        notes.append(_("of all its services together"))
    url = reverse("procurement:quality_evaluation", args=[one.pk])
    return Cell((words,), "; ".join(notes), url=url, told=(one.grade, one.total))


def _value(one: Quality | None, code: str) -> Cell:
    value = one.values.get(code) if one else None
    return NOTHING if value is None else Cell((f"{written(value)} %",), told=value)
