"""`manage.py load_synonyms`: the table of synonyms shipped with the portal."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from registry.domain.reference import Counts
from search.domain.synonyms import load_synonyms


class Command(BaseCommand):
    help = "Load the shipped synonyms; what people edited stays, what did not change is not touched."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--force", action="store_true", help="load the file, changed or not")

    def handle(self, *args: Any, **options: Any) -> None:
        counts = load_synonyms(force=options["force"])
        self.stdout.write(described(counts) if counts.anything else _("The synonyms are up to date."))


def described(counts: Counts) -> str:
    """Return what happened to the table in words."""
    parts = [
        (counts.created, ngettext("%(count)s synonym added", "%(count)s synonyms added", counts.created)),
        (counts.changed, ngettext("%(count)s synonym changed", "%(count)s synonyms changed", counts.changed)),
        (
            counts.vanished,
            ngettext("%(count)s synonym out of use", "%(count)s synonyms out of use", counts.vanished),
        ),
    ]
    return ", ".join(text % {"count": count} for count, text in parts if count) + "."
