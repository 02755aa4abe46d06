"""Claims of organisations at the desk: whose they are, and what an answer leaves behind."""

import pytest
from django.urls import reverse
from django.utils import timezone

from portal.accounts.mandates import claim_organisation
from portal.accounts.models import Claim, Mandate
from tests.factories.accounts import make_person
from tests.factories.applications import fill, make_criteria, make_draft, make_rules, submit
from tests.factories.registry import make_provider, next_edrpou


def claim_of(code: str, **fields) -> Claim:
    return claim_organisation(
        user=fields.pop("user", None) or make_person(),
        code=code,
        name="ГО «Нова»",
        scope="representative",
        statement="Голова правління, протокол № 3.",
        evidence=None,
        now=timezone.now(),
        **fields,
    )


def url(claim) -> str:
    return reverse("desk_claims:claim", args=[claim.pk])


def listed(client) -> list[Claim]:
    return list(client.get(reverse("desk_claims:index")).context["object_list"])


def seen_by(desk, claim) -> dict[str, bool]:
    roles = ("administrator", "auditor", "registrar", "neighbour")
    return {role: claim in listed(desk.clients[role]) for role in roles}


def test_claim_of_a_card_belongs_to_the_territory_of_the_card(desk):
    claim = claim_of(desk.entry.organisation.code)

    assert seen_by(desk, claim) == {"administrator": True, "auditor": True, "registrar": True, "neighbour": False}
    assert desk.clients["neighbour"].get(url(claim)).status_code == 404
    assert desk.clients["neighbour"].post(url(claim), {"answer": "confirm", "ground": "так"}).status_code == 404


def test_claim_of_an_unknown_organisation_is_every_registrars(desk):
    claim = claim_of(next_edrpou())

    assert seen_by(desk, claim) == {"administrator": True, "auditor": True, "registrar": True, "neighbour": True}


def test_claim_of_an_applicant_belongs_to_the_territory_of_the_application(desk):
    make_criteria()
    make_rules()
    person = make_person()
    claim = claim_of(next_edrpou(), user=person)
    application = submit(fill(make_draft(organisation=claim.organisation, user=person)))

    page = desk.clients["registrar"].get(reverse("desk_applications:application", args=[application.pk]))

    assert seen_by(desk, claim) == {"administrator": True, "auditor": True, "registrar": True, "neighbour": False}
    assert url(claim) in page.content.decode()


@pytest.mark.parametrize("role", ["approver", "editor"])
def test_others_have_no_claims(desk, role):
    claim = claim_of(next_edrpou())

    for address in (reverse("desk_claims:index"), url(claim)):
        response = desk.clients[role].get(address)
        assert (response.status_code, response.url) == (302, reverse("wagtailadmin_home"))


def test_auditor_reads_and_does_not_answer(desk):
    claim = claim_of(desk.entry.organisation.code)
    client = desk.clients["auditor"]

    page = client.get(url(claim))
    response = client.post(url(claim), {"answer": "confirm", "ground": "так"})

    assert (page.status_code, page.context["can_decide"]) == (200, False)
    assert (response.status_code, Claim.objects.get().state) == (302, "pending")


def test_registrar_confirms_a_claim_into_a_mandate(desk):
    claim = claim_of(desk.entry.organisation.code)

    response = desk.clients["registrar"].post(url(claim), {"answer": "confirm", "ground": "Виписка з ЄДР."})

    assert (response.status_code, Claim.objects.get().state) == (302, "confirmed")
    mandate = Mandate.objects.get(person=claim.person)
    assert (mandate.organisation, mandate.scope) == (claim.organisation, "representative")
    assert listed(desk.clients["registrar"]) == []


def test_refusal_needs_its_ground_and_keeps_the_claim_until_then(desk):
    claim = claim_of(desk.entry.organisation.code)
    client = desk.clients["registrar"]

    faulty = client.post(url(claim), {"answer": "refuse", "ground": ""})
    waiting = Claim.objects.get().state
    response = client.post(url(claim), {"answer": "refuse", "ground": "Протокол підписала інша особа."})

    assert (list(faulty.context["form"].errors), waiting) == (["ground"], "pending")
    assert (response.status_code, Claim.objects.get().state) == (302, "refused")
    assert not Mandate.objects.filter(person=claim.person).exists()


def test_claim_answered_meanwhile_is_not_answered_again(desk):
    claim = claim_of(desk.entry.organisation.code)
    client = desk.clients["registrar"]
    client.post(url(claim), {"answer": "refuse", "ground": "Ні."})

    response = client.post(url(claim), {"answer": "confirm", "ground": "Так."})

    assert (response.status_code, Claim.objects.get().state) == (302, "refused")


def test_claim_page_holds_no_taxpayer_number(desk):
    claim = claim_of("", person_type="sole_proprietor", rnokpp="3184710691")

    page = desk.clients["registrar"].get(url(claim)).content.decode()

    assert "3184710691" not in page


@pytest.mark.parametrize("item_count", [1, 3])
def test_list_of_claims_costs_the_same(desk, django_assert_num_queries, item_count):
    for _ in range(item_count):
        claim_of(make_provider().organisation.code)
    client = desk.clients["registrar"]
    client.get(reverse("desk_claims:index"))

    with django_assert_num_queries(13):
        response = client.get(reverse("desk_claims:index"))

    assert len(response.context["object_list"]) == item_count
