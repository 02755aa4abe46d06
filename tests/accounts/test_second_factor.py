"""The desk opens to a password and a code, and to nothing less."""

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.auth.models import Group
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from portal.accounts.models import Mandate, User
from portal.accounts.second_factor import PASSED
from portal.kernel.models import LogEntry
from portal.site.management.commands.second_factor_code import code_of
from tests.factories.accounts import PASSWORD, SECRET, give_second_factor, make_official, make_person
from tests.factories.registry import make_provider

DESK = ("/admin/", "/admin/pages/", "/admin/users/", "/admin/login/../", "/files/4a3f3a4e-0000-4000-8000-000000000000/")


def key_of(client: Client) -> str:
    return client.session["mfa.totp.secret"]


def test_official_without_second_factor_is_led_to_setting_it_up(sign_in):
    client = sign_in(make_official("registrar"))

    for address in DESK:
        assert client.get(address).url.startswith(reverse("mfa_activate_totp") + "?next="), address
    assert client.post("/admin/pages/", {}).status_code == 302
    assert client.get("/en/files/4a3f3a4e-0000-4000-8000-000000000000/").status_code == 302


@pytest.mark.django_db(transaction=True)
def test_official_sets_it_up_and_enters(sign_in, letters):
    user = make_official("registrar")
    client = sign_in(user)
    page = client.get("/admin/", follow=True)
    assert "<svg" in page.content.decode()

    wrong = client.post(reverse("mfa_activate_totp"), {"code": "000000"})
    assert 'href="#id_code"' in wrong.content.decode()
    assert client.get("/admin/").status_code == 302
    secret = key_of(client)
    assert wrong.context["form"].secret == secret
    done = client.post(reverse("mfa_activate_totp"), {"code": code_of(secret)})

    assert done.url == reverse("mfa_view_recovery_codes")
    assert client.get("/admin/").status_code == 200
    kept = Authenticator.objects.get(user=user, type="totp").data["secret"]
    assert secret not in kept
    assert len(letters(user.email)) == 1


def test_recovery_codes_are_shown_once_and_can_be_saved(sign_in):
    client = sign_in(make_official("registrar"))
    client.get(reverse("mfa_activate_totp"))
    client.post(reverse("mfa_activate_totp"), {"code": code_of(key_of(client))})

    first, second = (client.get(reverse("mfa_view_recovery_codes")) for _ in range(2))

    codes = first.context["unused_codes"]
    assert (len(codes), first.context["can_view_codes"], second.context["can_view_codes"]) == (10, True, False)
    assert "data:text/plain;base64," in first.content.decode()
    assert not any(code in second.content.decode() for code in codes)


def test_sign_in_asks_for_the_code_and_opens_the_desk(sign_in):
    user = make_official("registrar")
    give_second_factor(user)
    client = Client()
    answer = client.post(reverse("account_login"), {"login": user.email, "password": PASSWORD, "next": "/admin/pages/"})
    assert answer.url.startswith(reverse("mfa_authenticate"))
    assert "_auth_user_id" not in client.session
    assert client.get("/admin/").url.startswith("/admin/login/")

    wrong = client.post(reverse("mfa_authenticate"), {"code": "000000"})
    done = client.post(reverse("mfa_authenticate"), {"code": code_of(SECRET)})

    assert (wrong.status_code, done.url) == (200, "/admin/pages/")
    assert client.get("/admin/").status_code == 200


def test_code_works_once_in_any_process(sign_in):
    user = make_official("registrar")
    give_second_factor(user)
    code = code_of(SECRET)
    assert sign_in(user, code=code).get("/admin/").status_code == 200
    from django.core.cache import cache

    cache.clear()

    assert "_auth_user_id" not in sign_in(user, code=code).session


def test_recovery_code_signs_in_once(sign_in):
    user = make_official("registrar")
    code = give_second_factor(user)[3]

    assert sign_in(user, code=f" {code[:4]} {code[4:]} ").get("/admin/").status_code == 200
    assert "_auth_user_id" not in sign_in(user, code=code).session


def test_session_made_before_the_second_factor_has_to_give_it(sign_in):
    user = make_official("registrar")
    client = sign_in(user)
    give_second_factor(user)

    led = client.get("/admin/").url
    assert led.startswith(reverse("mfa_reauthenticate"))
    assert client.post(led, {"code": "000000"}).status_code == 200
    assert client.get("/admin/").status_code == 302
    before = client.session.session_key
    assert client.post(led, {"code": code_of(SECRET), "next": "/admin/"}).url == "/admin/"
    assert client.session.session_key != before
    assert client.get("/admin/").status_code == 200


def test_mark_of_one_person_opens_nothing_for_another(client):
    client.force_login(make_official("registrar"))
    session = client.session
    session[PASSED] = make_person().pk
    session.save()

    assert client.get("/admin/").status_code == 302


