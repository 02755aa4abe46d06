"""Files given with applications: whose they are."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any, Final
from uuid import UUID

from portal.kernel.models import StoredDocument
from registry.models import Application

# the kind under which evidence of criteria is stored, and the beginning of its subject
EVIDENCE_KIND: Final = "application-evidence"
SUBJECT: Final = "registry.application:"


def evidence_documents(organisation_id: int, keys: Collection[str]) -> set[str]:
    """Return those of the files that were given with an application of this organisation: two queries."""
    rows = StoredDocument.objects.filter(pk__in=keys, kind=EVIDENCE_KIND).values_list("pk", "subject")
    given = {str(key): subject.removeprefix(SUBJECT) for key, subject in rows}
    own = Application.objects.filter(organisation=organisation_id, pk__in=set(given.values()))
    mine = {str(key) for key in own.values_list("pk", flat=True)}
    return {key for key, application in given.items() if application in mine}


def stored_documents(keys: Iterable[Any]) -> dict[str, StoredDocument]:
    """Return the files of these identifiers by identifier; what is no identifier names no file."""
    wanted = {key for key in keys if _is_identifier(key)}
    return {str(found.pk): found for found in StoredDocument.objects.filter(pk__in=wanted)} if wanted else {}


def _is_identifier(key: Any) -> bool:
    try:
        UUID(str(key))
    except ValueError:
        return False
    return True
