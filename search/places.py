"""Places as people name them: any case form, old and Russian names, «на Полтавщині», «с. Диканька»."""

from __future__ import annotations

import csv
import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

from search.analysis.morphology import analyser, is_known, is_russian, lemmas
from search.analysis.normal import words
from search.thesaurus import REFERENCE

LONGEST: Final = 3
OBLAST, SPECIAL, RAION, HROMADA, CITY, TOWN, VILLAGE = "O", "K", "P", "H", "M", "X", "C"
_HINTS: Final = {
    **dict.fromkeys(("область", "області", "областю", "обл", "області", "области", "областью"), OBLAST),
    **dict.fromkeys(("район", "району", "районі", "районом", "р-н", "р-ну", "р-ні", "района", "районе"), RAION),
    **dict.fromkeys(
        ("громада", "громади", "громаді", "громаду", "громадою", "тг", "отг", "громады", "громаде"), HROMADA
    ),
}
_BEFORE: Final = {
    **dict.fromkeys(("м", "місто", "місті", "міста", "г", "город", "городе", "города"), (SPECIAL, CITY)),
    **dict.fromkeys(("с", "село", "селі", "села", "селе"), (VILLAGE, TOWN)),
    **dict.fromkeys(("смт", "пгт", "селище", "селищі", "селища"), (TOWN, VILLAGE)),
}
_BETWEEN: Final = frozenset({"міська", "міської", "міській", "сільська", "селищна", "територіальна", "територіальної"})
_PREPOSITIONS: Final = frozenset({"у", "в", "во", "з", "із", "зі", "до", "біля", "під", "около", "из", "со", "возле"})
_ENDING: Final = re.compile(
    r"(?:ами|ями|ого|ому|ими|ові|еві|єві|ою|ею|єю|ах|ях|ам|ям|ом|ем|єм|ий|ій|им|их|ої|ая|ую|ое|ой|ей|ев|ов|ів|їв|єв|"
    r"ы|и|і|ї|у|ю|а|я|о|е|є|э|ь|й)$"
)
_OF_ADJECTIVE: Final = re.compile(
    r"(?:ськ|цьк|зьк|ск|цк)(?:ий|ій|ого|ому|ом|им|их|ими|а|я|ої|ой|ую|у|ою|ая|о|ое|ем|е|і|и)?$"
)
_OF_OWNER: Final = re.compile(r"(?:ів|їв|єв|ов|ев)(?:а|і|е|у|ом|ою|ої|ій|ой|ая|ую)?$")
_ADJECTIVE: Final = re.compile(r"(?:ськ|цьк|зьк|ск|цк)")
_FOLD: Final = str.maketrans(
    {
        "ы": "и",
        "і": "и",
        "ї": "и",
        "й": "и",
        "э": "и",
        "є": "и",
        "е": "и",
        "ё": "и",
        "ґ": "г",
        "ъ": None,
        "ь": None,
        "ʼ": None,
    }
)
# how telling a bare name is, without «місто» or «село» beside it
_RANK: Final = {SPECIAL: 0, CITY: 1, OBLAST: 2, TOWN: 4, HROMADA: 3, RAION: 5, VILLAGE: 6}


@dataclass(frozen=True, slots=True)
class Place:
    """A unit of the codifier with what a search needs of it; codes are КАТОТТГ, empty where there is none."""

    code: str
    category: str
    name: str
    label: str
    oblast: str = ""
    raion: str = ""
    hromada: str = ""
    latitude: float | None = None
    longitude: float | None = None
    is_centre: bool = False

    @property
    def inside(self) -> str:
        """The unit that stands for the place: of a settlement its hromada."""
        return self.hromada if self.category in {CITY, TOWN, VILLAGE} and self.hromada else self.code

    @property
    def chain(self) -> tuple[str, ...]:
        """The unit that stands for the place and its ancestors, the nearest first."""
        found = (self.inside, self.hromada, self.raion, self.oblast)
        return tuple(dict.fromkeys(code for code in found if code))


@dataclass(frozen=True, slots=True)
class Mention:
    """Words `start` to `stop` of a text name this place; `sure` when the words can hardly mean anything else."""

    start: int
    stop: int
    place: Place
    sure: bool = True


