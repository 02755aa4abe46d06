"""Guessing is stopped, for a while, for accounts that exist and for those that do not."""

from datetime import timedelta

import pytest
from axes.models import AccessAttempt
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from portal.accounts.receivers import clean
from tests.factories.accounts import PASSWORD, give_second_factor, make_person

LIMIT = 5


def guess(client: Client, email: str, password: str = "wrong", **extra):
    return client.post(reverse("account_login"), {"login": email, "password": password}, **extra)


@pytest.fixture
def person(db):
    return make_person("known@provider.example")


def test_repeated_failures_close_sign_in_and_say_until_when(client, person):
    answers = [guess(client, person.email) for _ in range(LIMIT)]

    assert [one.status_code for one in answers] == [200] * (LIMIT - 1) + [429]
    assert 0 < int(answers[-1]["Retry-After"]) <= 15 * 60
    assert answers[-1].context["until"] > timezone.now() + timedelta(minutes=14)
    assert guess(Client(), person.email, PASSWORD).status_code == 429


def test_lockout_ends_by_itself_and_is_not_made_longer_by_trying(client, person):
    for _ in range(LIMIT):
        guess(client, person.email)
    before = AccessAttempt.objects.get().attempt_time
    guess(client, person.email)
    assert AccessAttempt.objects.get().attempt_time == before
    AccessAttempt.objects.update(attempt_time=timezone.now() - timedelta(minutes=15, seconds=1))

    assert guess(client, person.email, PASSWORD).status_code == 302
    assert AccessAttempt.objects.count() == 0


def test_account_that_does_not_exist_is_locked_in_the_same_words(person):
    def pages(email):
        page = [guess(Client(), email) for _ in range(LIMIT)][-1]
        return page.status_code, page.context["minutes"], email in page.content.decode()

    assert pages(person.email) == pages("nobody@x.example") == (429, 15, False)


def test_writing_the_address_in_another_way_gives_no_more_tries(client, person):
    for one in (person.email, person.email.upper(), f" {person.email}", "Known@provider.example"):
        guess(client, one)

    assert guess(client, person.email).status_code == 429


def test_others_are_not_locked(client, person):
    for _ in range(LIMIT):
        guess(client, person.email)

    assert guess(Client(), make_person().email, PASSWORD).status_code == 302
    assert guess(Client(), person.email, PASSWORD, REMOTE_ADDR="10.0.0.9").status_code == 302


def test_success_forgets_earlier_failures(client, person):
    for _ in range(LIMIT - 1):
        guess(client, person.email)
    guess(client, person.email, PASSWORD)

    assert guess(Client(), person.email).status_code == 200


def test_second_factor_is_limited_like_the_password(client, person):
    give_second_factor(person)
    guess(client, person.email, PASSWORD)

    answers = [client.post(reverse("mfa_authenticate"), {"code": "000000"}) for _ in range(LIMIT)]

    assert [one.status_code for one in answers] == [200] * (LIMIT - 1) + [429]
    assert client.post(reverse("mfa_authenticate"), {"code": "000000"}).status_code == 429
    assert guess(Client(), person.email, PASSWORD).status_code == 429


def test_password_does_not_wash_off_wrong_codes(person):
    give_second_factor(person)
    statuses = []
    for _ in range(LIMIT):
        client = Client()
        guess(client, person.email, PASSWORD)
        statuses.append(client.post(reverse("mfa_authenticate"), {"code": "000000"}).status_code)

    assert statuses[-1] == 429


def test_what_was_typed_is_not_kept(client, person):
    give_second_factor(person)
    guess(client, person.email, "secret-word")
    guess(client, person.email, PASSWORD)
    client.post(reverse("mfa_authenticate"), {"code": "12345678"})

    (kept,) = AccessAttempt.objects.all()
    assert not {"secret-word", "12345678"} & set(kept.post_data.replace("=", "\n").split("\n"))


def test_proxy_of_our_own_tells_the_address_and_nobody_else(client, person, settings):
    forwarded = {"HTTP_X_FORWARDED_FOR": "203.0.113.7"}
    guess(client, person.email, **forwarded)
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    guess(client, person.email, **forwarded)

    assert sorted(AccessAttempt.objects.values_list("ip_address", flat=True)) == ["127.0.0.1", "203.0.113.7"]


def test_failures_that_no_longer_count_are_dropped(client, person):
    guess(client, person.email)
    clean(timezone.now())
    assert AccessAttempt.objects.count() == 1

    clean(timezone.now() + timedelta(minutes=16))
    assert AccessAttempt.objects.count() == 0
