"""Where invented providers are: real hromadas and settlements of the codifier, large ones more often."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from random import Random
from typing import Any, Final

from registry.domain.demo.grammar import genitive, genitive_masculine, locative, locative_masculine
from registry.domain.demo.material import Weighted
from registry.domain.demo.sentences import chance
from registry.enums import UnitCategory
from registry.models import Territory

_COUNCILS: Final = {"M": "міської", "X": "селищної", "C": "сільської", "K": "міської"}
# what the two cities with special status are called in the cases that texts need
_CITIES: Final = {
    "Київ": ("Київська", "міста Києва", "Києві"),
    "Севастополь": ("Севастопольська", "міста Севастополя", "Севастополі"),
}
_CENTRE_SHARE: Final = 0.78


@dataclass(slots=True, frozen=True)
class Settlement:
    pk: int
    code: str
    category: str
    latitude: float | None
    longitude: float | None


@dataclass(slots=True)
class Place:
    """A hromada, or a city that is its own oblast, with the phrases in which texts name it."""

    code: str
    oblast_id: int
    hromada_id: int | None
    raion_id: int | None
    centre: Settlement
    council: str
    phrases: dict[str, str]
    settlements: list[Settlement] = field(default_factory=list)

    def settlement(self, rng: Random) -> Settlement:
        """Pick where in the hromada: its centre as a rule."""
        if not self.settlements or chance(rng, _CENTRE_SHARE):
            return self.centre
        return rng.choice(self.settlements)


class Places:
    """The places of the set, read from the codifier in its own order, so that keys of rows do not matter."""

    def __init__(self, told: Mapping[str, Any]) -> None:
        self._read()
        without = told["without"]
        closed = {self._units[code].pk for codes in without.values() for code in codes if code in self._units}
        places = [place for place in self._all() if not {place.oblast_id, place.raion_id} & closed]
        self.by_raion: dict[int, list[Place]] = defaultdict(list)
        for place in places:
            if place.raion_id:
                self.by_raion[place.raion_id].append(place)
        self.codes = {place.code: place for place in places}
        usual = told["by_category"]
        self._weighted = Weighted(
            {code: told["weights"].get(code, usual.get(place.centre.category, 1)) for code, place in self.codes.items()}
        )

    def pick(self, rng: Random) -> Place:
        return self.codes[self._weighted.pick(rng)]

    def _read(self) -> None:
        units = Territory.objects.filter(in_codifier=True).exclude(category=UnitCategory.CITY_DISTRICT).order_by("code")
        fields = ("pk", "code", "category", "name", "oblast", "raion", "hromada", "centre", "latitude", "longitude")
        self._units = {unit.code: unit for unit in units.values_list(*fields, named=True)}
        self._by_key = {unit.pk: unit for unit in self._units.values()}
        self._inside: dict[int, list[Any]] = defaultdict(list)
        for unit in self._units.values():
            if unit.hromada and unit.category in UnitCategory.settlements:
                self._inside[unit.hromada].append(unit)

    def _all(self) -> list[Place]:
        hromadas = [unit for unit in self._units.values() if unit.category == UnitCategory.HROMADA]
        cities = [unit for unit in self._units.values() if unit.category == UnitCategory.SPECIAL_CITY]
        found = [self._hromada(unit) for unit in hromadas if unit.centre in self._by_key or self._inside[unit.pk]]
        return found + [self._city(unit) for unit in cities]

    def _hromada(self, unit: Any) -> Place:
        inside = self._inside[unit.pk]
        centre = self._by_key.get(unit.centre) or next((one for one in inside if one.category == "M"), inside[0])
        oblast, raion = self._by_key[unit.oblast], self._by_key[unit.raion]
        return Place(
            code=unit.code,
            oblast_id=unit.oblast,
            hromada_id=unit.pk,
            raion_id=unit.raion,
            centre=_settlement(centre),
            council=f"{genitive(unit.name)} {_COUNCILS[centre.category]} ради",
            phrases=_phrases(unit.name, raion.name, oblast.name),
            settlements=[_settlement(one) for one in inside if one.pk != centre.pk],
        )

    def _city(self, unit: Any) -> Place:
        adjective, of_city, in_city = _CITIES[unit.name]
        return Place(
            code=unit.code,
            oblast_id=unit.pk,
            hromada_id=None,
            raion_id=None,
            centre=_settlement(unit),
            council=f"{genitive(adjective)} міської ради",
            phrases={
                "hromada": adjective,
                "raion": f"місто {unit.name}",
                **dict.fromkeys(("of_hromada", "of_raion", "of_oblast"), of_city),
                **dict.fromkeys(("in_hromada", "in_raion", "in_oblast"), in_city),
            },
        )


def _settlement(unit: Any) -> Settlement:
    return Settlement(unit.pk, unit.code, unit.category, unit.latitude, unit.longitude)


def _phrases(hromada: str, raion: str, oblast: str) -> dict[str, str]:
    of_oblast, in_oblast = f"{genitive(oblast)} області", f"{locative(oblast)} області"
    if not oblast.endswith("ька"):
        of_oblast, in_oblast = "Автономної Республіки Крим", "Автономній Республіці Крим"
    return {
        "hromada": hromada,
        "raion": f"{raion} район",
        "of_hromada": f"{genitive(hromada)} громади",
        "in_hromada": f"{locative(hromada)} громаді",
        "of_raion": f"{genitive_masculine(raion)} району",
        "in_raion": f"{locative_masculine(raion)} районі",
        "of_oblast": of_oblast,
        "in_oblast": in_oblast,
    }
