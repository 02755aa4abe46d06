"""People for tests: officials in one role, people who speak for organisations, their mandates."""

from datetime import date
from itertools import count
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from django.contrib.auth.models import Group

from portal.accounts.addresses import confirm_address
from portal.accounts.models import Mandate, Organisation, User
from portal.accounts.roles import ensure_roles
from registry.models import Territory, TerritoryScope
from tests.factories.kept import once

PASSWORD = "desk-password-1"
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
_numbers = count(1)


def make_official(role: str, *territories: Territory, **fields: Any) -> User:
    """Return an active account of the role; `email` and other fields may be given."""
    if not Group.objects.filter(name=role).exists():
        _put_roles()
    email = fields.pop("email", f"{role}{User.objects.count()}@gov.example")
    user = User.objects.create_user(email, PASSWORD, first_name="Олена", last_name="Коваль", **fields)
    confirm_address(user)
    user.groups.add(Group.objects.get(name=role))
    TerritoryScope.objects.bulk_create(TerritoryScope(user=user, territory=unit) for unit in territories)
    return user


@once
def _put_roles() -> None:
    ensure_roles()


def make_person(email: str = "", **fields: Any) -> User:
    """Return a person with a confirmed address and no role at the desk."""
    number = next(_numbers)
    fields = {"first_name": "Ірина", "last_name": f"Левченко-{number}", **fields}
    user = User.objects.create_user(email or f"person{number}@provider.example", PASSWORD, **fields)
    confirm_address(user)
    return user


def make_organisation(**fields: Any) -> Organisation:
    return Organisation.objects.create(**{"name": f"ГО «Турбота {next(_numbers)}»", **fields})


def make_mandate(person: User, organisation: Organisation, scope: str = "representative", **fields: Any) -> Mandate:
    """Return a mandate that began long ago and has no end, unless the fields say otherwise."""
    return Mandate.objects.create(
        **{"person": person, "organisation": organisation, "scope": scope, "valid_from": date(2026, 1, 1), **fields}
    )


def give_second_factor(user: User) -> list[str]:
    """Give the account an application with the key `SECRET` and return its recovery codes."""
    Authenticator.objects.filter(user=user).delete()
    TOTP.activate(user, SECRET)
    return RecoveryCodes.activate(user).generate_codes()
