import sys
import time
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _
from tqdm import tqdm

from search.engines import engine, is_on
from search.engines.interface import EngineAway
from search.indexing import rebuild
from search.sources import count_entries


class Command(BaseCommand):
    help = "Build the index of the search anew; the present one answers until the new one takes its place."
    # the check that asks for this command would be all there is to read
    requires_system_checks = []

    def handle(self, *args: Any, **options: Any) -> None:
        if not is_on():
            raise CommandError(_("This portal has no search engine: the setting SEARCH_ENGINE is “none”."))
        began = time.monotonic()
        try:
            with tqdm(total=count_entries(), unit="", leave=False, disable=not sys.stderr.isatty()) as bar:
                done = rebuild(engine(), progress=bar.update)
        except EngineAway as error:
            raise CommandError(_("The search engine does not answer: %(reason)s.") % {"reason": error}) from error
        if done is None:
            self.stdout.write(_("Another process is writing the index now; it is left to finish."))
            return
        self.stdout.write(
            _("%(documents)d documents in %(seconds).1f s.")
            % {"documents": done.documents, "seconds": time.monotonic() - began}
        )
