from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from portal.site.opendata.feed import begin_anew, catch_up, reconcile


class Command(BaseCommand):
    help = "Bring the feed of public changes up to the last commit; the worker does so every minute."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--all", action="store_true", help="compare every public object with the feed")
        parser.add_argument(
            "--anew", action="store_true", help="after a database was restored: let no cursor of before be taken"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        move = begin_anew if options["anew"] else reconcile if options["all"] else catch_up
        self.stdout.write(f"changes: {move(timezone.now())}")
