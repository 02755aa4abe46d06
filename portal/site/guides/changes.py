"""What changed on a page and when: the differences between the revisions that were published."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from difflib import SequenceMatcher
from typing import Any, Final

from wagtail.models import PageLogEntry

from portal.site.guides.words import lines_of_revision

SHOWN: Final = 20
PUBLISHED: Final = ("wagtail.publish", "wagtail.publish.scheduled")


@dataclass(frozen=True, slots=True)
class PageChange:
    """A publication: the lines that came and those that went; `first` says that nothing was published before it."""

    at: datetime
    came: list[str]
    went: list[str]
    first: bool = False


def changes_of(page: Any) -> list[PageChange]:
    """Return the publications, the latest first; a page published as it stood is no change."""
    entries = PageLogEntry.objects.filter(page=page.pk, action__in=PUBLISHED, revision__isnull=False)
    published = list(entries.select_related("revision").order_by("-timestamp", "-pk")[: SHOWN + 1])
    told = [(entry.timestamp, lines_of_revision(entry.revision.content)) for entry in published]
    changes = []
    for place, (at, lines) in enumerate(told[:SHOWN]):
        before = told[place + 1][1] if place + 1 < len(told) else None
        came, went = _difference(before or [], lines)
        if before is None:
            changes.append(PageChange(at, [], [], first=True))
        elif came or went:
            changes.append(PageChange(at, came, went))
    return changes


def _difference(before: list[str], after: list[str]) -> tuple[list[str], list[str]]:
    came: list[str] = []
    went: list[str] = []
    for kind, a, b, c, d in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if kind != "equal":
            went += before[a:b]
            came += after[c:d]
    return came, went
