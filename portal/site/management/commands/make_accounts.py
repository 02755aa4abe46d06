import base64
import secrets

from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP
from allauth.mfa.utils import decrypt
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from portal.accounts.addresses import confirm_address
from portal.accounts.enums import MandateScope, Role
from portal.accounts.models import Mandate, User
from portal.accounts.roles import ensure_roles
from procurement.domain.demo.commissions import MEMBER
from registry.models import RegisterEntry, Territory, TerritoryScope

DOMAIN = "demo.example"
TERRITORY = "UA53000000000028050"  # Полтавська область
SCOPED = (Role.REGISTRAR, Role.APPROVER, Role.COMMISSIONER)
PROVIDER = f"provider@{DOMAIN}"


class Command(BaseCommand):
    help = (
        "Create one demonstration account per role, one of a member of commissions and one of a provider, and print "
        "them; only where PORTAL_DEMO_ACCOUNTS allows it."
    )

    def handle(self, *args, **options):
        if not settings.PORTAL_DEMO_ACCOUNTS:
            raise CommandError("demonstration accounts are switched off here (PORTAL_DEMO_ACCOUNTS)")
        password, secret = demo_password(), demo_secret()
        with transaction.atomic():
            groups = {group.name: group for group in ensure_roles()}
            for role in Role:
                self._make_official(role, groups[role.value], password, secret)
            made = {role.value: address(role) for role in Role}
            # sits in the commissions of the demonstration
            set_second_factor(account(MEMBER, "member", password), secret)
            made["member"] = MEMBER
            if speaks_for_demo_provider(password):
                made["provider"] = PROVIDER
        width = max(len(name) for name in made)
        self.stdout.write(f"second factor of the officials: key {secret}, or: manage.py second_factor_code EMAIL")
        for name, email in made.items():
            self.stdout.write(f"{name:<{width}}  {email}  {password}")

    def _make_official(self, role, group, password, secret):
        user = account(address(role), role.value, password)
        user.groups.set([group])
        set_second_factor(user, secret)
        if role in SCOPED:
            unit = Territory.objects.filter(code=TERRITORY).first()
            if unit is None:
                self.stderr.write("no territories yet: run load_reference, then make_accounts again")
            else:
                TerritoryScope.objects.get_or_create(user=user, territory=unit)


def account(email: str, name: str, password: str) -> User:
    user, created = User.objects.get_or_create(email=email, defaults={"first_name": "Demo", "last_name": name})
    if created or not user.check_password(password):
        user.set_password(password)
        user.save()
    confirm_address(user)
    return user


def set_second_factor(user: User, secret: str) -> None:
    """Give the account this installation's key, unless it has it already."""
    known = Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).first()
    if known is not None and decrypt(known.data["secret"]) == secret:
        return
    Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).delete()
    TOTP.activate(user, secret)


def speaks_for_demo_provider(password: str) -> bool:
    """Make an account that represents an invented provider of the demonstration's oblast, if there is any."""
    entries = RegisterEntry.objects.filter(
        is_demo=True, is_open=True, oblast__code=TERRITORY, organisation__is_demo=True
    )
    user = User.objects.filter(email=PROVIDER).first()
    if user is not None and Mandate.objects.active(timezone.localdate()).filter(person=user).exists():
        account(PROVIDER, "provider", password)
        return True
    entries = RegisterEntry.objects.in_good_standing().filter(is_demo=True, is_open=True, oblast__code=TERRITORY)
    entry = entries.filter(organisation__is_demo=True).order_by("number").select_related("organisation").first()
    if entry is None:
        return False
    Mandate.objects.create(
        person=account(PROVIDER, "provider", password),
        organisation=entry.organisation,
        scope=MandateScope.REPRESENTATIVE,
        valid_from=timezone.localdate(),
    )
    return True


def address(role: Role) -> str:
    return f"{role.value}@{DOMAIN}"


def demo_password() -> str:
    """Return this installation's own demonstration password, made on first use so that none is committed."""
    return _kept("demo_password", f"poruch-{secrets.token_hex(4)}")


def demo_secret() -> str:
    """Return the key by which applications make codes for this installation's demonstration accounts."""
    return _kept("demo_second_factor", base64.b32encode(secrets.token_bytes(20)).decode())


def _kept(name: str, fresh: str) -> str:
    file = settings.VAR / name
    if not file.exists():
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(fresh)
        file.chmod(0o600)
    return file.read_text().strip()
