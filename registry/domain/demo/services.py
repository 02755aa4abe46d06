"""What invented providers offer: content, conditions, price, places, groups, area served."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from random import Random
from typing import Any, Final

from registry.domain.demo.identity import Identity
from registry.domain.demo.material import Material
from registry.domain.demo.places import Place, Places
from registry.domain.demo.sentences import chance, fill, paragraph, some_in_order
from registry.domain.records import ServiceRecord
from registry.enums import AreaKind, PriceMode

# the day on which the invented data are told; everything in the set happened before it
TODAY: Final = date(2026, 11, 1)
_BUSINESS: Final = ("limited_company", "private_enterprise", "private_institution", "sole_proprietor", "cooperative")
_INSTITUTIONS: Final = ("communal", "state")
_PREMISES: Final = frozenset({"semi_residential", "residential", "temporary_residential"})
_CONFIDENTIAL: Final = frozenset({"shelter:violence", "crisis-intervention:violence"})
_OBLAST_WIDE: Final = frozenset({"family_centre", "residential", "violence", "hearing"})


@dataclass(slots=True, frozen=True)
class Offer:
    """A service of the set before its addresses are known."""

    slug: str
    record: ServiceRecord
    needs_premises: bool

    @property
    def is_confidential(self) -> bool:
        return self.slug in _CONFIDENTIAL


class Offers:
    """Makes the services of a provider."""

    def __init__(self, material: Material, places: Places) -> None:
        self._material, self._places = material, places

    def of(self, identity: Identity, rng: Random) -> list[Offer]:
        likely = self._material.services_of_profile[identity.profile]
        slugs = [slug for slug, share in likely.items() if chance(rng, share)]
        if not slugs and likely:
            slugs = [max(likely, key=lambda slug: likely[slug])]
        most = self._material.profiles[identity.profile]["most"]
        if len(slugs) > most:
            slugs = [slug for slug in slugs if slug in rng.sample(slugs, most)] or slugs[:most]
        return [self._offer(slug, identity, rng) for slug in slugs]

    def _offer(self, slug: str, identity: Identity, rng: Random) -> Offer:
        bank = self._material.services[slug]
        words = self._material.vocabularies
        sector = self._material.legal_forms[identity.legal_form]["ownership"]
        forms = _chosen(bank["forms"], rng)
        record = ServiceRecord(
            service_type_id=words.services[slug.partition(":")[0]],
            price_mode=_price_mode(bank, identity, rng),
            urgent=chance(rng, bank["urgent"]),
            meets_standard=rng.choices([True, None, False], [55, 41, 4])[0],
            delivery_form_ids=frozenset(words.forms[one] for one in forms if one in words.forms),
            group_ids=frozenset(words.groups[one] for one in _chosen(bank["groups"], rng) if one in words.groups),
        )
        self._set_area(record, slug, sector, identity, rng)
        if not identity.is_carer:
            self._set_texts(record, bank, identity, rng)
        _set_price(record, bank, rng)
        _set_capacity(record, bank, identity, rng)
        return Offer(slug, record, bool(_PREMISES & set(forms)))

    def _set_texts(self, record: ServiceRecord, bank: Mapping[str, Any], identity: Identity, rng: Random) -> None:
        what = rng.choice(bank["what"])
        if isinstance(what, str):
            titles = bank.get("titles", ("",))
            what = {"text": what, "title": rng.choice(titles), "how": bank["how"]}
        if chance(rng, 0.35):
            record.title = what["title"]
        content = [what["text"], *some_in_order(what["how"], rng, rng.choice((1, 1, 2)))]
        content += some_in_order(bank["more"], rng, rng.choice((0, 1, 1, 2)))
        phrases = identity.place.phrases | _area_phrases(record, identity.place)
        record.content = paragraph(content, rng, phrases)
        record.conditions = paragraph(self._conditions(record.price_mode, bank, identity, rng), rng, phrases)

    def _conditions(self, mode: str, bank: Mapping[str, Any], identity: Identity, rng: Random) -> list[str]:
        steps = self._material.steps
        start = "contract" if identity.legal_form in _BUSINESS and mode == PriceMode.TARIFF else bank["start"]
        found = [rng.choice(bank["who"]), rng.choice(steps["start"][start])]
        # one sentence on papers is enough
        if steps["papers"][start] and not found[0].startswith(("Потріб", "Достатньо")) and chance(rng, 0.6):
            found.append(rng.choice(steps["papers"][start]))
        if mode != PriceMode.UNKNOWN and chance(rng, 0.35):
            sector = self._material.legal_forms[identity.legal_form]["ownership"]
            key = "free_elsewhere" if mode == PriceMode.FREE and sector not in _INSTITUTIONS else mode
            found.append(rng.choice(steps["payment"][key]))
        return found

    def _set_area(self, record: ServiceRecord, slug: str, sector: str, identity: Identity, rng: Random) -> None:
        place = identity.place
        if slug in _CONFIDENTIAL:
            weights = (0, 0, 60, 40)
        elif sector == "state" or identity.profile in _OBLAST_WIDE:
            weights = (10, 5, 80, 5)
        elif sector == "communal" or identity.is_carer:
            weights = (90, 7, 3, 0)
        else:
            weights = (42, 20, 28, 10)
        kinds = [AreaKind.HROMADAS, AreaKind.RAION, AreaKind.OBLAST, AreaKind.COUNTRY]
        kind = rng.choices(kinds, weights)[0]
        if place.hromada_id is None and kind in (AreaKind.HROMADAS, AreaKind.RAION):
            kind = AreaKind.OBLAST
        record.area_kind = kind
        if kind == AreaKind.HROMADAS:
            near = 0 if sector == "communal" and chance(rng, 0.92) else rng.choice((0, 1, 1, 2, 3))
            record.area_ids = self._hromadas(place, near, rng)
        elif kind == AreaKind.RAION and place.raion_id:
            record.area_ids = frozenset({place.raion_id})
        elif kind == AreaKind.OBLAST:
            record.area_ids = frozenset({place.oblast_id})

    def _hromadas(self, place: Place, near: int, rng: Random) -> frozenset[int]:
        around = self._places.by_raion[place.raion_id or 0]
        neighbours = rng.sample(around, min(near, len(around)))
        return frozenset(one.hromada_id for one in (place, *neighbours) if one.hromada_id)


def _area_phrases(record: ServiceRecord, place: Place) -> dict[str, str]:
    """Name the area served in the cases in which texts speak of it."""
    known = place.phrases
    near = len(record.area_ids) > 1
    of_area, in_area = {
        AreaKind.HROMADAS.value: (
            f"{known['of_hromada']} та сусідніх громад" if near else known["of_hromada"],
            f"{known['in_hromada']} та сусідніх" if near else known["in_hromada"],
        ),
        AreaKind.RAION.value: (known["of_raion"], known["in_raion"]),
        AreaKind.OBLAST.value: (known["of_oblast"], known["in_oblast"]),
        AreaKind.COUNTRY.value: ("усієї України", "Україні"),
    }[record.area_kind]
    return {"of_area": of_area, "in_area": in_area}


def about(identity: Identity, rng: Random, material: Material) -> str:
    """Return two to four sentences on the provider."""
    bank = material.profiles[identity.profile]["about"]
    if not bank or chance(rng, 0.06):  # some say nothing of themselves
        return ""
    phrases = identity.place.phrases | {
        "year": str(rng.randint(2008, 2024)),
        "old_year": str(rng.randint(1991, 2012)),
        "war_year": str(rng.choice((2022, 2022, 2023, 2024))),
    }
    return " ".join(fill(one, rng, phrases) for one in some_in_order(bank, rng, rng.choice((2, 2, 3, 3, 4))))


def _chosen(shares: Mapping[str, float], rng: Random) -> list[str]:
    found = [slug for slug, share in shares.items() if chance(rng, share)]
    return found or [next(iter(shares))]


def _price_mode(bank: Mapping[str, Any], identity: Identity, rng: Random) -> PriceMode:
    if chance(rng, 0.04):  # some do not say
        return PriceMode.UNKNOWN
    if identity.legal_form in _BUSINESS:
        return PriceMode.TARIFF
    modes = bank["price"]
    mode = PriceMode(rng.choices(list(modes), list(modes.values()))[0])
    # charities and associations live on grants more often than on fees
    given = identity.legal_form not in _BUSINESS and not identity.legal_form.startswith(("communal", "state"))
    return PriceMode.FREE if given and chance(rng, 0.75) else mode


def _set_price(record: ServiceRecord, bank: Mapping[str, Any], rng: Random) -> None:
    tariff = bank["tariff"]
    if record.price_mode not in (PriceMode.TARIFF, PriceMode.DIFFERENTIATED):
        return
    if record.price_mode == PriceMode.DIFFERENTIATED and chance(rng, 0.4):  # the sum is not always told
        return
    step = Decimal(str(tariff["step"]))
    steps = int((Decimal(tariff["high"]) - Decimal(tariff["low"])) / step)
    record.price = (Decimal(tariff["low"]) + step * rng.randint(0, steps)).quantize(Decimal("0.01"))
    record.price_unit = tariff["unit"]
    record.price_on = TODAY - timedelta(days=rng.randint(20, 700))


def _set_capacity(record: ServiceRecord, bank: Mapping[str, Any], identity: Identity, rng: Random) -> None:
    low, high = bank["capacity"]
    if identity.is_carer:
        low, high = 1, 2
    if not high or chance(rng, 0.2):  # unknown is left unknown
        return
    record.capacity = rng.randint(low, high)
    # a third of the counts are old, and the pages must say so
    record.capacity_on = TODAY - timedelta(days=rng.randint(5, 150) if chance(rng, 0.66) else rng.randint(200, 1000))
