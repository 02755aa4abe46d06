import secrets

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from portal.accounts.enums import Role
from portal.accounts.models import User
from portal.accounts.roles import ensure_roles
from registry.models import Territory, TerritoryScope

DOMAIN = "demo.example"
TERRITORY = "UA53000000000028050"  # Полтавська область
SCOPED = (Role.REGISTRAR, Role.APPROVER)


class Command(BaseCommand):
    help = "Create one demonstration account per role and print them; only where PORTAL_DEMO_ACCOUNTS allows it."

    def handle(self, *args, **options):
        if not settings.PORTAL_DEMO_ACCOUNTS:
            raise CommandError("demonstration accounts are switched off here (PORTAL_DEMO_ACCOUNTS)")
        password = demo_password()
        with transaction.atomic():
            groups = {group.name: group for group in ensure_roles()}
            for role in Role:
                self._make(role, groups[role.value], password)
        width = max(len(role.value) for role in Role)
        for role in Role:
            self.stdout.write(f"{role.value:<{width}}  {address(role)}  {password}")

    def _make(self, role, group, password):
        user, created = User.objects.get_or_create(
            email=address(role), defaults={"first_name": "Demo", "last_name": role.value}
        )
        if created or not user.check_password(password):
            user.set_password(password)
            user.save()
        user.groups.set([group])
        if role in SCOPED:
            unit = Territory.objects.filter(code=TERRITORY).first()
            if unit is None:
                self.stderr.write("no territories yet: run load_reference, then make_accounts again")
            else:
                TerritoryScope.objects.get_or_create(user=user, territory=unit)


def address(role: Role) -> str:
    return f"{role.value}@{DOMAIN}"


def demo_password() -> str:
    """Return this installation's own demonstration password, made on first use so that none is committed."""
    file = settings.VAR / "demo_password"
    if not file.exists():
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(f"poruch-{secrets.token_hex(4)}")
        file.chmod(0o600)
    return file.read_text().strip()
