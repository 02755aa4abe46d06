"""Two versions of one field of a proposal, written for people, and the choice between them read back."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from procurement.domain.proposal_drafts import Conflict
from procurement.interfaces.proposal_reading import Draft
from procurement.interfaces.proposal_words import answer_words, path_words

MINE: Final = "mine"
MOST: Final = 500


@dataclass(frozen=True, slots=True)
class Disagreement:
    path: str
    label: str
    mine: str
    theirs: str
    mine_raw: Any
    theirs_raw: Any
    by: str
    at: datetime

    @property
    def mine_json(self) -> str:
        return json.dumps(self.mine_raw, ensure_ascii=False)

    @property
    def sentence(self) -> str:
        """What is said beside the field where a page with other faults is shown again."""
        return _("%(who)s wrote here at %(time)s: “%(theirs)s”. Save again to keep yours.") % {
            "who": self.by,
            "time": date_format(localtime(self.at), "H:i"),
            "theirs": self.theirs,
        }


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


def read_choices(posted: Mapping[str, Any]) -> dict[str, Any]:
    """Return the fields in which one's own version stays, with the value; the others need nothing done."""
    chosen: dict[str, Any] = {}
    for number in range(MOST):
        path = posted.get(f"path-{number}")
        if path is None:
            break
        if posted.get(f"choice-{number}") != MINE:
            continue
        try:
            chosen[path] = json.loads(posted.get(f"mine-{number}") or "null")
        except (ValueError, RecursionError):
            continue
    return chosen
