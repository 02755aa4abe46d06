from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from allauth.mfa.utils import decrypt
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError


class Command(BaseCommand):
    help = "Print the code that a demonstration account's application would show now; only where those are allowed."

    def add_arguments(self, parser):
        parser.add_argument("email")

    def handle(self, *args, email, **options):
        if not settings.PORTAL_DEMO_ACCOUNTS:
            raise CommandError("demonstration accounts are switched off here (PORTAL_DEMO_ACCOUNTS)")
        found = Authenticator.objects.filter(user__email__iexact=email, type=Authenticator.Type.TOTP).first()
        if found is None:
            raise CommandError("this account has no second factor")
        self.stdout.write(code_of(decrypt(found.data["secret"])))


def code_of(secret):
    """Return the code of this moment."""
    counters = list(yield_hotp_counters_from_time())
    return format_hotp_value(hotp_value(secret, counters[len(counters) // 2]))
