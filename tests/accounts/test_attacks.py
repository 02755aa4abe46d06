"""What people of bad will try at the entrance, and with claims and invitations."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client, RequestFactory
from django.urls import reverse
from django.utils import timezone

from portal.accounts import mandates, rules
from portal.accounts.enums import MandateScope
from portal.accounts.lockout import client_address
from portal.accounts.models import Claim
from portal.accounts.receivers import clean
from portal.kernel import outbox
from portal.kernel.models import OutboxMessage, StoredDocument
from portal.kernel.workflow import StepRefused
from portal.site.management.commands.second_factor_code import code_of
from tests.factories.accounts import (
    PASSWORD,
    SECRET,
    give_second_factor,
    make_mandate,
    make_official,
    make_organisation,
    make_person,
)
from tests.factories.applications import PDF
from tests.factories.registry import next_edrpou

RNOKPP = "3184710691"
OWNER = "ФОП Прихована Марія Іванівна"


def claim(user, code="", **fields) -> Claim:
    told = {"name": "ГО «Нова»", "scope": "representative", "statement": "директорка", "evidence": None}
    return mandates.claim_organisation(**{"user": user, "code": code, "now": timezone.now(), **told, **fields})


def guess_code(person, code: str, address: str) -> int:
    client = Client(REMOTE_ADDR=address)
    client.post(reverse("account_login"), {"login": person.email, "password": PASSWORD})
    return client.post(reverse("mfa_authenticate"), {"code": code}).status_code


# --- the second factor ---------------------------------------------------------------------------------------------


def test_codes_are_not_guessed_from_many_addresses(settings):
    person = make_official("registrar")
    give_second_factor(person)
    settings.SECOND_FACTOR_FAILURES = 8

    answers = [guess_code(person, "000000", f"198.51.100.{number}") for number in range(8)]

    assert answers == [200] * 8
    assert guess_code(person, code_of(SECRET), "198.51.100.99") == 429


def test_old_guesses_do_not_close_the_account(settings, monkeypatch):
    person = make_person()
    give_second_factor(person)
    settings.SECOND_FACTOR_FAILURES = 2
    settings.AXES_COOLOFF_TIME = timedelta(seconds=0)
    for number in range(3):
        guess_code(person, "000000", f"198.51.100.{number}")

    assert guess_code(person, code_of(SECRET), "198.51.100.99") == 302


@pytest.mark.parametrize(
    ("address", "counted"),
    [
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"),
        ("2001:db8:1:2:ffff::1", "2001:db8:1:2::"),
        ("::ffff:203.0.113.7", "203.0.113.7"),
        ("203.0.113.7", "203.0.113.7"),
    ],
)
def test_network_of_version_six_is_one_visitor(address, counted):
    assert client_address(RequestFactory().get("/", REMOTE_ADDR=address)) == counted


@pytest.mark.django_db(transaction=True)
def test_session_from_before_the_second_factor_ends_when_it_is_set_up(sign_in):
    user = make_official("registrar")
    stolen, own = sign_in(user), sign_in(user)
    own.get(reverse("mfa_activate_totp"))

    own.post(reverse("mfa_activate_totp"), {"code": code_of(own.session["mfa.totp.secret"])})

    assert own.get("/cabinet/security/").status_code == 200
    assert stolen.get("/cabinet/security/").url.startswith("/account/login/")


@pytest.mark.parametrize(
    "name",
    [
        "account_login",
        "account_signup",
        "account_reset_password",
        "account_change_password",
        "account_reauthenticate",
        "mfa_activate_totp",
        "mfa_view_recovery_codes",
        "mfa_generate_recovery_codes",
        "mfa_reauthenticate",
        "mfa_deactivate_totp",
        "accounts:security",
        "accounts:people_index",
        "accounts:claim_start",
    ],
)
def test_page_of_the_account_is_kept_by_no_cache(sign_in, name):
    user = make_person()
    if name != "mfa_activate_totp":
        give_second_factor(user)
    client = Client() if name in ("account_login", "account_signup", "account_reset_password") else sign_in(user)

    answer = client.get(reverse(name))

    assert {"private", "no-store"} <= set(answer["Cache-Control"].split(", ")), answer["Cache-Control"]


def test_entrance_leads_to_no_other_site(sign_in):
    client = Client()
    user = make_person()

    for wanted in ("https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:alert(1)"):
        answer = client.post(reverse("account_login"), {"login": user.email, "password": PASSWORD, "next": wanted})
        assert "evil" not in answer.url and "javascript" not in answer.url
        client.logout()


# --- claims --------------------------------------------------------------------------------------------------------


def test_claim_beside_a_mandate_prepares_nothing_any_more():
    claimant, code = make_person(), next_edrpou()
    made = claim(claimant, code)
    assert rules.can_draft_for(claimant, made.organisation)

    make_mandate(make_person(), made.organisation)

    assert not rules.can_draft_for(claimant, made.organisation)


def test_claim_to_be_an_editor_signs_nothing():
    claimant = make_person()
    made = claim(claimant, next_edrpou(), scope=MandateScope.EDITOR.value)

    assert rules.has_made_organisation(claimant, made.organisation)
    assert not rules.has_made_to_sign(claimant, made.organisation)


def test_taxpayer_number_tells_no_name_to_a_claimant(sign_in, letters):
    make_organisation(name=OWNER, rnokpp=RNOKPP, person_type="sole_proprietor", legal_form="sole_proprietor")
    curious, registrar = make_person(), make_official("registrar")
    client = sign_in(curious)
    typed = {"person_type": "sole_proprietor", "code": RNOKPP, "scope": "representative", "statement": "це я"}
    client.post(reverse("accounts:claim_start"), {**typed, "name": "ФОП Хтось"})
    made = Claim.objects.get()
    pages = [reverse("accounts:claim", args=[made.pk]), reverse("accounts:people_index"), "/cabinet/"]

    seen = "".join(client.get(page).content.decode() for page in pages)
    mandates.refuse_claim(claim_id=made.pk, by=registrar, role="registrar", ground="ні", now=timezone.now())
    seen += client.get(pages[0]).content.decode()
    again = claim(curious, person_type="sole_proprietor", rnokpp=RNOKPP, name="ФОП Хтось")
    mandates.withdraw_claim(claim_id=again.pk, user=curious, now=timezone.now())
    seen += "".join(letter["text"] + letter["html"] + letter["subject"] for letter in letters(curious.email))

    assert "Прихована" not in seen


def test_taxpayer_number_without_a_name_is_answered_the_same_for_known_and_unknown():
    make_organisation(name=OWNER, rnokpp=RNOKPP, person_type="sole_proprietor", legal_form="sole_proprietor")

    for number in (RNOKPP, "2712345680"):
        with pytest.raises(mandates.NameNeeded):
            claim(make_person(), person_type="sole_proprietor", rnokpp=number, name="")


def test_claims_and_invitations_flood_nobodys_letters(settings):
    settings.CLAIMS_A_DAY = settings.INVITATIONS_A_DAY = 2
    person, boss = make_person(), make_mandate(make_person(), make_organisation())
    told = {"scope": "editor", "valid_to": None, "now": timezone.now()}
    for number in range(2):
        made = claim(person, next_edrpou())
        mandates.withdraw_claim(claim_id=made.pk, user=person, now=timezone.now())
        mandates.invite_person(
            user=boss.person, organisation_id=boss.organisation_id, email=f"x{number}@provider.example", **told
        )

    with pytest.raises(StepRefused):
        claim(person, next_edrpou())
    with pytest.raises(StepRefused):
        mandates.invite_person(
            user=boss.person, organisation_id=boss.organisation_id, email="y@provider.example", **told
        )


def test_account_that_has_sent_very_many_files_sends_no_more(sign_in, settings, tmp_path):
    settings.PRIVATE_ROOT, settings.DOCUMENT_BYTES_A_DAY = tmp_path, 1
    client = sign_in(make_person())

    def send():
        typed = {"person_type": "legal_entity", "code": next_edrpou(), "scope": "editor", "statement": ""}
        return client.post(reverse("accounts:claim_start"), {**typed, "evidence": SimpleUploadedFile("наказ.pdf", PDF)})

    assert (send().status_code, send().status_code) == (422, 422)
    assert StoredDocument.objects.count() == 1


def test_old_letters_lie_nowhere():
    now = timezone.now()
    letter = outbox.mail("registry:something:1", ["olena@provider.example"], "Тема", "Таємниця")
    OutboxMessage.objects.filter(pk=letter.pk).update(sent_at=now - timedelta(days=31))
    fresh = outbox.mail("registry:something:2", ["olena@provider.example"], "Тема", "Слова")

    clean(now)

    assert OutboxMessage.objects.get(pk=letter.pk).payload == {}
    assert OutboxMessage.objects.get(pk=fresh.pk).payload["text"] == "Слова"
    assert outbox.mail("registry:something:1", ["olena@provider.example"], "Тема", "Таємниця").sent_at is not None
