from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from portal.accounts.domain.factors import take_second_factor_away
from portal.accounts.models import User


class Command(BaseCommand):
    help = "Take a lost second factor away from an account, after making sure who asks; all its sessions end."

    def add_arguments(self, parser):
        parser.add_argument("email")
        parser.add_argument("--ground", required=True, help="how it was made sure who asks")

    def handle(self, *args, email, ground, **options):
        user = User.objects.filter(email__iexact=email).first()
        if user is None:
            raise CommandError("there is no such account")
        take_second_factor_away(user=user, ground=ground, now=timezone.now())
        self.stdout.write("the second factor is taken away; an official sets up a new one at the next sign-in")
