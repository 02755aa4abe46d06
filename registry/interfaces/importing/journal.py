"""The trace that a run leaves beside the register: an `ImportRun` row for the desk."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from registry.enums import ImportState
from registry.interfaces.importing.report import ImportReport
from registry.models import ImportRun

if TYPE_CHECKING:
    from portal.accounts.models import User


def record_run(report: ImportReport, *, by: User | None, at: datetime, document: Any = None) -> ImportRun:
    """Write down what a run found or did: previewed, applied, or refused for its faults."""
    if report.dry_run:
        state = ImportState.PREVIEWED
    elif report.is_clean or report.partial:
        state = ImportState.APPLIED
    else:
        state = ImportState.REFUSED
    return ImportRun.objects.create(
        document=document,
        file_name=report.file_name[:200],
        sha256=report.sha256,
        by=by,
        at=at,
        state=state,
        rows=report.rows,
        created=report.created,
        changed=report.changed,
        unchanged=report.unchanged,
        faulty=report.faulty,
        report=report.as_json(),
    )
