"""Sessions end in time, and all at once when the person says so."""

from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from portal.accounts import sessions
from portal.accounts.receivers import clean, clean_once_a_day
from portal.kernel.models import OutboxMessage
from tests.factories.accounts import PASSWORD, give_second_factor, make_official, make_person

SECURITY = "/cabinet/security/"


def life_of(client: Client) -> timedelta:
    return Session.objects.get(pk=client.session.session_key).expire_date - timezone.now()


def age(client: Client, **by) -> None:
    """Let the session look as if it were begun and moved on so long ago."""
    session = client.session
    for name in (sessions.SIGNED_IN, sessions.MOVED):
        session[name] -= int(timedelta(**by).total_seconds())
    session.save()


def test_session_of_an_official_is_shorter(sign_in):
    official = make_official("registrar")
    give_second_factor(official)

    lives = [life_of(sign_in(user)) for user in (make_person(), official)]

    assert lives[0] == pytest.approx(timedelta(hours=24), abs=timedelta(seconds=20))
    assert lives[1] == pytest.approx(timedelta(hours=1), abs=timedelta(seconds=20))


def test_session_in_use_is_moved_on_but_never_past_its_longest_age(sign_in):
    client = sign_in(make_person())
    age(client, days=13, hours=23)

    client.get(SECURITY)

    assert life_of(client) == pytest.approx(timedelta(hours=1), abs=timedelta(seconds=20))


def test_session_past_its_end_is_nobodys(sign_in):
    client = sign_in(make_person())
    Session.objects.update(expire_date=timezone.now() - timedelta(seconds=1))

    assert client.get(SECURITY).url.startswith(reverse("account_login"))


def test_session_is_written_at_most_once_a_minute(sign_in, django_assert_num_queries):
    client = sign_in(make_person())
    client.get(SECURITY)

    with django_assert_num_queries(4):
        client.get(SECURITY)


def test_session_gets_a_new_key_at_sign_in(client):
    user = make_person()
    client.get(reverse("account_login"))
    session = client.session
    session["before"] = 1
    session.save()
    key = session.session_key

    client.post(reverse("account_login"), {"login": user.email, "password": PASSWORD})

    assert client.session.session_key != key
    assert not Session.objects.filter(pk=key).exists()


def test_other_sessions_end_when_the_password_changes(sign_in):
    user = make_person()
    here, other = sign_in(user), sign_in(user)
    typed = {"oldpassword": PASSWORD, "password1": "зелений-дуб-9", "password2": "зелений-дуб-9"}

    answer = here.post(reverse("account_change_password"), typed)

    assert answer.url == SECURITY
    assert here.get(SECURITY).status_code == 200
    assert other.get(SECURITY).status_code == 302


def test_other_sessions_end_at_once_on_request(sign_in):
    user = make_person()
    here, other, stranger = sign_in(user), sign_in(user), sign_in(make_person())

    assert here.get("/cabinet/security/end-sessions/").status_code == 405
    here.post("/cabinet/security/end-sessions/")

    assert [one.get(SECURITY).status_code for one in (here, other, stranger)] == [200, 302, 200]


def test_other_sessions_end_when_the_password_was_reset(sign_in, client, letters, link_of):
    user = make_person()
    other = sign_in(user)
    client.post(reverse("account_reset_password"), {"email": user.email})
    page = client.get(link_of(letters(user.email)[0]), follow=True)
    client.post(page.context["action_url"], {"password1": "зелений-дуб-9", "password2": "зелений-дуб-9"})

    assert other.get(SECURITY).status_code == 302


def test_cabinet_is_kept_by_no_cache(sign_in):
    answer = sign_in(make_person()).get(SECURITY)

    assert {"private", "no-store"} <= set(answer["Cache-Control"].split(", "))


def test_ended_sessions_and_letters_with_keys_are_dropped_once_a_day(sign_in, client, letters, monkeypatch):
    monkeypatch.setattr("portal.accounts.receivers._cleaned_on", [])
    user = make_person()
    sign_in(user)
    client.post(reverse("account_reset_password"), {"email": user.email})
    OutboxMessage.objects.update(sent_at=timezone.now())
    Session.objects.update(expire_date=timezone.now() - timedelta(seconds=1))

    clean_once_a_day(now=timezone.now())
    assert (Session.objects.count(), OutboxMessage.objects.count()) == (0, 1)
    clean_once_a_day(now=timezone.now() + timedelta(hours=26))
    assert OutboxMessage.objects.count() == 0
    clean(timezone.now())
