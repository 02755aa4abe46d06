"""The same words typed otherwise: on a keyboard of another language, in Latin letters, in Russian spelling."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import Final

# a Latin keyboard under Ukrainian and Russian letters
_KEYS: Final = "qwertyuiop[]asdfghjkl;'zxcvbnm,.`"
_UKRAINIAN_KEYS: Final = "йцукенгшщзхїфівапролджєячсмитьбюʼ"
_RUSSIAN_KEYS: Final = "йцукенгшщзхъфывапролджэячсмитьбюё"
_LAYOUTS: Final = tuple(str.maketrans(_KEYS, letters) for letters in (_UKRAINIAN_KEYS, _RUSSIAN_KEYS))

# Latin spellings, longest first; the national table (Cabinet decree 55 of 2010) and what people type besides
_LATIN: Final = (
    ("shch", "щ"),
    ("sch", "щ"), ("zgh", "зг"), ("kh", "х"), ("zh", "ж"), ("ts", "ц"), ("ch", "ч"), ("sh", "ш"),
    ("yu", "ю"), ("ju", "ю"), ("iu", "ю"), ("ya", "я"), ("ja", "я"), ("ia", "я"), ("ye", "є"), ("je", "є"), ("ie", "є"),
    ("yi", "ї"), ("ji", "ї"), ("ij", "ій"), ("iy", "ій"), ("yy", "ий"), ("yj", "ий"),
    ("a", "а"), ("b", "б"), ("v", "в"), ("w", "в"), ("g", "г"), ("d", "д"), ("e", "е"), ("z", "з"), ("i", "і"),
    ("j", "й"), ("k", "к"), ("l", "л"), ("m", "м"), ("n", "н"), ("o", "о"), ("p", "п"), ("r", "р"), ("s", "с"),
    ("t", "т"), ("u", "у"), ("f", "ф"), ("h", "г"), ("x", "х"), ("c", "ц"), ("y", "и"), ("q", "к"),
)  # fmt: skip
MOST: Final = 24
# what one Latin letter may also stand for
_DOUBTFUL: Final = {"і": ("і", "и"), "и": ("и", "й", "і"), "г": ("г", "х"), "є": ("є", "іє"), "я": ("я", "ія")}

_RUSSIAN_ENDINGS: Final = (
    ("ание", "ання"), ("ение", "ення"), ("ция", "ція"), ("ции", "ції"), ("цию", "цію"), ("ость", "ість"),
    ("ости", "ості"), ("ский", "ський"), ("ская", "ська"), ("ское", "ське"), ("ские", "ські"), ("ого", "ого"),
    ("ая", "а"), ("яя", "я"),
    ("ые", "і"), ("ый", "ий"), ("ой", "ий"), ("ть", "ти"), ("тие", "ття"), ("ье", "ʼя"), ("ия", "ія"),
)  # fmt: skip
_RUSSIAN_LETTERS: Final = str.maketrans({"ы": "и", "э": "е", "ъ": "ʼ", "ё": "о"})


def of_another_layout(word: str) -> Iterator[str]:
    """Yield what the same keys write on a Ukrainian and on a Russian keyboard."""
    for layout in _LAYOUTS:
        yield word.translate(layout)


@lru_cache(maxsize=20_000)
def from_latin(word: str) -> tuple[str, ...]:
    """Return Cyrillic spellings of a word written in Latin letters, the most usual first."""
    letters: list[str] = []
    rest = word
    while rest:
        for latin, cyrillic in _LATIN:
            if rest.startswith(latin):
                letters.append(cyrillic)
                rest = rest[len(latin) :]
                break
        else:
            letters.append("ʼ" if rest[0] == "ʼ" else rest[0])
            rest = rest[1:]
    spellings = [""]
    for letter in letters:
        options = _DOUBTFUL.get(letter, (letter,))
        spellings = [begun + option for option in options for begun in spellings][:MOST]
    return tuple(dict.fromkeys(spellings))


@lru_cache(maxsize=20_000)
def from_russian(word: str) -> tuple[str, ...]:
    """Return Ukrainian spellings that a Russian word of a common root may have."""
    bases = {word}
    for russian, ukrainian in _RUSSIAN_ENDINGS:
        if word.endswith(russian):
            bases.add(word.removesuffix(russian) + ukrainian)
    found: list[str] = []
    for base in sorted(bases, key=lambda base: base == word):
        plain = base.translate(_RUSSIAN_LETTERS)
        found += [plain.replace("и", "і"), plain, plain.replace("е", "є"), plain.replace("и", "і").replace("ы", "и")]
        if base is not word:
            head, tail = plain[:-3], plain[-3:]
            found.append(head.replace("и", "і") + tail)
    return tuple(one for one in dict.fromkeys(found) if one != word)


# how Ukrainian letters write the sounds of Russian words; what may stand for one sign, the likeliest first
_SOUNDS: Final = (
    ("ьйо", ("ьё",)), ("йо", ("ё", "ьё", "йо")), ("ьо", ("ё",)),
    ("ʼя", ("я", "ья", "ъя")), ("ʼє", ("е", "ье", "ъе")), ("ʼю", ("ю", "ью")),
    ("шо", ("что", "шо")),
    ("і", ("и", "ы")), ("ї", ("и",)), ("є", ("е",)), ("е", ("е", "э")), ("и", ("ы", "и")), ("ґ", ("г",)),
)  # fmt: skip


@lru_cache(maxsize=20_000)
def by_ear(word: str) -> tuple[str, ...]:
    """Return Russian spellings of a word that was written in Ukrainian letters as it sounds («дєлать», «уйті»)."""
    spellings, rest = [""], word
    while rest:
        for sign, options in _SOUNDS:
            if rest.startswith(sign):
                spellings = [begun + option for option in options for begun in spellings][:MOST]
                rest = rest[len(sign) :]
                break
        else:
            spellings = [begun + rest[0] for begun in spellings]
            rest = rest[1:]
    return tuple(one for one in dict.fromkeys(spellings) if one != word)
