"""One import from beginning to end: the file in chunks, each converted, judged and put into the register in bulk."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, closing
from datetime import datetime
from itertools import islice
from typing import Final

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import DatabaseError, transaction
from django.utils.translation import gettext as _

from portal.kernel.audit import PersonalDataRefused
from registry.domain.planning import Outcome
from registry.domain.providers import Actor, UnknownHeadError, put_providers
from registry.interfaces.importing.cells import holds_personal_number
from registry.interfaces.importing.preview import change_of
from registry.interfaces.importing.reading import RowReader
from registry.interfaces.importing.records import Told, told_by
from registry.interfaces.importing.report import KEPT_CHANGES, Fault, FileFault, ImportReport, shortened
from registry.interfaces.importing.resource import Draft
from registry.interfaces.importing.settle import key_of, settle
from registry.interfaces.importing.source import ImportSource, Table
from registry.interfaces.patience import seldom_collecting

CHUNK: Final = 1_000
# rows of one provider that stand together go in together, up to this many
LONGEST_GROUP: Final = 5_000
# called with the rows read so far and the part of the file (0 to 1) that they are
Progress = Callable[[int, float], object]
_REFUSED: Final = (DatabaseError, ValidationError, UnknownHeadError, PersonalDataRefused, ValueError)


def run(
    source: ImportSource,
    *,
    actor: Actor,
    now: datetime,
    judged_by: Actor | None = None,
    dry_run: bool = False,
    partial: bool = False,
    ground: str = "",
    progress: Progress | None = None,
) -> ImportReport:
    """Bring a file of providers to the register and say what came of it; a bad file is a report, never an exception.

    With a fault nothing goes in, unless `partial`: then the faultless rows do, each chunk in one transaction.
    `dry_run` tries every write and takes it back. `judged_by` is whose territory the rows must lie in, when somebody
    else than the actor brought the file.
    """
    report = ImportReport(shortened(source.name), dry_run=dry_run, partial=partial)
    ground = ground or _("import of the file %(name)s") % {"name": shortened(source.name)}
    try:
        _judge_ground(ground)
        report.sha256 = source.digest()
        with (
            seldom_collecting(),
            source.open() as table,
            closing(RowReader(table, report, now=now, column_map=source.column_map)) as reader,
        ):
            job = _Job(table, reader, report, actor=actor, judge=judged_by or actor, ground=ground[:500], now=now)
            job.work(progress)
    except FileFault as error:
        report.add(error.fault)
        report.faulty += 1
    if report.fault_count and not partial:
        report.created = report.changed = report.unchanged = 0
        report.changes.clear()
    report.applied = not dry_run and report.changes_anything
    return report


def _judge_ground(ground: str) -> None:
    """Refuse a ground that the decision log would refuse for every row."""
    if holds_personal_number(ground):
        raise FileFault("ground", _("The ground or the file name holds a taxpayer number of a person."))


class _Job:
    """The writing side of a run: one transaction for all, or one for each chunk."""

    def __init__(
        self,
        table: Table,
        reader: RowReader,
        report: ImportReport,
        *,
        actor: Actor,
        judge: Actor,
        ground: str,
        now: datetime,
    ) -> None:
        self.table, self.reader, self.report = table, reader, report
        self.actor, self.judge, self.ground, self.now = actor, judge, ground, now
        self.is_whole = not (report.partial or report.dry_run)
        self.writing = True

    def work(self, progress: Progress | None) -> None:
        rows = self._limited()
        waiting: list[Draft] = []
        with ExitStack() as whole:
            if self.is_whole:
                whole.enter_context(transaction.atomic())
            while batch := list(islice(rows, CHUNK)):
                drafts = [*waiting, *self.reader.read(batch)]
                # a short batch is the last one
                ready, waiting = _split(drafts) if len(batch) == CHUNK else (drafts, [])
                self._take(ready, whole)
                if progress:
                    progress(self.report.rows, self.table.part_read())
            self._take(waiting, whole)
        if not self.report.rows:
            raise FileFault("file.no_rows", _("There is only the header in the file, no rows."))

    def _limited(self) -> Iterator[tuple[int, Sequence[str]]]:
        for number, cells in self.table.rows():
            if number > settings.IMPORT_MAX_ROWS + 1:
                raise FileFault(
                    "file.too_long",
                    _("The file has more than %(limit)s rows. Divide it.") % {"limit": settings.IMPORT_MAX_ROWS},
                    row=number,
                )
            yield number, cells

    def _take(self, drafts: list[Draft], whole: ExitStack) -> None:
        """Judge the drafts against the register and write them; after a fault only judge."""
        groups: dict[tuple[str, str], list[Draft]] = {}
        for draft in drafts:
            groups.setdefault(key_of(draft), []).append(draft)
        chunk = [told_by(rows) for rows in groups.values()]
        faults = settle(chunk, actor=self.judge) if chunk else {}
        for told in chunk:
            for column, fault in faults.get(told.record.row, {}).items():
                self.reader.report_fault(told.record.row, column, told.drafts[0].told.get(column, ""), fault)
        self.report.faulty += sum(len(told.drafts) for told in chunk if told.record.row in faults)
        if self.writing:
            self._put([told for told in chunk if told.record.row not in faults])
        if self.writing and self.report.fault_count and not self.report.partial:
            # nothing will go in: give the register back to others and read the rest for its faults
            self.writing = False
            if self.is_whole:
                transaction.set_rollback(True)
                whole.close()

    def _put(self, chunk: list[Told]) -> None:
        """Write the chunk, or the halves of a chunk that the database refuses, down to the one to name."""
        if not chunk:
            return
        try:
            with transaction.atomic():
                outcomes = put_providers(
                    [told.record for told in chunk], actor=self.actor, ground=self.ground, now=self.now
                )
                self._count(outcomes)
                if self.report.dry_run:
                    transaction.set_rollback(True)
        except _REFUSED as error:
            if len(chunk) > 1:
                middle = len(chunk) // 2
                self._put(chunk[:middle])
                self._put(chunk[middle:])
                return
            row = chunk[0].record.row
            self.report.add(Fault(row, "", "", _reason(error), "row.refused"))
            self.report.faulty += len(chunk[0].drafts)

    def _count(self, outcomes: Sequence[Outcome]) -> None:
        for outcome in outcomes:
            if outcome.kind == "unchanged":
                continue
            self.report.places.add(outcome.entry.hromada_id or outcome.entry.oblast_id or 0)
            if len(self.report.changes) < KEPT_CHANGES:
                self.report.changes.append(change_of(outcome))
        delta = self.reader.ledger.recount([(outcome.record.key, outcome.kind) for outcome in outcomes])
        self.report.created += delta["created"]
        self.report.changed += delta["changed"]
        self.report.unchanged += delta["unchanged"]


def _split(drafts: list[Draft]) -> tuple[list[Draft], list[Draft]]:
    """Return the drafts that are ready and those of the last provider, whose further rows may follow."""
    if not drafts:
        return [], []
    last = key_of(drafts[-1])
    start = len(drafts)
    while start and key_of(drafts[start - 1]) == last:
        start -= 1
    if len(drafts) - start > LONGEST_GROUP:
        return drafts, []
    return drafts[:start], drafts[start:]


def _reason(error: Exception) -> str:
    """Say in words what the database or the log refused; never with their own text, which may hold values."""
    if isinstance(error, PersonalDataRefused):
        return _("This looks like a taxpayer number of a person. The text is public, such numbers must not be in it.")
    if isinstance(error, UnknownHeadError):
        return _("There is no entry with this number in the register.")
    return _("The register refuses this row: its values contradict each other or what is already known.")
