from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from portal.kernel import vault
from procurement.domain.seal.keys import key_faults, make_missing_keys, remember_sealing_keys

FILES = {"sealing": settings.SEALING_KEY_FILE, "drafts": settings.DRAFT_KEY_FILE}


class Command(BaseCommand):
    help = "Make the sealing key and the key of drafts where there are none, or put a new one before the others."
    # it mends what the checks complain about
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument("--add", choices=sorted(FILES), help="put a new key before the others of this file")

    def handle(self, *args, add, **options):
        try:
            if add:
                vault.add_key(Path(FILES[add]), f"{add} key")
                self.stdout.write(f"a new {add} key is the current one: {FILES[add]}")
            else:
                self._make()
            remember_sealing_keys()
        except (vault.VaultError, OSError) as error:
            raise CommandError(str(error)) from error
        for fault in key_faults():
            self.stderr.write(fault)

    def _make(self):
        made = make_missing_keys()
        for path in map(Path, FILES.values()):
            self.stdout.write(f"{'made' if path in made else 'is there already'}: {path}")
        if made:
            self.stdout.write(
                "Copy both files to a place that no backup of database and files takes along: what is sealed is lost "
                "with its key."
            )
