"""What a phrase and a target must be, in a form and in a file alike."""

from __future__ import annotations

from typing import Final

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from search.analysis.normal import words
from search.enums import SynonymKind
from search.queries.targets import Targets, fold, tidy

# longer phrases are not looked for inside a question
MOST_WORDS: Final = 5
_UNKNOWN: Final = {
    SynonymKind.SERVICE: (
        _("There is no service “%(value)s” in the catalogue."),
        _("There is no service “%(value)s” in the catalogue. Perhaps it is %(nearest)s."),
    ),
    SynonymKind.GROUP: (
        _("There is no group “%(value)s” in the catalogue."),
        _("There is no group “%(value)s” in the catalogue. Perhaps it is %(nearest)s."),
    ),
}


def read_phrase(text: str) -> str:
    """Return the phrase in one spelling, or raise `ValidationError` with the reason."""
    phrase = tidy(text)
    size = len(words(phrase))
    if not size:
        raise ValidationError(_("There is no word in the phrase."), code="phrase.empty")
    if size > MOST_WORDS:
        raise ValidationError(
            _("A phrase has at most %(limit)s words: shorter ones are found inside longer questions."),
            code="phrase.long",
            params={"limit": MOST_WORDS},
        )
    return phrase


def read_target(phrase: str, kind: str, text: str, targets: Targets) -> str:
    """Return the slug of the catalogue that the text means, or the words; raise `ValidationError` with the reason."""
    if kind not in SynonymKind.catalogued:
        return _read_words(phrase, text)
    slug = targets.find(kind, text)
    if slug is None:
        alone, with_nearest = _UNKNOWN[SynonymKind(kind)]
        nearest = targets.nearest(kind, text)
        params = {"value": text.strip()[:80], "nearest": nearest}
        raise ValidationError(with_nearest if nearest else alone, code="target.unknown", params=params)
    return slug


def _read_words(phrase: str, text: str) -> str:
    found = tidy(text)
    if not words(found):
        raise ValidationError(_("There is no word in the target."), code="target.empty")
    if fold(found) == fold(phrase):
        raise ValidationError(_("The phrase leads to itself."), code="target.itself")
    return found
