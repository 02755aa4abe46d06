"""What a claimant without a mandate, and a sender of nonsense, try at the cabinet."""

import json

import pytest
from django.urls import reverse
from django.utils import timezone

from portal.accounts.mandates import claim_organisation, confirm_claim, refuse_claim
from portal.kernel.models import StoredDocument
from portal.kernel.workflow import StepRefused
from registry.domain import draft_saving
from registry.domain.applying import submit_application, withdraw_application
from registry.domain.drafts import start_application
from registry.models import Application
from tests.factories.accounts import make_official, make_person
from tests.factories.applications import NOW, fill, make_criteria, make_draft, make_rules, save, submit
from tests.factories.registry import make_catalogue, make_territories, next_edrpou

pytestmark = pytest.mark.django_db
SECRET = "вул. Притулку"
HIDDEN = {"sites/2/kind": "service", "sites/2/street": SECRET, "sites/2/confidential": True}


@pytest.fixture(autouse=True)
def _private(settings, tmp_path):
    settings.PRIVATE_ROOT = tmp_path
    make_territories(), make_catalogue(), make_criteria(), make_rules()


def claimed(user, code: str, scope: str = "representative"):
    return claim_organisation(
        user=user, code=code, name="ГО «Нова»", scope=scope, statement="голова", evidence=None, now=timezone.now()
    )


def begun(user, code: str, **fields) -> Application:
    organisation = claimed(user, code, **fields).organisation
    return fill(make_draft(organisation=organisation, user=user), **HIDDEN, **{"sites/2/territory": place()})


def place() -> str:
    return make_territories().poltava.code


def refused_of(application: Application) -> None:
    claim = application.organisation.claims.get(state="pending")
    refuse_claim(claim_id=claim.pk, by=make_official("registrar"), role="registrar", ground="ні", now=timezone.now())


def first_page_of(client, application: Application) -> str:
    """Return the person's first page; the application's own pages are not there."""
    base = f"/cabinet/applications/{application.pk}/"
    assert {client.get(base + path).status_code for path in ("", "check/", "export.json", "sites/")} == {404}
    return client.get("/cabinet/").content.decode()


def test_next_claimant_reads_no_draft_of_an_earlier_one(sign_in):
    code, curious = next_edrpou(), make_person()
    draft = begun(make_person(), code)
    refused_of(draft)
    claim = claimed(curious, code)
    assert claim.made_organisation
    client = sign_in(curious)

    with pytest.raises(StepRefused):
        start_application(user=curious, organisation_id=claim.organisation_id, kind="inclusion", now=NOW)
    seen = first_page_of(client, draft)

    assert SECRET not in seen and str(draft.pk) not in seen
    for document in StoredDocument.objects.all():
        assert client.get(f"/files/{document.pk}/").status_code == 404


def test_next_claimant_reads_no_submitted_application_of_an_earlier_one(sign_in):
    code, curious = next_edrpou(), make_person()
    application = submit(begun(make_person(), code))
    refused_of(application)
    claimed(curious, code)

    seen = first_page_of(sign_in(curious), application)

    assert SECRET not in seen and application.number not in seen


def test_claimant_sees_nothing_of_those_who_got_the_mandate(sign_in):
    code, first, second = next_edrpou(), make_person(), make_person()
    draft = begun(first, code)
    claim = claimed(second, code)
    confirm_claim(claim_id=claim.pk, by=make_official("registrar"), role="registrar", ground="", now=timezone.now())

    assert str(draft.pk) not in first_page_of(sign_in(first), draft)
    assert sign_in(second).get(f"/cabinet/applications/{draft.pk}/").status_code == 200


def test_claimant_to_be_an_editor_submits_nothing(sign_in):
    person = make_person()
    draft = begun(person, next_edrpou(), scope="editor")

    with pytest.raises(Exception) as refused:
        submit(draft)

    assert type(refused.value).__name__ == "PermissionDenied"
    assert sign_in(person).get(f"/cabinet/applications/{draft.pk}/check/").context["may_submit"] is False


def test_discarded_draft_of_a_claimant_is_read_by_no_official(sign_in):
    person = make_person()
    draft = begun(person, next_edrpou())
    document = StoredDocument.objects.first()
    officials = [sign_in(make_official(role)) for role in ("administrator", "auditor")]

    assert {one.get(f"/files/{document.pk}/").status_code for one in officials} == {404}
    withdraw_application(application_id=draft.pk, user=person, reason="", now=timezone.now())
    assert {one.get(f"/files/{document.pk}/").status_code for one in officials} == {404}


def test_nonsense_is_refused_and_breaks_nothing(full):
    deep = "[" * 100_000
    client = full.client

    assert client.post(full.url("save/"), deep, content_type="application/json").status_code == 400
    assert client.post(full.url("organisation/"), {"version": 1, "base": deep}).status_code in (302, 409, 422)
    chosen = {"path-0": "about/about", "choice-0": "mine", "mine-0": deep, "version": "1"}
    assert client.post(full.url("conflicts/"), chosen).status_code == 302
    for number in ("9" * 5000, "9" * 30, "²", "-1"):
        assert client.post(reverse("cabinet:start"), {"organisation": number, "kind": "inclusion"}).url == "/cabinet/"


def test_free_places_of_five_thousand_digits_are_a_fault(full):
    from registry.interfaces.availability_forms import FreePlacesForm

    for said in ("9" * 5000, "²", "-1", "10000"):
        assert not FreePlacesForm({"service": "1", "say": said}, key=1).is_valid()


def test_draft_that_is_full_says_so_wherever_something_is_added(full, monkeypatch):
    monkeypatch.setattr(draft_saving, "LARGEST", len(json.dumps(full.content)) // 4)

    for path in ("contacts/add/", "sites/1/remove/", "sites/1/back/"):
        answer = full.client.post(full.url(path), {"kind": "phone", "version": full.draft.version})
        assert answer.status_code == 302, path


def test_one_key_submits_no_second_application(full):
    other = begun(make_person(), next_edrpou())
    key = "6f1d3f7e-0000-4000-8000-000000000001"
    told = {"version": full.draft.version, "key": key, "now": NOW}
    submit_application(application_id=full.draft.pk, user=full.user, **told)

    with pytest.raises(StepRefused):
        submit_application(application_id=other.pk, user=other.created_by, **{**told, "version": other.version})


def test_page_of_another_site_is_no_way_onward(full):
    save(full.draft, {"about/about": "Нове."})
    for wanted in ("https://evil.example/", "//evil.example", "javascript:alert(1)", "/\\evil.example"):
        answer = full.client.post(full.url("conflicts/"), {"next": wanted, "version": "1"})
        assert answer.url == full.url()
