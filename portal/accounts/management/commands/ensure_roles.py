from django.core.management.base import BaseCommand

from portal.accounts.roles import ensure_roles


class Command(BaseCommand):
    help = "Create the desk's roles as groups and give each its permissions; safe to run again."

    def handle(self, *args, **options):
        self.stdout.write(", ".join(group.name for group in ensure_roles()))
