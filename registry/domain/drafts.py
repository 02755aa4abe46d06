"""Drafts of applications: begun with what the register knows, saved field by field, exported and read back.

The content of an application is flat, path → value; the paths are the names of the form's own fields:

    organisation/{name,short_name,person_type,legal_form,ownership_form,sector}
    about/about
    sites/<key>/{kind,label,territory,postal_index,street,building,room,latitude,longitude,hours,confidential}
    sites/<key>/access/<feature slug>        true, false; absent is unknown
    contacts/<key>/{kind,value,note,private}
    services/<key>/{service_type,title,content,conditions,price_mode,price,price_unit,price_on,capacity,capacity_on,
                    urgent,meets_standard,area_kind,areas,delivery_forms,groups,at_sites,hours}
    criteria/<service key>/<criterion slug>/{statement,document,expires_on}
    consents/{personal_data,accuracy}
    exclusion/{reason,from}
    <part>/<key>/row                          the stored part that this is a new word about; never set by a person
    <part>/<key>/removed                      true: the part goes away

Keys are `1`, `2`, … within a part and never reused. Territories are codes, service types, groups, forms and access
features are slugs, money is text with a point, days are ISO dates, sets are sorted lists, `at_sites` lists keys of
sites, `document` is the identifier of a stored file. An empty value removes the path.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from registry.models import Application

if TYPE_CHECKING:
    from django.core.files.base import File

    from portal.accounts.models import User
    from portal.kernel.models import StoredDocument

Patch = dict[str, Any]


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


@dataclass(frozen=True, slots=True)
class Problem:
    """What keeps an application from being submitted: the field, the part of the task list it is in, and why."""

    path: str
    part: str
    text: str


@dataclass(frozen=True, slots=True)
class PartState:
    """A row of the task list; `state` is `empty`, `begun`, `faulty` or `done`, or `blocked` until others are done."""

    part: str
    state: str
    problems: tuple[Problem, ...] = ()


def start_application(*, user: User, organisation_id: int, kind: str, now: datetime) -> Application:
    """Return the organisation's draft of this kind, begun now from what the register knows if there is none.

    After a decision `return` the new draft holds what the returned application held. Raises `StepRefused` without a
    right to write for the organisation, for an inclusion of what is included, for an amendment or exclusion of what is
    not, and for natural-person carers, whose section of the register is closed (decree 99).
    """
    raise NotImplementedError


def save_draft(*, application_id: UUID, user: User, base_version: int, patch: Patch, now: datetime) -> Saved:
    """Set the fields of the patch that nobody else changed since `base_version`; the others come back as conflicts.

    Saving what is there already makes no version. In the state `correction` only the fields asked for may be set.
    Raises `StepRefused` when nothing may be written any more, `PermissionDenied` without the right.
    """
    raise NotImplementedError


def export_draft(application: Application) -> bytes:
    """Return the draft as a JSON file that `import_draft` reads back; files themselves are named, not included."""
    raise NotImplementedError


def import_draft(*, application_id: UUID, user: User, base_version: int, data: bytes, now: datetime) -> Saved:
    """Read an exported draft back, as one save; raises `StepRefused` for what is not such a file."""
    raise NotImplementedError


def attach_document(
    *, application_id: UUID, user: User, path: str, file: File, base_version: int, now: datetime
) -> tuple[StoredDocument, Saved]:
    """Store a file as evidence under `criteria/<service>/<criterion>/document`; raises `DocumentRefused`."""
    raise NotImplementedError


def new_key(application: Application, part: str) -> str:
    """Return a key that no site, contact or service of this application has had."""
    raise NotImplementedError


def problems_of(application: Application) -> list[Problem]:
    """Return everything that keeps the application from being submitted, in the order of the parts."""
    raise NotImplementedError


def parts_of(application: Application) -> list[PartState]:
    """Return the task list of the application: only the parts its kind has, in order, `submit` last.

    Parts: organisation, sites, contacts, services, criteria, consents, exclusion, submit.
    """
    raise NotImplementedError


def criteria_of(application: Application) -> dict[str, list[Any]]:
    """Return the criteria in force that apply to each service of the draft, by the service's key."""
    raise NotImplementedError
