"""A provider of the set with its invented past: how it was first entered, what changed since, when and why."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from random import Random
from typing import Any, Final
from zoneinfo import ZoneInfo

from registry.domain.demo.addresses import Addresses, contacts_of, phone
from registry.domain.demo.identity import Identities, Identity, edrpou_of, name_of, rnokpp_of
from registry.domain.demo.material import Material
from registry.domain.demo.places import Places
from registry.domain.demo.sentences import chance
from registry.domain.demo.services import TODAY, Offers, about
from registry.domain.records import UNSET, ContactRecord, ProviderRecord, ServiceRecord
from registry.enums import ChangeAct, ContactKind

_KYIV: Final = ZoneInfo("Europe/Kyiv")
_FIRST_DAY: Final = date(2023, 2, 1)
_LAST_INCLUSION: Final = date(2026, 10, 10)
# how often each thing has happened to a provider, in the order in which things happen
_AMENDMENTS: Final = {"about": 0.04, "contacts": 0.07, "places": 0.08, "tariff": 0.08}
_VERIFIED: Final = 0.3
_LATELY: Final = 150
_SUSPENDED: Final = 0.04
_RESTORED: Final = 0.35
_EXCLUDED: Final = 0.018


@dataclass(slots=True, frozen=True)
class Step:
    """A lawful step taken with the entry, and what it set."""

    act: ChangeAct
    ground: str
    values: dict[str, Any]


@dataclass(slots=True)
class Story:
    """`first` is what was entered; each amendment is what the record became and why; then come the steps.

    `moments` has the moment of the inclusion and of everything after it, in order.
    """

    index: int
    first: ProviderRecord
    amendments: dict[str, tuple[ProviderRecord, str]] = field(default_factory=dict)
    steps: dict[ChangeAct, Step] = field(default_factory=dict)
    moments: list[datetime] = field(default_factory=list)


class Storyteller:
    """Tells the story of the provider with a given index: the same one for the same seed and material."""

    def __init__(self, seed: int) -> None:
        self._seed = seed
        self._material = Material()
        places = Places(self._material.places)
        self._identities = Identities(seed, self._material, places)
        self._offers, self._addresses = Offers(self._material, places), Addresses(self._material)
        self.ground = str(self._material.steps["grounds"]["included"])

    def story(self, index: int, *, heads_before: int = 0) -> tuple[Story, Identity]:
        rng = Random(f"{self._seed}:what:{index}")  # noqa: S311 nothing secret is drawn
        identity = self._identities.of(index, heads_before=heads_before)
        record = self._record(identity, rng)
        days = rng.randrange((_LAST_INCLUSION - _FIRST_DAY).days)
        record.included_on = _FIRST_DAY + timedelta(days=days)
        if chance(rng, 0.85):  # the rest nobody has verified yet
            # most were asked lately, as the register asks; a few have been left alone for long
            lately = TODAY - timedelta(days=_LATELY) if chance(rng, 0.85) else record.included_on
            record.verified_on = _day_between(max(record.included_on, lately), TODAY, rng)
        story = Story(index, record)
        if not identity.is_carer:
            self._add_past(story, rng)
        else:
            story.moments = [_moment(record.included_on, rng)]
        return story, identity

    def _record(self, identity: Identity, rng: Random) -> ProviderRecord:
        form = self._material.legal_forms[identity.legal_form]
        name, short = name_of(identity, rng, self._material)
        person = identity.person_type != "legal_entity"
        offers = self._offers.of(identity, rng)
        sites = self._addresses.of(identity, offers, rng)
        return ProviderRecord(
            code=None if person else edrpou_of(identity.index),
            rnokpp=rnokpp_of(identity.index, is_man=identity.person.is_man) if person else None,
            name=name,
            short_name=short,
            person_type=identity.person_type.value,
            legal_form=identity.legal_form,
            ownership_form=form["ownership"],
            sector=form["sector"],
            about=about(identity, rng, self._material),
            source=self._material.steps["source"],
            sites=sites,
            contacts=contacts_of(identity, rng, self._material),
            services=[offer.record for offer in offers],
        )

    def _add_past(self, story: Story, rng: Random) -> None:
        record = story.first
        included = record.included_on or _FIRST_DAY
        amendments = [kind for kind, share in _AMENDMENTS.items() if chance(rng, share) and _CAN_AMEND[kind](record)]
        acts = [ChangeAct.VERIFIED] if record.verified_on is not UNSET and chance(rng, _VERIFIED) else []
        if chance(rng, _SUSPENDED):
            acts += [ChangeAct.SUSPENDED] + ([ChangeAct.RESTORED] if chance(rng, _RESTORED) else [])
        if chance(rng, _EXCLUDED):
            acts.append(ChangeAct.EXCLUDED)
        happened = [*amendments, *acts]
        days = sorted(rng.sample(range(1, (TODAY - included).days), len(happened)))
        dates = [included + timedelta(days=day) for day in days]
        story.moments = [_moment(day, rng) for day in (included, *dates)]
        grounds = self._material.steps["grounds"]
        for act, day in zip(acts, dates[len(amendments) :], strict=True):
            ground = grounds[act.value]
            ground = ground if isinstance(ground, str) else rng.choice(ground)
            story.steps[act] = Step(act, ground, _step_values(act, day, rng))
        if ChangeAct.VERIFIED in story.steps:
            record.verified_on = UNSET
        self._amend(story, dict(zip(amendments, dates, strict=False)), grounds, rng)

    def _amend(self, story: Story, days: dict[str, date], grounds: dict[str, list[str]], rng: Random) -> None:
        """Go back from what is known today to what was first entered, keeping every state between."""
        record = story.first
        for kind, day in days.items():
            record = _dated(record, kind, day)
        states: dict[str, ProviderRecord] = {}
        for kind in reversed(days):
            states[kind] = record
            record = _UNDO[kind](record, rng)
        for kind in days:
            story.amendments[kind] = (states[kind], rng.choice(grounds[kind]))
        story.first = record


def _step_values(act: ChangeAct, day: date, rng: Random) -> dict[str, Any]:
    if act == ChangeAct.SUSPENDED:
        return {"suspended_until": TODAY + timedelta(days=rng.randint(20, 150)) if chance(rng, 0.6) else None}
    if act == ChangeAct.RESTORED:
        return {"suspended_until": None}
    if act == ChangeAct.EXCLUDED:
        return {"excluded_on": day, "suspended_until": None}
    return {"verified_on": day}


def _day_between(first: date, last: date, rng: Random) -> date:
    """Return a day between the two, the later the likelier."""
    return first + timedelta(days=int((last - first).days * max(rng.random(), rng.random())))


def _moment(day: date, rng: Random) -> datetime:
    return datetime.combine(day, time(rng.randint(9, 17), rng.randint(0, 59)), _KYIV)


def _with_service(record: ProviderRecord, place: int, service: ServiceRecord) -> ProviderRecord:
    services = list(record.services or ())
    services[place] = service
    return replace(record, services=services)


def _first_service(record: ProviderRecord, field_name: str) -> int:
    return next((index for index, one in enumerate(record.services or ()) if getattr(one, field_name)), -1)


def _dated(record: ProviderRecord, kind: str, day: date) -> ProviderRecord:
    """Make the date of what changed the day on which it changed."""
    name = {"tariff": "price", "places": "capacity"}.get(kind)
    if name is None:
        return record
    place = _first_service(record, name)
    service = replace((record.services or [])[place])
    setattr(service, f"{name}_on", day)
    return _with_service(record, place, service)


def _undo_tariff(record: ProviderRecord, rng: Random) -> ProviderRecord:
    place = _first_service(record, "price")
    service = (record.services or [])[place]
    cheaper = ((service.price or Decimal(1)) * Decimal(rng.randint(72, 93)) / 100).quantize(Decimal(1))
    told = (service.price_on or TODAY) - timedelta(days=rng.randint(300, 420))
    return _with_service(record, place, replace(service, price=cheaper.quantize(Decimal("0.01")), price_on=told))


def _undo_places(record: ProviderRecord, rng: Random) -> ProviderRecord:
    place = _first_service(record, "capacity")
    service = (record.services or [])[place]
    fewer = max(1, int((service.capacity or 1) * rng.uniform(0.6, 0.9)))
    told = (service.capacity_on or TODAY) - timedelta(days=rng.randint(90, 400))
    return _with_service(record, place, replace(service, capacity=fewer, capacity_on=told))


def _undo_contacts(record: ProviderRecord, rng: Random) -> ProviderRecord:
    first, *rest = record.contacts or [ContactRecord(ContactKind.PHONE, phone(rng))]
    return replace(record, contacts=[replace(first, value=phone(rng)), *rest])


def _undo_about(record: ProviderRecord, _rng: Random) -> ProviderRecord:
    return replace(record, about=f"{str(record.about).rsplit('. ', 1)[0]}.")


_UNDO: Final[dict[str, Callable[[ProviderRecord, Random], ProviderRecord]]] = {
    "about": _undo_about,
    "contacts": _undo_contacts,
    "places": _undo_places,
    "tariff": _undo_tariff,
}
_CAN_AMEND: Final[dict[str, Callable[[ProviderRecord], bool]]] = {
    "about": lambda record: ". " in str(record.about),
    "contacts": lambda record: bool(record.contacts),
    "places": lambda record: _first_service(record, "capacity") >= 0,
    "tariff": lambda record: _first_service(record, "price") >= 0,
}
