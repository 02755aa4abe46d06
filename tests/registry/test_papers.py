"""Papers of an application: what the receipt and the decision say, as PDF and as a public page, and what they keep."""

import io
from datetime import timedelta

import pypdf
import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation

from portal.accounts.models import Organisation
from registry.domain.drafts import criteria_of
from registry.domain.examination import (
    check_criterion,
    correct_decision,
    decide,
    propose_outcome,
    start_initiative,
    take_application,
)
from registry.interfaces.papers import decision_pdf, receipt_pdf
from registry.models import Application, Ground, RegisterDecision, RegisterEntry
from tests.factories.accounts import make_official, make_organisation
from tests.factories.applications import make_criteria, make_rules, make_submitted
from tests.factories.registry import make_carer, make_territories

NOW = timezone.now()


@pytest.fixture
def officials(db):
    place = make_territories().poltavska
    make_criteria()
    make_rules(days=30)
    registrar, approver = make_official("registrar", place), make_official("approver", place)
    approver.last_name = "Бойко"
    approver.save()
    return registrar, approver


def ground(outcome: str) -> Ground:
    facts = {
        "outcome": outcome,
        "text_uk": f"Підстава «{outcome}».",
        "text_en": f"Ground “{outcome}”.",
        "act": "99-2021",
        "point": "п. 7",
        "valid_from": "2021-01-01",
    }
    return Ground.objects.get_or_create(slug=f"{outcome}-test", defaults=facts)[0]


def decided(officials, application: Application, outcome: str, **proposal) -> RegisterDecision:
    registrar, approver = officials
    same = {"application_id": application.pk, "now": NOW}
    if application.kind != "initiative":
        take_application(user=registrar, **same)
    for key, criteria in criteria_of(application).items():
        for criterion in criteria:
            check_criterion(user=registrar, criterion_id=criterion.pk, service_key=key, result="met", note="", **same)
    grounds = [] if outcome in ("include", "amend") else [ground(outcome).pk]
    told = {"outcome": outcome, "ground_ids": grounds, "reason": "Усе перевірено.", **proposal}
    propose_outcome(user=registrar, **same, **told)
    return decide(user=approver, **same)


def text_of(pdf: bytes) -> str:
    return " ".join(" ".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(pdf)).pages).split())


def page_of(decision: RegisterDecision, client: Client | None = None, name: str = "decision"):
    return (client or Client()).get(reverse(f"registry:{name}", args=[decision.number]))


PRIVATE = {
    "contacts/3/kind": "phone",
    "contacts/3/value": "+380509998877",
    "contacts/3/private": True,
    "sites/2/kind": "service",
    "sites/2/territory": "UA53080370010073240",
    "sites/2/street": "вул. Прихована",
    "sites/2/building": "7",
    "sites/2/confidential": True,
}
MARKERS = ("+380509998877", "Прихована", "@")


def test_receipt_says_what_was_received_and_when(officials):
    application = make_submitted(services=2, now=NOW - timedelta(days=1), **PRIVATE)

    text = text_of(receipt_pdf(application))

    code = application.receipt.grouped
    wanted = [application.number, code, application.organisation.name, application.organisation.code, "Послуга 2"]
    assert [words for words in wanted if words not in text] == []
    assert application.digest in text.replace(" ", "")
    assert [words for words in MARKERS if words in text] == []


def test_receipt_of_an_exclusion_counts_nothing(officials):
    entry = decided(officials, make_submitted(now=NOW), "include").entry
    application = make_submitted("exclusion", organisation=entry.organisation, now=NOW)

    text = text_of(receipt_pdf(application))

    assert entry.number in text
    assert "0 " not in text.split(application.digest[:8])[0].split(entry.number)[1][:40]


def test_receipt_of_a_sole_proprietor_has_no_taxpayer_number(officials):
    organisation = make_organisation(
        code=None, rnokpp="3184710691", person_type="sole_proprietor", legal_form="sole_proprietor"
    )
    application = make_submitted(organisation=organisation, now=NOW)

    text = text_of(receipt_pdf(application))
    decision = decided(officials, application, "include")

    assert "3184710691" not in text + text_of(decision_pdf(decision)) + page_of(decision).content.decode()


def test_decision_paper_says_all_of_the_decision(officials):
    decision = decided(officials, make_submitted(now=NOW, **PRIVATE), "include")

    text = text_of(decision_pdf(decision))

    criteria = [check.criterion.text_uk for check in decision.application.checks.select_related("criterion")]
    wanted = [
        decision.number,
        decision.entry.number,
        decision.entry.organisation.name,
        decision.code.grouped,
        "Олена Коваль",
        "Олена Бойко",
        "Усе перевірено.",
        *criteria,
    ]
    assert [words for words in wanted if words not in text] == []
    assert decision.code.document_digest in text.replace(" ", "")
    assert [words for words in MARKERS if words in text] == []


