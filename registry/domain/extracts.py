"""Extracts from the register: one code for one state of an entry in one language, compared with the register later.

An extract is a statement of public facts. It holds while the entry has the same version and states the same facts; a
fact that lies outside the entry itself, such as the name of a branch, counts too.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import asdict, dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any, Final

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from portal.kernel import audit, visibility
from portal.kernel.models import VerificationCode
from portal.kernel.verification import issue
from registry.domain.history import MODELS
from registry.enums import Standing
from registry.models import EntryChange, Extract, RegisterEntry, Service, ServiceAtLocation
from registry.queries.card import Card, card_of, last_decision
from registry.queries.history import public_snapshot

KIND: Final = "register-extract"
_RELATED: Final = ("organisation", "territory", "hromada", "oblast", "parent__organisation", "merged_into")
_ENTRY: Final = ("number", "standing", "included_on", "suspended_until", "excluded_on", "source", "source_url")
_SERVICE: Final = ("standing", "suspended_until", "standing_ground")


@dataclass(slots=True)
class Issued:
    """An extract with the card that it states, both of one moment."""

    extract: Extract
    card: Card


def known_extract(entry: RegisterEntry, language: str) -> Extract | None:
    """Return the extract that was issued for the entry as it is now, if there is one; writes nothing."""
    return _issued(entry, language, _digest_of(entry))


@transaction.atomic
def issue_extract(*, entry_id: int, language: str, now: datetime) -> Issued:
    """Return the extract for the entry as it stands, with a code of its own if this state has none yet.

    Only an entry with a public card has one: raises `RegisterEntry.DoesNotExist` for others.
    """
    entries = RegisterEntry.objects.open().select_for_update(of=("self",))
    entry = entries.select_related(*_RELATED).get(pk=entry_id)
    digest = _digest_of(entry)
    extract = _issued(entry, language, digest)
    if extract is None:
        with override(language):
            title = _("Extract from the register: № %(number)s, %(name)s") % {
                "number": entry.number,
                "name": entry.organisation.name,
            }
        code = issue(kind=KIND, subject=f"registry.entry:{entry.number}", title=title, at=now)
        extract = Extract.objects.create(
            entry=entry,
            version=entry.version,
            language=language,
            digest=digest,
            revision=entry.revision,
            code=code,
            issued_at=now,
        )
    return Issued(extract, card_of(entry))


def _issued(entry: RegisterEntry, language: str, digest: str) -> Extract | None:
    found = Extract.objects.filter(entry=entry, version=entry.version, language=language, digest=digest)
    return found.select_related("code").first()


def record_file(extract: Extract, content: bytes) -> None:
    """Keep the digest of the file as it was printed; printed anew by a newer portal, it may become another one."""
    VerificationCode.objects.filter(pk=extract.code_id).update(document_digest=sha256(content).hexdigest())


def still_holds(extract: Extract) -> bool:
    """Say whether the register states today what the extract states."""
    entry = extract.entry
    return entry.is_open and entry.version == extract.version and _digest_of(entry) == extract.digest


def changes_since(extract: Extract) -> tuple[datetime, datetime] | None:
    """Return the moments of the first and of the last change of the entry after the extract, if it changed itself."""
    moments = EntryChange.objects.filter(entry=extract.entry_id, revision__gt=extract.revision).order_by("revision")
    first, last = moments.first(), moments.last()
    return (first.at, last.at) if first and last else None


def _digest_of(entry: RegisterEntry) -> str:
    return audit.digest_of(facts_of(entry))


def facts_of(entry: RegisterEntry) -> dict[str, Any]:
    """Return every public fact that an extract states, in values that are the same in every language."""
    decision = last_decision(entry)
    snapshot = public_snapshot(entry)
    branches = RegisterEntry.objects.open().filter(parent=entry, standing__in=Standing.active).order_by("number")
    parent = entry.parent if entry.parent is not None and entry.parent.is_open else None
    return {
        **asdict(snapshot),
        "uncertain": [],
        "own": _portable(visibility.public_view(MODELS["entry"], entry, _ENTRY)),
        "code": visibility.public_view(MODELS["organisation"], entry.organisation, ("code",)),
        "seat": [unit.code for unit in (entry.territory, entry.hromada, entry.oblast) if unit],
        "services": _service_facts(entry),
        "head": [parent.number, parent.organisation.name] if parent else [],
        "branches": [list(row) for row in branches.values_list("number", "organisation__name")],
        "merged_into": entry.merged_into.number if entry.merged_into else "",
        "ground": decision.ground if decision else "",
    }


def _service_facts(entry: RegisterEntry) -> dict[str, Any]:
    """Return the standing of each service and at which addresses it is given."""
    places: dict[int, list[int]] = defaultdict(list)
    rows = ServiceAtLocation.objects.filter(service__entry=entry).order_by("site_id")
    for service_id, site_id in rows.values_list("service_id", "site_id"):
        places[service_id].append(site_id)
    return {
        str(row.pk): {**_portable(visibility.public_view(MODELS["service"], row, _SERVICE)), "places": places[row.pk]}
        for row in Service.objects.filter(entry=entry).order_by("pk")
    }


def _portable(values: dict[str, Any]) -> dict[str, Any]:
    return {name: value.isoformat() if hasattr(value, "isoformat") else value for name, value in values.items()}
