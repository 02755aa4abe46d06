from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from django.utils.translation import gettext as _
from tqdm import tqdm

from registry.domain.demo.removing import remove
from registry.domain.demo.state import DemoRefused
from registry.domain.demo.writing import generate
from registry.models import RegisterEntry


class Command(BaseCommand):
    help = (
        "Fill the register with invented providers, marked as such; the same seed gives the same ones. Or remove them."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--providers", type=int, default=600, help="how many there shall be in all")
        parser.add_argument("--seed", type=int, default=1, help="which set of them")
        parser.add_argument("--remove", action="store_true", help="take every invented provider out")

    def handle(self, *args: Any, providers: int, seed: int, **options: Any) -> None:
        if options["remove"]:
            self._remove()
            return
        if not 0 < providers <= 1_000_000:
            raise CommandError(_("Between 1 and 1,000,000 providers can be invented."))
        # disable=None shows the bar on a terminal only
        with tqdm(total=providers, unit="", disable=None, file=self.stderr) as bar:
            try:
                added = generate(providers, seed=seed, now=timezone.now(), progress=bar.update)
            except DemoRefused as refusal:
                raise CommandError(_refusal(refusal)) from refusal
        self.stdout.write(_("Invented providers added: %(count)d.") % {"count": added})

    def _remove(self) -> None:
        total = RegisterEntry.objects.filter(is_demo=True).count()
        with tqdm(total=total, unit="", disable=None, file=self.stderr) as bar:
            gone = remove(actor_role="demo", now=timezone.now(), progress=bar.update)
        self.stdout.write(_("Invented providers removed: %(count)d.") % {"count": gone})


def _refusal(refusal: DemoRefused) -> str:
    if refusal.seed is None:
        return _("The demonstration set is being removed; finish with: manage.py generate_demo --remove")
    return _(
        "The register has the demonstration set of seed %(seed)d. "
        "Use that seed, or remove the set first: manage.py generate_demo --remove"
    ) % {"seed": refusal.seed}
