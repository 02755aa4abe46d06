"""`manage.py export_synonyms FILE`: the table of synonyms as a CSV or XLSX file that an import reads."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from search.interfaces.synonym_files import FORMATS
from search.models import Synonym


class Command(BaseCommand):
    help = "Write all synonyms to a file; its ending, .csv or .xlsx, says which kind."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        path = options["file"]
        form = path.suffix.lower().removeprefix(".")
        if form not in FORMATS:
            raise CommandError(_("The name of the file must end in .csv or .xlsx."))
        rows = Synonym.objects.order_by("phrase", "kind", "target")
        content = FORMATS[form][1](rows)
        try:
            path.write_bytes(content)
        except OSError as error:
            raise CommandError(_("The file %(file)s cannot be written.") % {"file": path}) from error
        self.stdout.write(_("Synonyms written: %(count)s.") % {"count": rows.count()})