@lru_cache(maxsize=100_000)
def skeleton(word: str) -> str:
    """Return what the case forms of a name share, Ukrainian and Russian ones alike; at least two letters."""
    if _OF_ADJECTIVE.search(word):
        cut = _OF_OWNER.sub("", _OF_ADJECTIVE.sub("", word))
    else:
        cut = _OF_OWNER.sub("", word)
        cut = _ENDING.sub("", word) if cut == word else cut
    if len(cut) < 2:  # noqa: PLR2004 «Яр», «Ай»
        cut = word
    folded = cut.translate(_FOLD)
    return re.sub(r"(.)\1", r"\1", folded)


def _keys(word: str) -> set[str]:
    adjective = "~" if _ADJECTIVE.search(word) else ""
    found = {skeleton(word) + adjective}
    if is_known(word):
        found |= {skeleton(one) + ("~" if _ADJECTIVE.search(one) else "") for one in lemmas(word)}
    return found


class Gazetteer:
    """Finds places in rows of words."""

    def __init__(self, places: Iterable[Place]) -> None:
        self.by_code = {place.code: place for place in places}
        self._by_key: dict[tuple[str, ...], list[Place]] = defaultdict(list)
        self._nicknames: dict[str, str] = {}
        self._latin: dict[str, str] = dict(_LATIN_NAMES)
        named: dict[tuple[str, str], list[Place]] = defaultdict(list)
        for place in self.by_code.values():
            named[place.name.casefold(), place.category].append(place)
            self._by_key[self._key(words(place.name))].append(place)
            if place.category in {SPECIAL, CITY}:
                self._latin.setdefault(in_latin(_plain(place.name)), _plain(place.name))
        with (REFERENCE / "places.csv").open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                for place in sorted(named[row["target"].casefold(), row["category"]], key=_importance)[:1]:
                    self._by_key[self._key(words(row["name"]))].append(place)
                    self._nicknames[" ".join(words(row["name"]))] = place.code

    @staticmethod
    def _key(row: Sequence[str]) -> tuple[str, ...]:
        return tuple(skeleton(word) + ("~" if _ADJECTIVE.search(word) else "") for word in row)

    def in_latin(self, word: str) -> str:
        """Return the Ukrainian name of a city written in Latin letters, or nothing."""
        return self._latin.get(word, "")

    def knows(self, word: str) -> bool:
        """Say whether a city or the centre of a hromada has this name."""
        return any(place.category in {SPECIAL, CITY} or place.is_centre for place in self._candidates([word]))

    def mentions(self, row: Sequence[str], *, within: str = "") -> list[Mention]:
        """Return the places that the words name, from left to right; `within` is the oblast they must lie in."""
        found: list[Mention] = []
        start = 0
        while start < len(row):
            mention = self._mention(row, start, within)
            if mention is None:
                start += 1
                continue
            found.append(mention)
            start = mention.stop
        return found

    def _mention(self, row: Sequence[str], start: int, within: str) -> Mention | None:
        first = start
        wanted: tuple[str, ...] = ()
        if row[start] in _BEFORE:
            wanted, first = _BEFORE[row[start]], start + 1
        for size in range(min(LONGEST, len(row) - first), 0, -1):
            part = row[first : first + size]
            candidates = self._candidates(part)
            if within:
                candidates = [place for place in candidates if within in {place.oblast, place.code}]
            if not candidates:
                continue
            stop, hint = self._hint(row, first + size)
            if hint:
                candidates = [place for place in candidates if place.category == hint]
                stop_hint = stop
            else:
                stop_hint = first + size
            if wanted:
                candidates = [place for place in candidates if place.category in wanted] or []
            if not candidates:
                continue
            said = " ".join(part)
            best = min(candidates, key=lambda place: (_plain(place.name) != said, _importance(place)))
            sure = bool(hint or wanted)
            if not sure and not self._is_telling(row, first, size, best):
                continue
            return Mention(
                start if wanted else first, stop_hint, best, sure or best.category in {OBLAST, SPECIAL, CITY}
            )
        return None

    @staticmethod
    def _hint(row: Sequence[str], at: int) -> tuple[int, str]:
        stop = at
        while stop < len(row) and row[stop] in _BETWEEN:
            stop += 1
        if stop < len(row) and row[stop] in _HINTS:
            return stop + 1, _HINTS[row[stop]]
        return at, ""

    def _candidates(self, part: Sequence[str]) -> list[Place]:
        exact = self._by_key.get(self._key(part), [])
        if exact:
            return exact
        if len(part) == 1:
            return [place for key in _keys(part[0]) for place in self._by_key.get((key,), ())]
        # only the last word of a name may differ in more than its ending
        options = [_keys(word) for word in part]
        rows: list[tuple[str, ...]] = [()]
        for option in options:
            rows = [(*row, key) for row in rows for key in sorted(option)][:24]
        return [place for key in rows for place in self._by_key.get(key, ())]

    def _is_telling(self, row: Sequence[str], first: int, size: int, place: Place) -> bool:
        """Say whether a bare name may stand for the place: no common word, or one after a preposition."""
        said = " ".join(row[first : first + size])
        after_preposition = first > 0 and row[first - 1] in _PREPOSITIONS
        if place.category in {HROMADA, RAION}:
            return False
        if place.category == OBLAST:
            return not _ADJECTIVE.search(said) or place.name.startswith("Автономна")
        if size > 1:
            return place.category != VILLAGE or after_preposition
        if place.category in {SPECIAL, CITY}:
            is_itself = said == _plain(place.name) or self._nicknames.get(said) == place.code
            return after_preposition or is_itself or not is_common(said, place.name)
        return (after_preposition or (place.category == TOWN and place.is_centre)) and not is_common(said, place.name)