def test_official_cannot_switch_it_off_and_others_can(sign_in):
    official, person = make_official("registrar"), make_person()
    for user in (official, person):
        give_second_factor(user)
        client = sign_in(user)
        client.post(reverse("mfa_deactivate_totp"))

    assert list(Authenticator.objects.filter(type="totp").values_list("user", flat=True)) == [official.pk]
    assert reverse("mfa_deactivate_totp") not in sign_in(official).get(reverse("accounts:security")).content.decode()


def test_person_who_switches_it_off_ends_the_other_sessions(sign_in):
    person = make_person()
    codes = give_second_factor(person)
    other, here = sign_in(person, code=codes[0]), sign_in(person)

    here.post(reverse("mfa_deactivate_totp"))

    assert here.get(reverse("accounts:security")).status_code == 200
    assert other.get(reverse("accounts:security")).status_code == 302
    assert PASSED not in here.session


def test_promotion_asks_for_a_second_factor_at_once(sign_in):
    person = make_person()
    client = sign_in(person)
    assert client.get("/admin/", follow=True).status_code == 403

    make_official("registrar")
    person.groups.add(Group.objects.get(name="registrar"))

    assert client.get("/admin/").url.startswith(reverse("mfa_activate_totp"))


def test_demotion_closes_the_desk_and_lets_the_second_factor_go(sign_in):
    user = make_official("registrar")
    give_second_factor(user)
    client = sign_in(user)
    user.groups.clear()

    assert client.get("/admin/", follow=True).status_code == 403
    client.post(reverse("mfa_deactivate_totp"))
    assert not Authenticator.objects.filter(user=user).exists()


def test_superuser_and_staff_need_it_too(sign_in):
    for fields in ({"is_superuser": True}, {"is_staff": True}):
        client = sign_in(make_person(**fields))
        assert client.get("/admin/").url.startswith(reverse("mfa_activate_totp"))


def test_check_costs_no_query_once_passed(sign_in, django_assert_num_queries):
    user = make_official("registrar")
    give_second_factor(user)
    client = sign_in(user)
    client.get("/files/4a3f3a4e-0000-4000-8000-000000000000/x/")

    # the session, the person, Wagtail's two in search of a page, its redirect: nothing for the check
    with django_assert_num_queries(5):
        client.get("/files/4a3f3a4e-0000-4000-8000-000000000000/x/")


def test_pages_for_everybody_ask_for_no_session(client, world_of_pages, django_assert_num_queries):
    client.force_login(make_person())

    for address in world_of_pages:
        response = client.get(address)
        assert response.wsgi_request.session.accessed is False, address


@pytest.fixture
def world_of_pages(db):
    return ("/accessibility/", "/verify/")


def test_lost_second_factor_is_taken_away_by_the_administrator(sign_in, letters):
    user = make_official("registrar")
    give_second_factor(user)
    client = sign_in(user)

    call_command("reset_second_factor", user.email, ground="впізнано на місці")

    assert client.get("/admin/").url.startswith("/admin/login/")
    assert sign_in(user).get("/admin/").url.startswith(reverse("mfa_activate_totp"))
    assert len(letters(user.email)) == 1
    line = LogEntry.objects.get(tag="accounts:second-factor:taken-away")
    assert user.email not in line.payload
    with pytest.raises(CommandError):
        call_command("reset_second_factor", "nobody@x.example", ground="x")


def test_demonstration_provider_is_represented_once(settings, tmp_path):
    settings.PORTAL_DEMO_ACCOUNTS, settings.VAR = True, tmp_path
    entry = make_provider(demo=True)

    for _ in range(2):
        call_command("make_accounts")

    mandate = Mandate.objects.get()
    assert (mandate.person.email, mandate.organisation) == ("provider@demo.example", entry.organisation)
    assert (mandate.scope, entry.organisation.is_demo) == ("representative", True)
    assert mandate.person.roles == frozenset()


def test_demonstration_code_opens_the_desk_and_is_refused_in_earnest(sign_in, settings, tmp_path, capsys):
    settings.PORTAL_DEMO_ACCOUNTS, settings.VAR = True, tmp_path
    call_command("make_accounts")
    call_command("second_factor_code", "registrar@demo.example")
    code = capsys.readouterr().out.split()[-1]
    client = Client()
    user = User.objects.get(email="registrar@demo.example")
    password = (tmp_path / "demo_password").read_text()
    client.post(reverse("account_login"), {"login": user.email, "password": password})
    client.post(reverse("mfa_authenticate"), {"code": code})

    assert client.get("/admin/").status_code == 200
    settings.PORTAL_DEMO_ACCOUNTS = False
    with pytest.raises(CommandError):
        call_command("second_factor_code", user.email)
