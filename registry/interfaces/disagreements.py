"""Two versions of one field of a draft, in words, and the choice between them read back."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from registry.interfaces.application_reading import loaded

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


def read_choices(posted: Mapping[str, Any], *, is_path: Callable[[str], bool] = bool) -> dict[str, Any]:
    """Return the fields in which one's own version stays, with the value; the others need nothing done."""
    chosen: dict[str, Any] = {}
    for number in range(MOST):
        path = posted.get(f"path-{number}")
        if path is None:
            break
        if posted.get(f"choice-{number}") != MINE or not is_path(path):
            continue
        try:
            chosen[path] = loaded(posted.get(f"mine-{number}") or "null")
        except (ValueError, RecursionError):
            continue
    return chosen
