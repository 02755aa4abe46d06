"""`manage.py load_reference`: the tables shipped with the portal, from territories to norms."""

import sys

from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from tqdm import tqdm

from portal.kernel.reference import load_norms
from registry.domain.reference import Counts, load_reference


class Command(BaseCommand):
    help = "Load the shipped reference tables; what did not change is not touched."

    def add_arguments(self, parser):
        parser.add_argument("--force", action="store_true", help="load every table, changed or not")

    def handle(self, *args, **options):
        counts = self._load(force=options["force"])
        norms = load_norms()
        for name, one in counts.tables.items():
            if one.anything:
                self.stdout.write(f"{name}: {described(one)}")
        if norms:
            self.stdout.write(_("norms: %(count)s rows") % {"count": sum(norms.values())})
        if not counts.anything and not norms:
            self.stdout.write(_("The reference tables are up to date."))

    def _load(self, *, force: bool) -> Counts:
        with tqdm(unit="", leave=False, disable=not sys.stderr.isatty()) as bar:

            def show(done: int, total: int) -> None:
                bar.total = total
                bar.update(done - bar.n)

            return load_reference(force=force, progress=show)


def described(counts: Counts) -> str:
    """Return what happened to a table in words."""
    parts = [
        (counts.created, ngettext("%(count)s row added", "%(count)s rows added", counts.created)),
        (counts.changed, ngettext("%(count)s row changed", "%(count)s rows changed", counts.changed)),
        (
            counts.vanished,
            ngettext(
                "%(count)s unit is no longer in the codifier",
                "%(count)s units are no longer in the codifier",
                counts.vanished,
            ),
        ),
    ]
    return ", ".join(text % {"count": count} for count, text in parts if count)
