"""The services and groups that a text names, so that descriptions in any words meet questions in any words."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Final

from search.analysis.normal import words
from search.analysis.tokens import keys
from search.needs import need_model
from search.thesaurus import GROUP, SERVICE, Associations, Meaning, Phrasebook, content_words

# how surely a phrase must mean a thing to count in a description
SURE: Final = 0.8
LANGUAGES: Final = frozenset({"uk", "abbr"})
# guessing: what a word of the title is worth, and what it takes to be believed
TITLE_VOTE: Final = 3.0
FEWEST_VOTES: Final = 2.5
NEAR_THE_BEST: Final = 0.6
MOST_GUESSES: Final = 3


# a change of a card seldom changes what its services say
@lru_cache(maxsize=2_000)
def _needs_of(name: str, text: str) -> tuple[str, ...]:
    return tuple(need_model().tokens(name, text))


class Annotator:
    """Finds services and groups named in texts of the register."""

    def __init__(self, meanings: Iterable[Meaning], broader: Mapping[str, str]) -> None:
        meanings = list(meanings)
        sure = [
            meaning
            for meaning in meanings
            if meaning.kind in {SERVICE, GROUP} and meaning.weight >= SURE and meaning.language in LANGUAGES
        ]
        self._phrases = Phrasebook(sure)
        self._broader = broader
        self._associations = Associations(
            meaning for meaning in meanings if meaning.kind == SERVICE and meaning.language in LANGUAGES
        )

    def guess(self, title: str, text: str) -> list[str]:
        """Return the tokens of the services that the words hint at most, for a text that names none."""
        votes: dict[str, float] = defaultdict(float)
        for part, worth in ((title, TITLE_VOTE), (text, 1.0)):
            for word in dict.fromkeys(content_words(words(part))):
                for token, share in self._associations.of(keys(word)).items():
                    votes[token] += worth * share
        best = sorted(votes.items(), key=lambda vote: (-vote[1], vote[0]))[:MOST_GUESSES]
        return [token for token, vote in best if vote >= FEWEST_VOTES and vote >= best[0][1] * NEAR_THE_BEST]

    def tokens(self, text: str) -> list[str]:
        """Return the tokens of services (`s:`) and groups (`g:`) that the text names."""
        row = [keys(word) for word in content_words(words(text))]
        found: dict[str, None] = {}
        for match in self._phrases.matches(row):
            best = match.meanings[0].weight
            for meaning in match.meanings:
                if meaning.weight >= best:
                    found.update(dict.fromkeys(self.of(meaning.kind, meaning.target)))
        return list(found)

    def needs(self, name: str, *texts: str) -> list[str]:
        """Return the tokens of the needs that a document of this name and these texts is about."""
        return list(_needs_of(name, "\n".join(texts)))

    def of(self, kind: str, slug: str) -> list[str]:
        """Return the token of a service or group, and of the broader service it is a kind of."""
        if kind == GROUP:
            return [f"g:{slug}"]
        broader = self._broader.get(slug)
        return [f"s:{slug}", *([f"s:{broader}"] if broader else [])]