def test_decision_paper_is_archival_tagged_and_the_same_twice(officials):
    decision = decided(officials, make_submitted(now=NOW), "include")
    first = decision_pdf(decision)

    reader = pypdf.PdfReader(io.BytesIO(first))

    assert decision_pdf(decision) == first
    assert reader.trailer["/Root"]["/MarkInfo"]["/Marked"]
    assert reader.trailer["/Root"]["/Lang"] == "uk"
    assert decision.number in reader.metadata.title


def test_decision_paper_in_english_has_the_english_words_of_the_law(officials):
    decision = decided(officials, make_submitted(now=NOW), "refuse")

    with translation.override("en"):
        text = text_of(decision_pdf(decision))

    assert "Ground “refuse”." in text
    assert "п. 7" in text


def test_ground_that_nobody_compared_is_marked(officials):
    entry = decided(officials, make_submitted(now=NOW), "include").entry
    case = start_initiative(entry_id=entry.pk, user=officials[0], now=NOW)
    decision = decided(officials, case, "suspend")

    page = page_of(decision).content.decode()

    assert "Підстава «suspend»." in page
    assert 'class="tag warn"' in page


def test_public_page_is_kept_a_minute_and_leads_to_its_verification(officials):
    decision = decided(officials, make_submitted(now=NOW), "include")

    page, paper = page_of(decision), page_of(decision, name="decision_file")

    assert (page.status_code, page["Cache-Control"]) == (200, "public, max-age=60")
    assert reverse("kernel:verify_code", args=[decision.code.code]) in page.content.decode()
    assert (paper.status_code, paper["Content-Type"]) == (200, "application/pdf")
    verified = Client().get(reverse("kernel:verify_code", args=[decision.code.code]))
    assert decision.code.document_digest in verified.content.decode()


def test_history_of_the_card_lists_its_decisions(officials):
    decision = decided(officials, make_submitted(now=NOW), "include")

    page = Client().get(reverse("registry:history", args=[decision.entry.number])).content.decode()

    assert reverse("registry:decision", args=[decision.number]) in page


def test_decision_about_nobody_in_the_register_is_closed_but_to_those_concerned(officials, client):
    application = make_submitted(now=NOW)
    decision = decided(officials, application, "refuse")
    found = {"anonymous": page_of(decision).status_code}
    others = {
        "provider": application.created_by,
        "registrar": officials[0],
        "neighbour": make_official("registrar", make_territories().odeska),
    }
    for name, user in others.items():
        client.force_login(user)
        response = page_of(decision, client)
        found[name] = response.status_code
        if response.status_code == 200:
            assert "no-store" in response["Cache-Control"]

    assert found == {"anonymous": 404, "provider": 200, "registrar": 200, "neighbour": 404}


def test_natural_person_has_no_public_decision(officials):
    entry = make_carer()
    case = start_initiative(entry_id=entry.pk, user=officials[0], now=NOW)
    decision = decided(officials, case, "suspend")

    assert {page_of(decision, name=name).status_code for name in ("decision", "decision_file")} == {404}
    assert Organisation.objects.get(pk=entry.organisation_id).name not in text_of(decision_pdf(decision))


def test_superseded_decision_stays_readable_and_says_so(officials):
    first = decided(officials, make_submitted(now=NOW), "include")
    decision_pdf(first)
    second = correct_decision(
        decision_id=first.pk, user=officials[1], reason="Виправлено.", ground="Описка у даті.", now=NOW
    )
    first = RegisterDecision.objects.get(pk=first.pk)

    old, new = page_of(first).content.decode(), page_of(second).content.decode()

    assert reverse("registry:decision", args=[second.number]) in old
    assert reverse("registry:decision", args=[first.number]) in new
    assert second.number in text_of(decision_pdf(first))
    assert first.number in text_of(decision_pdf(second))


@pytest.mark.parametrize("number", ["1/2026", "x" * 300, "а/б/в", "1/2026/3"])
def test_unknown_decision_is_not_found(db, number):
    assert Client().get(f"/registry/decisions/{number}/").status_code == 404
    assert Client().get(f"/registry/decisions/{number}.pdf").status_code == 404


@pytest.mark.parametrize("item_count", [1, 3])
def test_decision_page_costs_the_same(officials, django_assert_num_queries, item_count):
    decision = decided(officials, make_submitted(services=item_count, now=NOW), "include")
    page_of(decision)

    with django_assert_num_queries(1):
        response = page_of(decision)

    assert len(response.context["paper"].services) == item_count
    assert RegisterEntry.objects.count() == 1
