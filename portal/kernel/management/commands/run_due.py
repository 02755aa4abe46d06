from datetime import datetime
from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.utils import timezone

from portal.kernel.commands import KeepsOn
from portal.kernel.due import AlreadyRunning, run


class Command(KeepsOn):
    help = "Carry out what has become due by the clock; safe to run twice and from cron. Exit code 1 when a part fails."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--now", type=_moment, default=None, help="the moment to take for now, as ISO 8601")

    def handle(self, *args: Any, now: datetime | None, **options: Any) -> None:
        try:
            done = run(now or timezone.now())
        except AlreadyRunning:
            self.stdout.write("another run is going on, nothing was done")
            return
        for one in done:
            self.stdout.write(f"{one.name}: {one.error or one.words}")
        if failed := [one.name for one in done if one.error]:
            raise CommandError(f"failed: {', '.join(failed)}", returncode=1)


def _moment(text: str) -> datetime:
    """Read a moment; one without a zone is in the portal's own."""
    moment = datetime.fromisoformat(text)
    return timezone.make_aware(moment) if timezone.is_naive(moment) else moment
