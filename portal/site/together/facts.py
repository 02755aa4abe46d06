"""What the rows of the comparison say of one service: for whom, at what price, how far, how many places, when."""

from __future__ import annotations

from datetime import date, datetime
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from portal.site.together.cells import NOTHING, Cell, answer, text
from registry.enums import AreaKind, PriceMode, ServiceStanding
from registry.queries.chosen import ChosenService
from registry.templatetags.register import amount, day, opening, price_words
from search.answering import distance_km
from search.hours import slot, slots
from search.interfaces.lines import distance_words

UKRAINIAN: Final = "uk"
Point = tuple[float, float]


def service_cell(one: ChosenService) -> Cell:
    service = one.card.service
    kind = service.service_type
    name = service.title if service.title and service.title != kind.name else ""
    standing = _("may not be given now") if service.standing == ServiceStanding.SUSPENDED else ""
    return text(kind.name, name, standing)


def groups(one: ChosenService) -> Cell:
    return text(*(group.name for group in one.card.groups), told=frozenset(group.slug for group in one.card.groups))


def conditions(one: ChosenService) -> Cell:
    return text(*one.card.service.conditions.splitlines(), language=UKRAINIAN)


def price(one: ChosenService) -> Cell:
    service = one.card.service
    if service.price_mode == PriceMode.UNKNOWN:
        return NOTHING
    words = price_words(service)
    return text(words, note=as_of(service.price_on), told=words)


def distance(one: ChosenService, here: Point) -> Cell:
    """Say how far the nearest address is, or its settlement; of a confidential address nothing is said."""
    if one.points:
        nearest = min(distance_km(here, point) for point in one.points)
        return text(distance_words(nearest), note=_("in a straight line"))
    if one.settlements:
        nearest = min(distance_km(here, point) for point in one.settlements)
        return text(distance_words(nearest), note=_("in a straight line, to the middle of the settlement"))
    return NOTHING


def place(one: ChosenService) -> Cell:
    hidden = any(site.confidential for site in one.sites)
    note = _("the address is not disclosed, call") if hidden else ""
    streets = [site.address for site in one.sites if not site.confidential and site.street]
    return text(*(streets or [one.place]), note=note, language=UKRAINIAN)


def area(one: ChosenService) -> Cell:
    if one.card.service.area_kind == AreaKind.COUNTRY:
        return text(_("all Ukraine"))
    return text(*(unit.label for unit in one.card.areas), language=UKRAINIAN)


def forms(one: ChosenService) -> Cell:
    return text(*(form.name for form in one.card.forms), told=frozenset(form.slug for form in one.card.forms))


def capacity(one: ChosenService) -> Cell:
    service = one.card.service
    if service.capacity is None:
        return NOTHING
    return text(amount(service.capacity), note=as_of(service.capacity_on), told=service.capacity)


def free_places(one: ChosenService) -> Cell:
    """Say how many places are free and until when the word holds; an old word is no data any more."""
    free, service = one.card.free, one.card.service
    if free is None or not free.is_known or service.standing == ServiceStanding.SUSPENDED:
        return NOTHING
    number = free.number or 0
    words = ngettext("%(number)s free place", "%(number)s free places", number) % {"number": amount(number)}
    first = _("needs are assessed first") if free.assessment_first else ""
    said = _("said on %(day)s") % {"day": day(free.said_on)}
    until = _("holds until %(day)s") % {"day": day(free.until)} if free.until else ""
    return text(
        words if number else _("no free places"), first, note=", ".join(filter(None, (said, until))), told=number
    )


def waiting(one: ChosenService) -> Cell:
    free = one.card.free
    waiting = free.told_waiting if free is not None and free.holds else None
    if waiting is None:
        return NOTHING
    words = ngettext("%(number)s person waiting", "%(number)s people waiting", waiting)
    return text(words % {"number": amount(waiting)}, told=waiting)


def urgency(one: ChosenService) -> Cell:
    # the register keeps a mark for urgent ones alone: without it nothing is promised, nothing is denied
    return answer(True) if one.card.service.urgent else NOTHING


def hours(one: ChosenService) -> Cell:
    told = _hours_of(one)
    return text(*(f"{days}: {span}" if days else span for days, span in opening(told))) if told else NOTHING


def open_now(one: ChosenService, now: datetime) -> Cell:
    known = slots(_hours_of(one))
    return answer(slot(now) in known) if known else NOTHING


def standard(one: ChosenService) -> Cell:
    return answer(one.card.service.meets_standard)


def freshness(one: ChosenService) -> Cell:
    if not one.age.is_confirmed:
        since = _("in the register since %(day)s") % {"day": day(one.age.since)}
        return Cell((_("nobody has confirmed it"),), since, state="unknown", told="")
    stale = pgettext("freshness", "not confirmed in time") if one.age.is_stale else ""
    return Cell((day(one.age.since),), stale, told=one.age.since)


def phone(one: ChosenService) -> Cell:
    return Cell((one.phone,), phone=one.phone) if one.phone else NOTHING


def as_of(on: date | None) -> str:
    return _("as of %(day)s") % {"day": day(on)} if on else _("no day is told")


def _hours_of(one: ChosenService) -> dict[str, object]:
    """Return the hours of the service itself, of it at its address, or of the address."""
    at_place = next((told for _site, told in one.card.places if told), None)
    at_site = next((site.hours for site in one.sites if site.hours), None)
    return one.card.service.hours or at_place or at_site or {}
