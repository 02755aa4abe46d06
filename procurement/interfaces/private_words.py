"""The warning before a provider sends words that look like data about people: beside the field, with the words."""

from __future__ import annotations

from collections.abc import Iterable
from hashlib import sha256
from typing import Any, Final

from django import forms
from django.utils.translation import gettext as _

from portal.kernel.personal_data import suspects

CONFIRMED: Final = "words_confirmed"
_NOT_WORDS: Final = (forms.EmailField, forms.URLField, forms.UUIDField, forms.SlugField, forms.RegexField)
_DIGEST_LENGTH: Final = 16


def words_found(text: str) -> list[str]:
    """Return what in the text looks like data about a person, each once, in the text's order."""
    return list(dict.fromkeys(one.words for one in suspects(text)))


def digest_of_words(words: Iterable[str]) -> str:
    """Return what the tick sends back: it confirms the very words that were shown and no others."""
    return sha256("\n".join(sorted({word.lower() for word in words})).encode()).hexdigest()[:_DIGEST_LENGTH]


def warning_about(words: Iterable[str]) -> str:
    """Return the sentence beside a field."""
    listed = ", ".join(_("“%(words)s”") % {"words": word} for word in words)
    return _("This looks like data about people: %(words)s. Take it out; recipients are told of by number alone.") % {
        "words": listed
    }


class PrivateWordsMixin(forms.Form):
    """For every form whose free texts a provider fills in; put it first: `class ReplyForm(PrivateWordsMixin)`.

    All its text fields are looked through, but for those that `not_free` names (numbers of papers, the signer's name).
    Where something is found the form is not valid: the sentence stands beside the field, nothing is lost, and the
    template shows a tick, `{% include "components/_private_words.html" %}` with `form`, below the fields. Ticked, the
    same words pass; another name added meanwhile does not. Pages that are no forms (visits sent from a phone) ask
    `words_found`.
    """

    not_free: tuple[str, ...] = ()

    @property
    def private_words(self) -> list[str]:
        """The words found in what was sent, each once; what the template asks whether to show the tick."""
        if not self.is_bound:
            return []
        return list(dict.fromkeys(word for name in self._free_names() for word in words_found(self._text(name))))

    @property
    def words_digest(self) -> str:
        return digest_of_words(self.private_words)

    @property
    def words_are_confirmed(self) -> bool:
        sent = self.data.get(self.add_prefix(CONFIRMED), "")
        return bool(self.private_words) and sent == self.words_digest

    @property
    def confirmed_name(self) -> str:
        return self.add_prefix(CONFIRMED)

    def clean(self) -> dict[str, Any]:
        values = super().clean() or self.cleaned_data
        if not self.words_are_confirmed:
            for name in self._free_names():
                if words := words_found(self._text(name)):
                    self.add_error(name, warning_about(words))
        return values

    def _free_names(self) -> list[str]:
        return [
            name
            for name, field in self.fields.items()
            if isinstance(field, forms.CharField)
            and not isinstance(field, _NOT_WORDS)
            and not field.widget.is_hidden
            and name not in self.not_free
        ]

    def _text(self, name: str) -> str:
        # what is longer is refused for its length, and nobody waits until all of it is looked through
        return str(self[name].data or "")[: getattr(self.fields[name], "max_length", None)]
