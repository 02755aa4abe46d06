"""`manage.py import_synonyms FILE`: synonyms from a CSV or XLSX file, as the desk brings them."""

import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from django.utils.translation import gettext as _

from registry.domain.providers import Actor
from registry.interfaces.importing import ImportSource
from search.interfaces.synonym_files import run

SHOWN_FAULTS = 50


class Command(BaseCommand):
    help = "Import synonyms from a CSV or XLSX file; with a faulty row nothing is entered."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, help="CSV (UTF-8 or Windows-1251) or XLSX")
        parser.add_argument("--dry-run", action="store_true", help="try everything, enter nothing")
        parser.add_argument("--partial", action="store_true", help="enter the faultless rows though others have faults")

    def handle(self, *args: Any, **options: Any) -> None:
        path = options["file"]
        try:
            source = ImportSource.from_path(path)
        except OSError as error:
            raise CommandError(_("The file %(file)s cannot be opened.") % {"file": path}) from error
        with source.file:
            report = run(
                source,
                actor=Actor(None, "command"),
                now=timezone.now(),
                dry_run=options["dry_run"],
                partial=options["partial"],
            )
        for fault in report.faults[:SHOWN_FAULTS]:
            self.stderr.write(str(fault))
        if report.fault_count > SHOWN_FAULTS:
            self.stderr.write(_("… and %(count)s more.") % {"count": report.fault_count - SHOWN_FAULTS})
        for line in report.summary():
            self.stdout.write(line)
        if not report.is_clean:
            sys.exit(1)
