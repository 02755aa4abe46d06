from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from portal.site.opendata.feed import catch_up, reconcile


class Command(BaseCommand):
    help = "Bring the feed of public changes up to the last commit; the worker does so every minute."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--all", action="store_true", help="compare every public object with the feed")

    def handle(self, *args: Any, **options: Any) -> None:
        moved = reconcile(timezone.now()) if options["all"] else catch_up(timezone.now())
        self.stdout.write(f"changes: {moved}")
