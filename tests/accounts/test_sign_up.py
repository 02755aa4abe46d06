"""From no account to a signed-in person, without telling anybody who has one."""

import pytest
from django.test import Client
from django.urls import reverse

from portal.accounts.entrance_letters import LETTERS
from portal.accounts.models import User
from tests.factories.accounts import PASSWORD, make_official, make_person

NEW = {"email": "New@Provider.Example", "first_name": "Ірина", "last_name": "Левченко", "password1": "вітер-у-полі-7"}


def enter(client: Client, email: str, password: str) -> bool:
    client.post(reverse("account_login"), {"login": email, "password": password})
    return "_auth_user_id" in client.session


def test_person_signs_up_confirms_the_address_and_signs_in(client, letters, link_of):
    answer = client.post(reverse("account_signup"), NEW)

    assert answer.url == reverse("account_email_verification_sent")
    user = User.objects.get()
    assert (user.email, str(user), user.roles) == ("new@provider.example", "Ірина Левченко", frozenset())
    assert enter(client, user.email, NEW["password1"]) is False
    (letter,) = letters("new@provider.example")
    assert letter["html"].count(link_of(letter)) == 2
    page = client.get(link_of(letter))
    assert "new@provider.example" in page.content.decode()
    assert enter(client, user.email, NEW["password1"]) is False
    client.post(link_of(letter))
    assert enter(client, " NEW@provider.example", NEW["password1"]) is True


def test_link_of_confirmation_works_once_and_not_when_forged(client, letters, link_of):
    client.post(reverse("account_signup"), NEW)
    link = link_of(letters("new@provider.example")[0])
    client.post(link)

    assert "notice bad" in client.get(link).content.decode()
    assert "notice bad" in client.get(link.replace("confirm/", "confirm/X")).content.decode()
    assert client.post(link.replace("confirm/", "confirm/X")).status_code == 404


def test_sign_up_answers_the_same_for_a_known_and_an_unknown_address(letters):
    known = make_person("known@provider.example")

    answers = [
        Client().post(reverse("account_signup"), {**NEW, "email": one}) for one in (known.email, "other@x.example")
    ]

    assert {(one.status_code, one.url) for one in answers} == {(302, reverse("account_email_verification_sent"))}
    assert User.objects.filter(email=known.email).count() == 1
    assert reverse("account_reset_password") in letters(known.email)[0]["text"]
    assert known.check_password(PASSWORD)


def test_reset_and_sign_in_answer_the_same_for_a_known_and_an_unknown_address(letters):
    known = make_person("known@provider.example")
    addresses = (known.email, "other@x.example")

    resets = [Client().post(reverse("account_reset_password"), {"email": one}) for one in addresses]
    entries = [Client().post(reverse("account_login"), {"login": one, "password": "wrong"}) for one in addresses]

    assert {(one.status_code, one.url) for one in resets} == {(302, reverse("account_reset_password_done"))}
    assert len({str(one.context["form"].errors) for one in entries}) == 1
    assert [len(letters(one)) for one in addresses] == [1, 1]


def test_password_is_set_anew_by_a_link_that_works_once(client, letters, link_of):
    user = make_person("known@provider.example")
    client.post(reverse("account_reset_password"), {"email": user.email})
    link = link_of(letters(user.email)[0])
    page = client.get(link, follow=True)
    typed = {"password1": "зелений-дуб-9", "password2": "зелений-дуб-9"}

    answer = client.post(page.context["action_url"], typed)

    assert answer.url == reverse("account_reset_password_from_key_done")
    assert enter(client, user.email, "зелений-дуб-9") is True
    assert Client().get(link).context["token_fail"] is True


@pytest.mark.parametrize("password", ["short-1", "password123", "1234567890", "new@provider.example"])
def test_weak_password_is_refused_beside_its_field_and_nothing_else_is_lost(client, password):
    answer = client.post(reverse("account_signup"), {**NEW, "password1": password})

    page = answer.content.decode()
    assert list(answer.context["form"].errors) == ["password1"]
    assert 'href="#id_password1"' in page
    assert 'value="Левченко"' in page
    assert password not in page or password == "new@provider.example"
    assert User.objects.count() == 0


def test_account_made_by_an_administrator_confirms_its_address_at_the_first_sign_in(client, letters, link_of):
    user = User.objects.create_user("made@gov.example", PASSWORD)

    assert enter(client, user.email, PASSWORD) is False
    client.post(link_of(letters(user.email)[0]))
    assert enter(client, user.email, PASSWORD) is True


def test_closed_account_does_not_enter(client):
    user = make_person(is_active=False)

    answer = client.post(reverse("account_login"), {"login": user.email, "password": PASSWORD})

    assert answer.url == reverse("account_inactive")
    assert client.get(answer.url).status_code == 200
    assert "_auth_user_id" not in client.session


def test_leaving_needs_a_post(client):
    client.force_login(make_person())

    assert client.get(reverse("account_logout")).status_code == 200
    assert "_auth_user_id" in client.session
    client.post(reverse("account_logout"))
    assert "_auth_user_id" not in client.session


@pytest.mark.parametrize(
    ("wanted", "led"),
    [
        ("/admin/pages/", "%2Fadmin%2Fpages%2F"),
        ("//evil.example/", "%2Fadmin%2F"),
        ("https://evil.example", "%2Fadmin%2F"),
    ],
)
def test_door_of_the_desk_leads_to_the_one_sign_in(client, db, wanted, led):
    answer = client.get("/admin/login/", {"next": wanted})

    assert answer.url == f"{reverse('account_login')}?next={led}"


def test_sign_in_leads_nowhere_but_here(client):
    user = make_person()

    answer = client.post(
        reverse("account_login"), {"login": user.email, "password": PASSWORD, "next": "https://evil.example/"}
    )

    assert answer.url == "/cabinet/"


def test_signed_in_stranger_is_told_at_the_door_of_the_desk_instead_of_led_around(client):
    client.force_login(make_person())

    assert client.get("/admin/", follow=True).status_code == 403


def test_passwords_are_not_changed_at_the_desk(client):
    client.force_login(make_official("auditor"))

    assert "password" not in client.get(reverse("wagtailadmin_account")).content.decode().lower()
    assert client.get("/admin/password_reset/").status_code == 404


def test_every_page_of_entrance_speaks_english_too(client, db):
    for address in ("login/", "signup/", "password/reset/", "password/reset/sent/", "confirm/"):
        page = client.get(f"/en/account/{address}")
        assert (page.status_code, 'lang="en"' in page.content.decode()) == (200, True)


def test_every_letter_has_text_and_page(db):
    context = dict.fromkeys(("activate_url", "password_reset_url", "signup_url"), "https://portal.example/x/")
    from portal.accounts.letters import post

    for name, build in LETTERS.items():
        payload = post(f"test:{name}", "a@b.example", build(context)).payload
        assert payload["subject"]
        assert "<" not in payload["text"]
        assert payload["html"].startswith(("<!doctype", "\n"))


def test_letter_escapes_in_the_page_and_not_in_the_text(db):
    from portal.accounts.letters import Letter, post

    payload = post("test:escape", "a@b.example", Letter("A\nB", ("ГО «Дім» & <b>",))).payload

    assert payload["subject"] == "A B"
    assert "ГО «Дім» & <b>" in payload["text"]
    assert "&amp; &lt;b&gt;" in payload["html"]
