"""Commissions of the demonstration and their invented people."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, Final

from portal.accounts.addresses import confirm_address
from portal.accounts.models import User
from procurement.domain.demo.material import texts
from procurement.domain.evaluation import commissions
from procurement.enums import MemberRole
from procurement.models import Commissioner, CompetitionCommission

# who may sign in as a member (`make_accounts`); the others' accounts are nobody's
MEMBER: Final = "member@demo.example"
_ROLES: Final = (MemberRole.CHAIR, MemberRole.SECRETARY, MemberRole.DEPUTY)
_MEMBERS: Final = 6
Told = Mapping[str, Any]


def write_commission(body: Commissioner, number: int, *, user: User, on: date, now: datetime) -> CompetitionCommission:
    """Write the commission of a hromada, appointed long before its competitions."""
    made = commissions.create_commission(
        user=user, commissioner_id=body.pk, title=texts()["commission"]["title"] % body.hromada.label, now=now
    )
    act = {"act_number": f"{27 + number}-р", "act_on": on, "act_body": body.organisation.name}
    commissions.save_commission(commission_id=made.pk, user=user, values=act, now=now)
    for place, told in enumerate(texts()["commission"]["members"][:_MEMBERS]):
        person = _person(told, number, place)
        values = {
            **{name: told[name] for name in ("name", "position", "body")},
            "email": person.email,
            "role": _ROLES[place] if place < len(_ROLES) else MemberRole.MEMBER,
            "since": on,
            "order": place,
        }
        commissions.put_member(commission_id=made.pk, user=user, values=values, now=now)
    appointed = commissions.appoint(commission_id=made.pk, user=user, now=now)
    CompetitionCommission.objects.filter(pk=made.pk).update(is_demo=True)
    return appointed


def _person(told: Told, number: int, place: int) -> User:
    """Return the account of an invented member; one seat of every commission is the account that visitors try."""
    email = MEMBER if place == _MEMBERS - 1 else f"member{number}-{place}@demo.example"
    first, last = told["name"].split()[1], told["name"].split()[0]
    person, is_new = User.objects.get_or_create(email=email, defaults={"first_name": first, "last_name": last})
    if is_new:
        person.set_unusable_password()
        person.save(update_fields=["password"])
        confirm_address(person)
    return person


def second_official(user: User) -> User:
    """Return another official with the rights of `user`: who decides an appeal is not who decided on the winner."""
    email = "head@demo.example"
    person, is_new = User.objects.get_or_create(email=email, defaults=texts()["head"])
    if is_new:
        person.set_unusable_password()
        person.save(update_fields=["password"])
        confirm_address(person)
        person.groups.set(user.groups.all())
        for scope in user.territory_scopes.all():
            person.territory_scopes.create(territory=scope.territory)
    return person
