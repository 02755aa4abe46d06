"""`manage.py import_territory_facts FILE`: population, area, budget codes and centres of hromadas."""

import sys
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from tqdm import tqdm

from registry.domain.territory_facts import FactsFileError, FactsReport, import_territory_facts


class Command(BaseCommand):
    help = "Import facts about territories from a CSV or XLSX file; unknown stays unknown."

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path)
        parser.add_argument("--dry-run", action="store_true", help="judge the file and write nothing")
        parser.add_argument(
            "--partial", action="store_true", help="let the faultless rows in even if others are faulty"
        )

    def handle(self, *args, **options):
        if not options["file"].is_file():
            raise CommandError(_("There is no file %(path)s.") % {"path": options["file"]})
        try:
            report = self._import(options)
        except FactsFileError as error:
            raise CommandError(str(error)) from None
        for problem in report.problems:
            self.stderr.write(str(problem))
        if report.ignored_columns:
            self.stdout.write(_("Columns not used: %(names)s") % {"names": ", ".join(report.ignored_columns)})
        self.stdout.write(summary(report, dry_run=options["dry_run"]))
        if report.problems and not options["dry_run"] and not options["partial"]:
            raise CommandError(_("Nothing was written. Correct the file or run with --partial."))

    def _import(self, options: dict) -> FactsReport:
        with tqdm(unit="", leave=False, disable=not sys.stderr.isatty()) as bar:

            def show(done: int, total: int) -> None:
                bar.total = total
                bar.update(done - bar.n)

            return import_territory_facts(
                options["file"], dry_run=options["dry_run"], partial=options["partial"], progress=show
            )


def summary(report: FactsReport, *, dry_run: bool) -> str:
    """Return the outcome in one line."""
    if not report.changed and not report.problems:
        return _("Nothing changed: all %(count)s rows are already known.") % {"count": report.rows}
    parts = [
        (report.changed, ngettext("%(count)s unit to change", "%(count)s units to change", report.changed))
        if not report.written
        else (report.changed, ngettext("%(count)s unit changed", "%(count)s units changed", report.changed)),
        (report.unchanged, ngettext("%(count)s row unchanged", "%(count)s rows unchanged", report.unchanged)),
        (len(report.problems), ngettext("%(count)s faulty row", "%(count)s faulty rows", len(report.problems))),
    ]
    text = ", ".join(text % {"count": count} for count, text in parts)
    return _("Dry run: %(text)s.") % {"text": text} if dry_run else text + "."
