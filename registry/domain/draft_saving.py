"""Saving a draft field by field: of two editors neither loses anything, what the other set meanwhile is told."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from portal.kernel import audit
from portal.kernel.calendar import day_of
from portal.kernel.workflow import StepRefused
from registry import rules
from registry.domain.contents import PARTS, Content
from registry.domain.draft_patches import Patched, read_patch
from registry.enums import ApplicationState
from registry.models import Application, CorrectionRequest, DraftVersion

if TYPE_CHECKING:
    from portal.accounts.models import User

Patch = dict[str, Any]

LARGEST: Final = 1_000_000


@dataclass(frozen=True, slots=True)
class Conflict:
    """A field that somebody else set to something else since `base_version`: what the two say."""

    path: str
    mine: Any
    theirs: Any
    by: str
    at: datetime


@dataclass(slots=True)
class Saved:
    """What a save did: the version it made, the fields it could not set, those it refused with the reason."""

    application: Application
    version: int
    conflicts: list[Conflict] = field(default_factory=list)
    refused: dict[str, str] = field(default_factory=dict)


@transaction.atomic
def save_draft(*, application_id: UUID, user: User, base_version: int, patch: Patch, now: datetime) -> Saved:
    """Set the fields of the patch that nobody else changed since `base_version`; the others come back as conflicts.

    "Somebody else" is any other save, also of the same person in another window. Saving what is there already makes no
    version. In the state `correction` only the fields asked for may be set. Raises `StepRefused` when nothing may be
    written any more, `PermissionDenied` without the right.
    """
    application = lock_draft(application_id=application_id, user=user)
    asked = _fields_asked(application, now)
    told = read_patch(application, patch)
    for path in list(told.values) if asked is not None else ():
        if not _is_asked(path, asked or ()):
            told.refuse(path, _("Only the fields that the registrar named may be corrected."))
    return _save(application, user, base_version, told, now)


def lock_draft(*, application_id: UUID, user: User) -> Application:
    """Return the application with its row held, if the person may write in it; else `PermissionDenied`."""
    rows = Application.objects.select_for_update(of=("self",)).select_related("organisation", "entry")
    application = rows.get(pk=application_id)
    if not rules.can_draft_application(user, application):
        raise PermissionDenied
    return application


def open_correction(application: Application, now: datetime) -> CorrectionRequest:
    """Return the correction that is asked for; `StepRefused` when its day has passed, whether noticed yet or not."""
    correction = application.corrections.open().first()
    if correction is None:
        raise StepRefused(_("No correction is asked for now."))
    if correction.due_on and day_of(now) > correction.due_on:
        raise StepRefused(_("The day for the correction has passed; the examination goes on with what there is."))
    return correction


def _fields_asked(application: Application, now: datetime) -> tuple[str, ...] | None:
    """Return the fields that may be corrected, or nothing when the whole draft is open."""
    if application.state == ApplicationState.DRAFT:
        return None
    if application.state != ApplicationState.CORRECTION:
        raise StepRefused(_("The application has been submitted and is not changed any more."))
    return tuple(open_correction(application, now).fields)


def _is_asked(path: str, asked: tuple[str, ...]) -> bool:
    """Say whether a field was asked for: by name, with its part, or with the answer to its criterion."""
    if any(path == name or path.startswith(f"{name}/") for name in asked):
        return True
    answer = path.rpartition("/")[0]
    return path.startswith("criteria/") and any(name.rpartition("/")[0] == answer for name in asked)


def _save(application: Application, user: User, base_version: int, told: Patched, now: datetime) -> Saved:
    content: Content = dict(application.content)
    since = _Since(application, base_version, user)
    saved = Saved(application, application.version, refused=told.refused)
    done: Content = {}
    for path, mine in told.values.items():
        theirs = content.get(path)
        if mine == theirs:
            continue
        other = since.setter_of(path, mine)
        if other is not None:
            saved.conflicts.append(Conflict(path, mine, theirs, str(other.by), other.at))
        else:
            done[path] = mine
    saved.conflicts += since.edits_of_removed(done, content)
    if done:
        _write(application, user, done, now)
        saved.version = application.version
    return saved


def _write(application: Application, user: User, done: Content, now: datetime) -> None:
    content = {path: value for path, value in {**application.content, **done}.items() if value is not None}
    if len(audit.canonical(content)) > LARGEST:
        raise StepRefused(_("The application holds too much text. Shorten it and save again."))
    application.content = content
    application.version += 1
    application.saved_at = now
    application.save(update_fields=["content", "version", "saved_at"])
    DraftVersion.objects.create(application=application, version=application.version, at=now, by=user, patch=done)


class _Since:
    """What other saves did after the version that an editor had read; one query."""

    def __init__(self, application: Application, base_version: int, user: User) -> None:
        # who names a version that has not been made yet has read nothing of this draft
        read = base_version if 0 <= base_version <= application.version else 0
        rows = application.versions.filter(version__gt=read).select_related("by").order_by("version")
        self.user = user
        self.last: dict[str, DraftVersion] = {path: row for row in rows for path in row.patch}
        held = {_item(path) for path in application.content if path not in self.last}
        # parts that others added: whoever added one under the same key means another thing
        self.added = {
            item: row for path, row in self.last.items() if (item := _item(path)) not in held and row.by_id != user.pk
        }

    def setter_of(self, path: str, mine: Any) -> DraftVersion | None:
        """Return the save that stands against setting the path, if there is one."""
        item = _item(path)
        row = self.last.get(path) or (self.added.get(item) if item[0] in PARTS else None)
        if row is None and mine and path.endswith("/removed") and item[0] in PARTS:
            edits = [row for other, row in self.last.items() if _owner(other) == item]
            row = max(edits, key=lambda row: row.version, default=None)
        return row

    def edits_of_removed(self, done: Content, content: Content) -> Iterator[Conflict]:
        """Tell of parts that somebody removed while they were being edited: the edits are kept, the part is away."""
        for item in dict.fromkeys(_owner(path) for path in done):
            path = f"{item[0]}/{item[1]}/removed"
            row = self.last.get(path)
            if row is not None and path not in done and content.get(path):
                yield Conflict(path, None, content[path], str(row.by), row.at)


def _item(path: str) -> tuple[str, str]:
    words = path.split("/")
    return words[0], words[1]


def _owner(path: str) -> tuple[str, str]:
    """Return the part that a field belongs to: criteria belong to their service."""
    part, key = _item(path)
    return ("services" if part == "criteria" else part), key
