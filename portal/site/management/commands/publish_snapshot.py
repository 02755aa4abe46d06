from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from tqdm import tqdm

from portal.site.opendata.publishing import NotASnapshotError, Published, publish


class Command(BaseCommand):
    help = "Write everything public as files with their manifest into DIR: the same state gives the same bytes."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", type=Path, metavar="DIR", help="a new or empty folder, or an older snapshot")
        parser.add_argument(
            "--previous", type=Path, metavar="DIR", help="the snapshot to tell the difference to, as difference.json"
        )

    def handle(self, *args: Any, folder: Path, previous: Path | None, **options: Any) -> None:
        # disable=None shows the bar on a terminal only
        with tqdm(unit=" rows", unit_scale=True, leave=False, disable=None) as bar:
            try:
                done = publish(folder.resolve(), previous=previous, progress=bar.update, tell=bar.set_description)
            except NotASnapshotError as error:
                raise CommandError(str(error)) from error
            except (OSError, ValueError) as error:
                if previous is None:
                    raise
                raise CommandError(f"{previous} cannot be compared with: {error}") from error
        self._tell(done)

    def _tell(self, done: Published) -> None:
        self.stdout.write(f"{done.folder}: {done.files} files, {done.rows} rows, {done.size} bytes")
        if done.difference is not None:
            told = done.difference
            self.stdout.write(
                f"since the previous: {told['added']} added, {told['changed']} changed, {told['removed']} removed"
            )
        self.stdout.write(f"manifest: {done.digest}")
