from typing import Any

from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from portal.kernel.audit import verify
from portal.kernel.models import LogHead


class Command(BaseCommand):
    help = "Walk the whole decision log and say whether it is what was written; exit code 1 when it is not."

    def handle(self, *args: Any, **options: Any) -> None:
        head = LogHead.objects.filter(pk=1).first() or LogHead()
        # disable=None shows the bar on a terminal only
        with tqdm(total=head.seq, unit=" entries", unit_scale=True, disable=None) as bar:
            broken = verify(bar.update)
        if broken:
            raise CommandError(f"broken at entry {broken.seq}: {broken.fault.label}", returncode=1)
        self.stdout.write(f"whole: {head.seq} entries, head {head.digest or '—'}")