# the national table (Cabinet decree 55 of 2010); the second letter stands at the beginning of a word
_ROMAN: Final = {
    "а": "a", "б": "b", "в": "v", "г": "h", "ґ": "g", "д": "d", "е": "e", "є": "ie", "ж": "zh", "з": "z", "и": "y",
    "і": "i", "ї": "i", "й": "i", "к": "k", "л": "l", "м": "m", "н": "n", "о": "o", "п": "p", "р": "r", "с": "s",
    "т": "t", "у": "u", "ф": "f", "х": "kh", "ц": "ts", "ч": "ch", "ш": "sh", "щ": "shch", "ю": "iu", "я": "ia",
}  # fmt: skip
_ROMAN_FIRST: Final = {"є": "ye", "ї": "yi", "й": "y", "ю": "yu", "я": "ya"}
_LATIN_NAMES: Final = {
    "kiev": "київ", "kharkov": "харків", "lvov": "львів", "odessa": "одеса", "dnepr": "дніпро", "nikolaev": "миколаїв",
    "zaporozhye": "запоріжжя", "zaporizhya": "запоріжжя", "chernigov": "чернігів", "rovno": "рівне",
    "vinnitsa": "вінниця", "ternopol": "тернопіль", "krivoy": "кривий", "zaporozhe": "запоріжжя",
    "kyiw": "київ", "lviw": "львів",
}  # fmt: skip


def in_latin(name: str) -> str:
    """Return a Ukrainian name in Latin letters by the national table."""
    name = name.replace("зг", "zgh").replace("ʼ", "").replace("ь", "")
    return "".join(
        _ROMAN_FIRST.get(letter, _ROMAN.get(letter, letter)) if not place else _ROMAN.get(letter, letter)
        for place, letter in enumerate(name)
    )


def _plain(name: str) -> str:
    return " ".join(words(name))


@lru_cache(maxsize=20_000)
def is_common(word: str, name: str) -> bool:
    """Say whether the word means something else than the place or a person's name, by the dictionaries."""
    morphology = analyser("uk") if is_known(word) else analyser("ru") if is_russian(word) else None
    if morphology is None:
        return False
    plain = _plain(name).replace("ʼ", "'")
    if plain.endswith(("ськ", "цьк", "зьк")) and skeleton(plain) == skeleton(word):
        return False
    for parse in morphology.parse(word.replace("ʼ", "'")):
        is_proper = any(mark in str(parse.tag) for mark in ("Surn", "Name", "Patr", "Geox"))
        if not is_proper and parse.normal_form != plain:
            return True
    return False


def _importance(place: Place) -> tuple[int, int, str]:
    return (_RANK.get(place.category, 9), 0 if place.is_centre else 1, place.code)


def place_of(unit: Any, codes: dict[int, str]) -> Place:
    """Return a territory row as a place; `codes` has the code of every unit by its key."""
    return Place(
        unit.code,
        unit.category,
        unit.name,
        unit.label,
        codes.get(unit.oblast_id or 0, ""),
        codes.get(unit.raion_id or 0, ""),
        codes.get(unit.hromada_id or 0, ""),
        unit.latitude,
        unit.longitude,
    )
