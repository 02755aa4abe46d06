"""Two versions of one field, written for people, and the choice between them read back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.text import capfirst

from registry.domain.drafts import Conflict
from registry.interfaces.application_reading import split_path
from registry.interfaces.disagreements import Disagreement, read_choices
from registry.models import Application
from registry.queries.content_words import ContentWords


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


def read_own(posted: Mapping[str, Any]) -> dict[str, Any]:
    """Return the fields of an application in which one's own version stays."""
    return read_choices(posted, is_path=lambda path: bool(split_path(path)[0]) or path.endswith("/removed"))
