"""Two versions of one field, written for people, and the choice between them read back."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from registry.domain.drafts import Conflict
from registry.interfaces.application_reading import split_path
from registry.models import Application
from registry.queries.content_words import ContentWords

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


def disagreements(application: Application, conflicts: Sequence[Conflict]) -> list[Disagreement]:
    """Return the contested fields in words."""
    mine = {conflict.path: conflict.mine for conflict in conflicts}
    theirs = {conflict.path: conflict.theirs for conflict in conflicts}
    words = ContentWords(application.content, mine, theirs)
    return [
        Disagreement(
            one.path,
            capfirst(words.line(one.path)),
            words.value(one.path, one.mine),
            words.value(one.path, one.theirs),
            one.mine,
            one.theirs,
            one.by,
            one.at,
        )
        for one in conflicts
    ]


def read_choices(posted: Mapping[str, Any]) -> dict[str, Any]:
    """Return the fields in which one's own version stays, with the value; the others need nothing done."""
    chosen: dict[str, Any] = {}
    for number in range(MOST):
        path = posted.get(f"path-{number}")
        if path is None:
            break
        if posted.get(f"choice-{number}") != MINE or not (split_path(path)[0] or path.endswith("/removed")):
            continue
        try:
            chosen[path] = json.loads(posted.get(f"mine-{number}") or "null")
        except (ValueError, RecursionError):
            continue
    return chosen
