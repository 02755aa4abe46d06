"""Pages of the cabinet about people: nothing of one organisation's people is there for another."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from portal.accounts import mandates
from portal.accounts.models import Claim, Invitation, Mandate, Organisation
from portal.kernel.models import StoredDocument
from tests.factories.accounts import make_mandate, make_official, make_organisation, make_person
from tests.factories.registry import make_provider, next_edrpou

PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"
RIGHT = {"name": "ГО «Нова»", "scope": "representative", "statement": "директорка за наказом"}


@pytest.fixture
def boss(db):
    return make_mandate(make_person(), make_organisation())


@pytest.fixture
def enter(db):
    def come(user) -> Client:
        client = Client()
        client.force_login(user)
        return client

    return come


def proof(content=PDF, name="наказ.pdf"):
    return SimpleUploadedFile(name, content)


def right_form(code, **fields):
    return {"person_type": "legal_entity", "code": code, **RIGHT, **fields}


# --- claims --------------------------------------------------------------------------------------------------------


def test_claim_goes_by_code_then_right_then_receipt(enter):
    user, code = make_person(), next_edrpou()
    client = enter(user)
    assert client.get("/cabinet/claim/").status_code == 200

    look = client.post("/cabinet/claim/", {"person_type": "legal_entity", "code": code, "look": ""})
    sent = client.post("/cabinet/claim/", right_form(code, evidence=proof()))

    assert (look.status_code, look.context["card"]) == (200, None)
    made = Claim.objects.get()
    assert (sent.url, made.person, made.evidence.name) == (f"/cabinet/claims/{made.pk}/", user, "наказ.pdf")
    assert "директорка за наказом" in client.get(sent.url).content.decode()
    assert made.organisation.name in client.get("/cabinet/people/").content.decode()


def test_claim_says_which_card_was_found(enter):
    entry = make_provider()

    page = enter(make_person()).post(
        "/cabinet/claim/", {"person_type": "legal_entity", "code": entry.organisation.code, "look": ""}
    )

    text = page.content.decode()
    assert entry.number in text
    assert f"/registry/{entry.number}/" in text
    assert 'name="name"' not in text


def test_taxpayer_number_tells_nobody_whose_it_is(enter):
    number = "3184710691"
    Organisation.objects.create(rnokpp=number, name="ФОП Таємна Олена", person_type="sole_proprietor")
    known, unknown = (
        enter(make_person()).post("/cabinet/claim/", {"person_type": "sole_proprietor", "code": one, "look": ""})
        for one in (number, "2530414071")
    )

    assert (known.status_code, unknown.status_code) == (200, 200)
    assert "Таємна" not in known.content.decode()
    assert known.content.decode().count("field") == unknown.content.decode().count("field")
    assert number not in known.wsgi_request.get_full_path()


def test_wrong_code_is_told_beside_the_field(enter, db):
    page = enter(make_person()).post("/cabinet/claim/", {"person_type": "legal_entity", "code": "12345679", "look": ""})

    text = page.content.decode()
    assert page.status_code == 422
    assert 'href="#id_code"' in text
    assert 'value="12345679"' in text


def test_mistake_in_the_claim_loses_neither_words_nor_the_file(enter):
    user, code = make_person(), next_edrpou()
    client = enter(user)

    first = client.post("/cabinet/claim/", right_form(code, name="", evidence=proof()))

    assert (first.status_code, Claim.objects.count()) == (422, 0)
    assert "директорка за наказом" in first.content.decode()
    assert "наказ.pdf" in first.content.decode()
    second = client.post("/cabinet/claim/", right_form(code, kept=first.context["kept"]))
    assert second.status_code == 302
    assert Claim.objects.get().evidence == StoredDocument.objects.get()


def test_second_claim_of_a_known_card_is_refused_in_sight(enter):
    user, code = make_person(), make_provider().organisation.code
    client = enter(user)
    client.post("/cabinet/claim/", right_form(code, name=""))

    page = client.post("/cabinet/claim/", right_form(code, name=""))

    assert (page.status_code, Claim.objects.count()) == (422, 1)
    assert list(page.context["form"].errors) == ["__all__"]


def test_file_kept_for_one_person_is_not_taken_by_another(enter):
    code = next_edrpou()
    kept = enter(make_person()).post("/cabinet/claim/", right_form(code, name="", evidence=proof())).context["kept"]

    enter(make_person()).post("/cabinet/claim/", right_form(code, kept=kept))

    assert Claim.objects.get().evidence is None


def test_proof_in_disguise_is_refused_with_its_reason(enter):
    page = enter(make_person()).post("/cabinet/claim/", right_form(next_edrpou(), evidence=proof(b"MZ...", "a.pdf")))

    assert page.status_code == 422
    assert list(page.context["form"].errors) == ["evidence"]
    assert Claim.objects.count() == 0


def test_proof_is_read_by_its_owner_and_registrars_alone(enter):
    owner = make_person()
    enter(owner).post("/cabinet/claim/", right_form(next_edrpou(), evidence=proof()))
    address = f"/files/{StoredDocument.objects.get().pk}/"
    statuses = {
        name: enter(user).get(address).status_code
        for name, user in {
            "owner": owner,
            "registrar": make_official("registrar"),
            "auditor": make_official("auditor"),
            "other": make_mandate(make_person(), make_organisation()).person,
        }.items()
    }

    assert statuses == {"owner": 200, "registrar": 200, "auditor": 404, "other": 404}
    assert Client().get(address).status_code == 404


def test_claim_of_another_person_is_not_there(enter):
    user = make_person()
    enter(user).post("/cabinet/claim/", right_form(next_edrpou()))
    made, stranger = Claim.objects.get(), enter(make_person())

    assert stranger.get(f"/cabinet/claims/{made.pk}/").status_code == 404
    assert stranger.post(f"/cabinet/claims/{made.pk}/withdraw/").status_code == 404
    assert enter(user).post(f"/cabinet/claims/{made.pk}/withdraw/").status_code == 302
    assert Claim.objects.get().state == "withdrawn"


# --- people --------------------------------------------------------------------------------------------------------


def test_representative_sees_people_with_their_dates(boss, enter):
    make_mandate(make_person(first_name="Петро"), boss.organisation, "editor", valid_to="2030-05-06")
    make_mandate(make_person(first_name="Колишня"), boss.organisation, "editor", valid_to="2026-02-01")

    page = enter(boss.person).get(f"/cabinet/organisations/{boss.organisation_id}/people/")

    assert [str(one.person.first_name) for one in page.context["mandates"]] == [boss.person.first_name, "Петро"]
    assert [str(one.person.first_name) for one in page.context["past"]] == ["Колишня"]
    assert "2030" in page.content.decode()


def test_people_of_an_organisation_are_not_there_for_others(boss, enter):
    mandate = make_mandate(make_person(), boss.organisation, "editor")
    invitation = mandates.invite_person(
        user=boss.person,
        organisation_id=boss.organisation_id,
        email="a@b.example",
        scope="editor",
        valid_to=None,
        now=timezone.now(),
    )
    addresses = (
        f"/cabinet/organisations/{boss.organisation_id}/people/",
        f"/cabinet/mandates/{boss.pk}/revoke/",
        f"/cabinet/mandates/{mandate.pk}/revoke/",
    )
    outsiders = [
        make_mandate(make_person(), make_organisation()).person,
        make_person(),
        make_official("auditor"),
        make_mandate(make_person(), boss.organisation, valid_to="2026-02-01").person,
    ]
    claimant = make_person()
    mandates.claim_organisation(
        user=claimant,
        code=Organisation.objects.create(code=next_edrpou(), name="x").code,
        name="",
        scope="representative",
        statement="x",
        evidence=None,
        now=timezone.now(),
    )

    for user in (*outsiders, claimant):
        client = enter(user)
        for address in addresses:
            assert (client.get(address).status_code, client.post(address, {"ground": "x"}).status_code) == (404, 404)
        assert client.post(f"/cabinet/invitations/{invitation.pk}/take-back/").status_code == 404
    assert enter(mandate.person).get(addresses[0]).status_code == 404
    assert all(Client().get(address).status_code == 302 for address in addresses)
    assert (Invitation.objects.open(timezone.now()).count(), Mandate.objects.filter(revoked_at=None).count()) == (1, 4)


def test_claim_of_a_known_organisation_shows_none_of_its_people(boss, enter):
    Organisation.objects.filter(pk=boss.organisation_id).update(code=next_edrpou())
    boss.organisation.refresh_from_db()
    client = enter(make_person())
    client.post("/cabinet/claim/", right_form(boss.organisation.code))

    made = Claim.objects.get()
    for address in (f"/cabinet/claims/{made.pk}/", "/cabinet/people/"):
        assert boss.person.last_name not in client.get(address).content.decode()
    assert client.get(f"/cabinet/organisations/{boss.organisation_id}/people/").status_code == 404


def test_invitation_goes_from_the_page_to_the_mandate(boss, enter, letters, link_of):
    address = f"/cabinet/organisations/{boss.organisation_id}/people/"
    client = enter(boss.person)
    typed = {"email": "petro@provider.example", "scope": "signatory", "valid_to": "2030-01-01"}
    assert client.post(address, typed).url == address
    assert "petro@provider.example" in client.get(address).content.decode()

    link = link_of(letters("petro@provider.example")[0])
    assert Client().get(link).url.startswith("/account/login/")
    stranger = enter(make_person()).get(link)
    assert stranger.status_code == 404
    assert str(boss.organisation) not in stranger.content.decode()
    person = enter(make_person("petro@provider.example"))
    page = person.get(link)
    assert (page.status_code, page["Referrer-Policy"]) == (200, "same-origin")
    assert Mandate.objects.count() == 1
    assert person.post(link).url == "/cabinet/people/"
    assert Mandate.objects.get(scope="signatory").person.email == "petro@provider.example"
    assert person.post(link).status_code == 404


def test_invitation_is_taken_back_from_the_page(boss, enter):
    client, address = enter(boss.person), f"/cabinet/organisations/{boss.organisation_id}/people/"
    client.post(address, {"email": "petro@provider.example", "scope": "editor"})

    client.post(f"/cabinet/invitations/{Invitation.objects.get().pk}/take-back/")

    assert Invitation.objects.get().revoked_at is not None
    assert "petro@provider.example" not in client.get(address).content.decode().split("<main")[1]


def test_faulty_invitation_is_told_and_nothing_typed_is_lost(boss, enter):
    address = f"/cabinet/organisations/{boss.organisation_id}/people/"

    page = enter(boss.person).post(address, {"email": "petro@provider", "scope": "editor", "valid_to": "2001-01-01"})

    assert page.status_code == 422
    assert 'value="petro@provider"' in page.content.decode()
    assert 'href="#id_email"' in page.content.decode()


def test_mandate_is_revoked_from_the_page_with_a_ground(boss, enter):
    mandate = make_mandate(make_person(), boss.organisation, "editor")
    client, address = enter(boss.person), f"/cabinet/mandates/{mandate.pk}/revoke/"

    assert client.post(address, {"ground": ""}).status_code == 422
    assert client.post(address, {"ground": "звільнено"}).url.endswith("/people/")
    assert client.get(address).status_code == 404
    last = client.post(f"/cabinet/mandates/{boss.pk}/revoke/", {"ground": "йду"})
    assert last.status_code == 422
    assert "error-summary" in last.content.decode()


@pytest.mark.parametrize("count", [1, 3])
def test_pages_about_people_cost_the_same(boss, enter, count, django_assert_num_queries):
    for _ in range(count):
        make_mandate(make_person(), boss.organisation, "editor", valid_to="2030-01-01")
        make_mandate(make_person(), boss.organisation, "signatory", valid_to="2026-02-01")
        make_mandate(boss.person, make_organisation())
        mandates.invite_person(
            user=boss.person,
            organisation_id=boss.organisation_id,
            email=f"p{Invitation.objects.count()}@b.example",
            scope="editor",
            valid_to=None,
            now=timezone.now(),
        )
    client = enter(boss.person)
    client.get("/cabinet/people/")

    with django_assert_num_queries(7):
        client.get(f"/cabinet/organisations/{boss.organisation_id}/people/")
    with django_assert_num_queries(4):
        client.get("/cabinet/people/")


def test_pages_speak_english_too(boss, enter):
    client = enter(boss.person)

    for address in ("people/", "claim/", "security/", f"organisations/{boss.organisation_id}/people/"):
        assert 'lang="en"' in client.get(f"/en/cabinet/{address}").content.decode()
