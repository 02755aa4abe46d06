"""What an official may not do by half of a sign-in, by interest, or by markup in somebody's name."""

import pytest
from django.core.files.base import ContentFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from portal.accounts.letters import Letter, post
from portal.accounts.mandates import claim_organisation
from portal.accounts.rules import EVIDENCE
from portal.accounts.second_factor import PASSED
from portal.kernel.documents import store
from portal.kernel.workflow import StepRefused
from registry.domain import examination
from registry.domain.examination import decide, propose_outcome, take_application
from registry.models import Ground
from tests.factories.accounts import make_organisation, make_person
from tests.factories.applications import PDF, make_criteria, make_rules, make_submitted
from tests.factories.registry import make_catalogue, next_edrpou

pytestmark = pytest.mark.django_db
MARKUP = "<script>alert(1)</script><img src=x onerror=alert(2)>"


@pytest.fixture(autouse=True)
def _law(places):
    make_catalogue(), make_criteria(), make_rules()


def half(user) -> Client:
    """Sign in by the password alone."""
    client = Client()
    client.force_login(user)
    session = client.session
    session.pop(PASSED, None)
    session.save()
    return client


def test_closed_decision_asks_an_official_for_the_second_factor(desk):
    application = make_submitted()
    now = timezone.now()
    take_application(application_id=application.pk, user=desk.users["registrar"], now=now)
    ground = Ground.objects.create(slug="g", outcome="refuse", text_uk="Підстава", valid_from="2020-01-01")
    propose_outcome(
        application_id=application.pk,
        user=desk.users["registrar"],
        outcome="refuse",
        ground_ids=[ground.pk],
        reason="Не відповідає.",
        now=now,
    )
    decision = decide(application_id=application.pk, user=desk.users["approver"], now=now)

    for name in ("registry:decision", "registry:decision_file"):
        address = reverse(name, args=[decision.number])
        for role in ("administrator", "auditor", "registrar", "approver"):
            assert half(desk.users[role]).get(address).status_code == 404, role
    assert desk.clients["auditor"].get(reverse("registry:decision", args=[decision.number])).status_code == 200


def test_official_examines_nothing_of_a_provider_whom_the_official_has_claimed(desk):
    application = make_submitted()
    claim_organisation(
        user=desk.users["registrar"],
        code=application.organisation.code,
        name="",
        scope="representative",
        statement="голова",
        evidence=None,
        now=timezone.now(),
    )

    with pytest.raises(StepRefused):
        examination.take_application(application_id=application.pk, user=desk.users["registrar"], now=timezone.now())


def test_markup_in_a_name_is_shown_and_not_run(desk):
    application = make_submitted(organisation=make_organisation(code=next_edrpou(), name=MARKUP))
    client = desk.clients["registrar"]
    claim = claim_organisation(
        user=application.created_by,
        code=next_edrpou(),
        name=MARKUP,
        scope="representative",
        statement=MARKUP,
        evidence=None,
        now=timezone.now(),
    )
    addresses = [
        reverse("desk_applications:index"),
        reverse("desk_applications:application", args=[application.pk]),
        reverse("desk_applications:take", args=[application.pk]),
        reverse("desk_claims:index"),
        reverse("desk_claims:claim", args=[claim.pk]),
        reverse("wagtailadmin_home"),
    ]

    for address in addresses:
        page = client.get(address).content.decode()
        assert "<script>alert" not in page and "<img src=x" not in page, address


def test_markup_in_a_name_travels_in_no_letter():
    letter = post("x:1", "a@x.example", Letter(f"Тема\r\nBcc: b@x.example {MARKUP}", (MARKUP,)))

    assert "<script>alert" not in letter.payload["html"] and "<img src=x" not in letter.payload["html"]
    assert "\n" not in letter.payload["subject"] and "\r" not in letter.payload["subject"]


def test_proof_of_a_claim_is_no_auditors_reading(desk, settings, tmp_path):
    settings.PRIVATE_ROOT = tmp_path
    person, now = make_person(), timezone.now()
    proof = store(ContentFile(PDF, name="паспорт.pdf"), kind=EVIDENCE, subject="accounts.claim", by=person, at=now)
    claim = claim_organisation(
        user=person, code=next_edrpou(), name="ГО", scope="editor", statement="так", evidence=proof, now=now
    )
    address = reverse("desk_claims:claim", args=[claim.pk])

    seen = {role: "паспорт" in desk.clients[role].get(address).content.decode() for role in ("auditor", "registrar")}

    assert seen == {"auditor": False, "registrar": True}
    assert desk.clients["auditor"].get(f"/files/{proof.pk}/").status_code == 404
    assert desk.clients["registrar"].get(f"/files/{proof.pk}/").status_code == 200
