"""What the bench of the search asks, with which words it is read, and how long answers take."""

from __future__ import annotations

import time
from statistics import quantiles

from generated_services import COMMON

FACETS = ("service", "group", "form", "price")
QUERIES = {
    "a common word": [COMMON],
    "one need": ["догляд", "притулок", "психолог", "реабілітація", "сиділка", "юрист"],
    "three words": [
        "догляд літніх вдома",
        "притулок жінка дитина",
        "психолог ветеран сімʼя",
        "денний догляд інвалідність",
    ],
    "need and place": [
        "куда дет бабушку лежачую полтава",
        "притулок у львові",
        "психолог харків",
        "нема де жити одеса",
    ],
    "misspelt, Russian": ["сидєлка", "прутулок", "уход за больным", "реабелітація дитини", "помощь инвалидам"],
    "own words": [
        "мама після інсульту не встає",
        "чоловік бʼє куди тікати з дитиною",
        "вийшов з тюрми нема документів",
    ],
    "a rare word": ["вишневий вогник", "лозоплетіння"],
}


def lexicon_of(times):
    from search.reference_words import gazetteer, meanings
    from search.understanding import Lexicon

    vocabulary = dict(times)
    for meaning in meanings():
        if meaning.language != "ru":
            for word in meaning.phrase.split():
                vocabulary.setdefault(word, 1)
    return Lexicon(meanings(), gazetteer(), vocabulary, max(times.values(), default=1))


def measured(ask, rounds):
    """Return milliseconds of each call."""
    found = []
    for turn in range(rounds):
        began = time.perf_counter()
        ask(turn)
        found.append((time.perf_counter() - began) * 1000)
    return found


def p95(times):
    return quantiles(times, n=20)[-1]
