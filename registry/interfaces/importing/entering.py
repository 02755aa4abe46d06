"""The file of a stored run, tried or entered: what the way of a decision needs of a report."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from portal.kernel.workflow import StepRefused
from registry.domain.imports import Entered
from registry.domain.providers import Actor
from registry.interfaces.importing.report import ImportReport
from registry.interfaces.importing.run import run
from registry.interfaces.importing.source import ImportSource
from registry.models import ImportRun


def try_run(row: ImportRun, *, actor: Actor, ground: str, now: datetime) -> Entered:
    """Say what the faultless rows of the file would do; nothing is entered."""
    if row.document is None:
        raise StepRefused(_("The file is not kept."))
    with row.document.path.open("rb") as file:
        source = ImportSource(file, row.file_name)
        return entered(run(source, actor=actor, ground=ground, now=now, dry_run=True, partial=True))


def enter_run(row: ImportRun, actor: Actor, proposer: Actor, ground: str, now: datetime) -> Entered:
    """Enter the file if it is the one that was proposed; the rows are judged by the territory of the proposer."""
    if row.document is None:
        raise StepRefused(_("The file is not kept."))
    try:
        with row.document.path.open("rb") as file:
            source = ImportSource(file, row.file_name)
            if source.digest() != row.sha256:
                raise StepRefused(_("The file is not the one that was proposed. Nothing was entered."))
            return entered(run(source, actor=actor, judged_by=proposer, ground=ground, now=now, partial=row.partial))
    except FileNotFoundError as error:
        raise StepRefused(_("The file is not kept.")) from error


def entered(report: ImportReport) -> Entered:
    return Entered(
        applied=report.applied,
        rows=report.rows,
        created=report.created,
        changed=report.changed,
        unchanged=report.unchanged,
        faulty=report.faulty,
        places=report.places,
        report={**report.as_json(), "summary": [str(line) for line in report.summary()]},
    )
