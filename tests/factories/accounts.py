"""Officials for tests: one account in one role, answering for the territories named."""

from typing import Any

from django.contrib.auth.models import Group

from portal.accounts.models import User
from portal.accounts.roles import ensure_roles
from registry.models import Territory, TerritoryScope


def make_official(role: str, *territories: Territory, **fields: Any) -> User:
    """Return an active account of the role; `email` and other fields may be given."""
    if not Group.objects.filter(name=role).exists():
        ensure_roles()
    email = fields.pop("email", f"{role}{User.objects.count()}@gov.example")
    user = User.objects.create_user(email, "desk-password-1", first_name="Олена", last_name="Коваль", **fields)
    user.groups.add(Group.objects.get(name=role))
    TerritoryScope.objects.bulk_create(TerritoryScope(user=user, territory=unit) for unit in territories)
    return user
