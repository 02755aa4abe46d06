"""`manage.py forget_rare_questions`: what few people asked leaves the counts; run it daily."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone
from django.utils.translation import gettext as _

from search.domain.asked import DAYS_KEPT, LEAST, forget_rare


class Command(BaseCommand):
    help = "Delete counted questions that are older than a month and were asked by too few."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--days", type=int, default=DAYS_KEPT, help="how long a rare question is kept")
        parser.add_argument("--least", type=int, default=LEAST, help="how often it must be asked to be kept longer")

    def handle(self, *args: Any, **options: Any) -> None:
        gone = forget_rare(timezone.localdate(), days=options["days"], least=options["least"])
        self.stdout.write(_("Rare questions forgotten: %(count)s.") % {"count": gone})
