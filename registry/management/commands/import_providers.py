"""`manage.py import_providers FILE`: providers from a CSV or XLSX file into the register."""

import sys
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _
from tqdm import tqdm

from portal.accounts.enums import Role
from portal.accounts.models import User
from registry import rules
from registry.domain.providers import Actor
from registry.interfaces.importing import ImportReport, ImportSource, map_names, record_run, run

SHOWN_FAULTS = 50
BAR = "{percentage:3.0f}%|{bar}|{postfix} [{elapsed}<{remaining}]"


class Command(BaseCommand):
    help = "Import providers from a CSV or XLSX file; a second run of the same file changes nothing."

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path, help="CSV (UTF-8 or Windows-1251) or XLSX")
        parser.add_argument("--dry-run", action="store_true", help="try everything, enter nothing")
        parser.add_argument("--partial", action="store_true", help="enter the faultless rows though others have faults")
        parser.add_argument("--map", choices=map_names(), help="column map; without it the header decides")
        parser.add_argument("--ground", default="", help="on which ground, as the public history will say")
        parser.add_argument("--by", help="e-mail of the account in whose name the import is made")

    def handle(self, *args, **options):
        path = options["file"]
        actor, now = self._actor(options["by"]), timezone.now()
        try:
            source = ImportSource.from_path(path, options["map"])
        except OSError as error:
            raise CommandError(_("The file %(file)s cannot be opened.") % {"file": path}) from error
        with source.file, tqdm(total=1.0, leave=False, bar_format=BAR, disable=not sys.stderr.isatty()) as bar:

            def show(rows: int, part: float) -> None:
                bar.set_postfix_str(_("%(count)s rows") % {"count": rows}, refresh=False)
                bar.update(part - bar.n)

            report = run(
                source,
                actor=actor,
                now=now,
                dry_run=options["dry_run"],
                partial=options["partial"],
                ground=options["ground"],
                progress=show,
            )
        if report.applied:
            record_run(report, by=actor.user, at=now)
        self._tell(report)
        if not report.is_clean:
            sys.exit(1)

    def _actor(self, email: str | None) -> Actor:
        if not email:
            return Actor(None, "command")
        user = User.objects.filter(email=email.strip().lower()).first()
        if user is None:
            raise CommandError(_("There is no account with the e-mail %(email)s.") % {"email": email})
        if not rules.can_import_providers(user):
            raise CommandError(_("This account may not import providers."))
        role = Role.ADMINISTRATOR if Role.ADMINISTRATOR in user.roles else Role.REGISTRAR
        return Actor(user, role.value)

    def _tell(self, report: ImportReport) -> None:
        for fault in report.faults[:SHOWN_FAULTS]:
            self.stderr.write(str(fault))
        if report.fault_count > SHOWN_FAULTS:
            self.stderr.write(_("… and %(count)s more.") % {"count": report.fault_count - SHOWN_FAULTS})
        for line in report.summary():
            self.stdout.write(line)
