"""Accounts at the desk: made by e-mail, given roles and territories, every such change in the log."""

import json

import pytest
from django.contrib.auth.models import Group
from django.core.management import CommandError, call_command
from django.urls import reverse

from portal.accounts.enums import Role
from portal.accounts.models import User
from portal.accounts.roles import ensure_roles
from portal.kernel.models import LogEntry
from registry.models import TerritoryScope

NEW = {
    "email": "New.Official@Gov.Example",
    "first_name": "Ірина",
    "last_name": "Левченко",
    "password1": "вітер-у-полі-7",
    "password2": "вітер-у-полі-7",
}


def role_pk(role) -> int:
    return Group.objects.get(name=role).pk


def test_account_is_made_with_role_and_territory_and_signs_in(desk, client):
    typed = {**NEW, "groups": [role_pk("registrar")], "territories": "UA53000000000028050\n"}

    response = desk.clients["administrator"].post(reverse("wagtailusers_users:add"), typed)

    user = User.objects.get(email="new.official@gov.example")
    assert response.status_code == 302
    assert (user.roles, user.is_superuser) == (frozenset({Role.REGISTRAR}), False)
    assert [scope.territory for scope in user.territory_scopes.all()] == [desk.places.poltavska]
    line = LogEntry.objects.get(tag="accounts:user:roles")
    assert json.loads(line.payload)["after"] == {
        "roles": ["registrar"],
        "territories": ["UA53000000000028050"],
        "active": ["true"],
    }
    assert "official" not in line.payload.lower()
    signed = client.post(reverse("account_login"), {"login": user.email, "password": NEW["password1"]})
    assert signed.url == reverse("account_email_verification_sent")


def test_registrar_without_a_territory_is_refused(desk):
    response = desk.clients["administrator"].post(
        reverse("wagtailusers_users:add"), {**NEW, "groups": [role_pk("registrar")]}
    )

    assert (response.status_code, list(response.context["form"].errors)) == (200, ["territories"])


def test_same_address_in_other_letters_is_the_same_account(desk):
    typed = {**NEW, "email": desk.users["editor"].email.upper()}

    response = desk.clients["administrator"].post(reverse("wagtailusers_users:add"), typed)

    assert (response.status_code, list(response.context["form"].errors)) == (200, ["email"])


def test_change_of_roles_and_territories_is_logged(desk):
    user = desk.users["registrar"]
    typed = {
        "email": user.email,
        "first_name": user.first_name,
        "last_name": user.last_name,
        "is_active": "on",
        "groups": [role_pk("approver")],
        "territories": "Диканська громада (UA53080130000079450)",
    }

    response = desk.clients["administrator"].post(reverse("wagtailusers_users:edit", args=[user.pk]), typed)

    assert response.status_code == 302
    assert User.objects.get(pk=user.pk).roles == frozenset({Role.APPROVER})
    assert list(TerritoryScope.objects.filter(user=user).values_list("territory__name", flat=True)) == ["Диканська"]
    payload = json.loads(LogEntry.objects.get(tag="accounts:user:roles").payload)
    assert (payload["before"]["roles"], payload["after"]["roles"]) == (["registrar"], ["approver"])


def test_nobody_becomes_a_superuser_through_the_form(desk):
    typed = {**NEW, "is_superuser": "on", "groups": [role_pk("editor")]}

    desk.clients["administrator"].post(reverse("wagtailusers_users:add"), typed)

    assert User.objects.get(email="new.official@gov.example").is_superuser is False


def test_administrator_keeps_the_own_roles(desk):
    user = desk.users["administrator"]
    typed = {"email": user.email, "first_name": "Нова", "last_name": "Назва", "groups": []}

    response = desk.clients["administrator"].post(reverse("wagtailusers_users:edit", args=[user.pk]), typed)

    fresh = User.objects.get(pk=user.pk)
    assert (response.status_code, fresh.first_name, fresh.roles) == (302, "Нова", frozenset({Role.ADMINISTRATOR}))


def test_bulk_change_of_roles_is_refused(desk):
    url = reverse("wagtail_bulk_action", args=["accounts", "user", "assign_role"])
    target = desk.users["editor"]

    desk.clients["administrator"].post(f"{url}?id={target.pk}&next=/admin/", {"role": role_pk("administrator")})

    assert User.objects.get(pk=target.pk).roles == frozenset({Role.EDITOR})


def test_roles_are_made_once_and_mended(db):
    first = {group.name: set(group.permissions.values_list("codename", flat=True)) for group in ensure_roles()}
    Group.objects.get(name="auditor").permissions.clear()
    second = {group.name: set(group.permissions.values_list("codename", flat=True)) for group in ensure_roles()}

    assert first == second
    assert set(first) == set(Role.values)
    assert first["auditor"] == {"access_admin"}


def test_demonstration_accounts_are_made_once(places, settings, tmp_path, capsys):
    settings.PORTAL_DEMO_ACCOUNTS, settings.VAR = True, tmp_path

    call_command("make_accounts")
    first = capsys.readouterr().out
    call_command("make_accounts")

    assert capsys.readouterr().out == first
    assert sorted(User.objects.values_list("email", flat=True)) == sorted(
        f"{role}@demo.example" for role in (*Role.values, "member")
    )
    assert set(TerritoryScope.objects.values_list("user__email", "territory")) == {
        (f"{role}@demo.example", places.poltavska.pk) for role in ("registrar", "approver", "commissioner")
    }
    password = first.split()[-1]
    assert User.objects.get(email="auditor@demo.example").check_password(password)


def test_demonstration_accounts_are_refused_where_they_are_off(db, settings):
    settings.PORTAL_DEMO_ACCOUNTS = False

    with pytest.raises(CommandError):
        call_command("make_accounts")
    assert User.objects.count() == 0
