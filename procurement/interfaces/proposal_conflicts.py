"""Two versions of one field of a proposal, written for people."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _

from procurement.domain.proposals.drafts import Conflict
from procurement.interfaces.proposal_reading import Draft
from procurement.interfaces.proposal_words import answer_words, path_words
from registry.interfaces.disagreements import Disagreement


def disagreements(draft: Draft, conflicts: Iterable[Conflict]) -> list[Disagreement]:
    """Return the contested fields in words; an answer that was taken out says so."""
    return [
        Disagreement(
            one.path,
            path_words(draft.reading, one.path),
            _words(draft, one.path, one.mine),
            _words(draft, one.path, one.theirs),
            one.mine,
            one.theirs,
            one.by,
            one.at,
        )
        for one in conflicts
    ]


def _words(draft: Draft, path: str, value: Any) -> str:
    found = draft.form.find(path)
    told = answer_words(found[0], value, draft.copy.files) if found else ""
    return told or _("(empty)")
