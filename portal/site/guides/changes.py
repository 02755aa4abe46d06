"""What changed on a page and when: the differences between the revisions that were published."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from difflib import SequenceMatcher
from typing import Any, Final

from django.db.models import Max, Q
from wagtail.models import PageLogEntry

from portal.site.guides.words import lines_of_revision

SHOWN: Final = 20
PUBLISHED: Final = ("wagtail.publish", "wagtail.publish.scheduled")
_CLOSED: Final = tuple(f"wagtail.view_restriction.{step}" for step in ("create", "edit", "delete"))
_TAKEN_DOWN: Final = ("wagtail.unpublish", "wagtail.unpublish.scheduled")


@dataclass(frozen=True, slots=True)
class PageChange:
    """A publication: the lines that came and those that went; `first` says that nothing was published before it."""

    at: datetime
    came: list[str]
    went: list[str]
    first: bool = False


def changes_of(page: Any) -> list[PageChange]:
    """Return the publications, the latest first; a page published as it stood is no change.

    What stood there before the page was last taken down, or was not for everybody, does not come back by its history.
    """
    entries = PageLogEntry.objects.filter(page=page.pk, action__in=PUBLISHED, revision__isnull=False)
    if hidden := _last_hidden(page):
        entries = entries.filter(timestamp__gt=hidden)
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


def _last_hidden(page: Any) -> datetime | None:
    """Return when the page was last taken down, or the privacy of it or of a page above it changed."""
    taken_down = Q(page=page.pk, action__in=_TAKEN_DOWN)
    closed = Q(page__in=page.get_ancestors(inclusive=True).values("pk"), action__in=_CLOSED)
    told: datetime | None = PageLogEntry.objects.filter(taken_down | closed).aggregate(at=Max("timestamp"))["at"]
    return told


def _difference(before: list[str], after: list[str]) -> tuple[list[str], list[str]]:
    came: list[str] = []
    went: list[str] = []
    for kind, a, b, c, d in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if kind != "equal":
            went += before[a:b]
            came += after[c:d]
    return came, went
