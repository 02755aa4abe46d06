"""The bidder's page of the result: why, by what points, how to appeal and until when; for its own people alone."""

import re

import pytest
from django.urls import reverse

from procurement.enums import AdmissionState, RoundState
from procurement.models import Proposal
from tests.factories.accounts import make_person
from tests.factories.evaluation import make_opened, make_round
from tests.factories.rule_profiles import make_ground
from tests.results_pages.decided import DAY, decide, make_appeal, make_decided, make_reopened

pytestmark = pytest.mark.django_db


def shown(sign_in, proposal: Proposal) -> str:
    address = reverse("proposals:result", args=[proposal.pk])
    response = sign_in(proposal.created_by).get("/en" + address.removeprefix("/en"))
    assert response.status_code == 200
    text = re.sub(r"<[^>]+>", " ", response.content.decode())
    return " ".join(text.replace("&nbsp;", " ").replace("\xa0", " ").split())


def of(competition, number: int) -> Proposal:
    return competition.proposals.get(number=number)


def test_loser_reads_why_and_how_to_appeal_before_anything_else(sign_in):
    competition = make_decided()
    text = shown(sign_in, of(competition, 2))

    assert "Your proposal has not won" in text
    assert "It has 18.00 points; the winner" in text
    assert "until when an appeal may be filed is not set" in text.casefold()
    assert "File an appeal" in text
    assert text.index("File an appeal") < text.index("What each member gave and why")
    assert text.count("Підтверджено документами.") == 5 * 6


def test_winner_is_asked_to_answer(sign_in):
    competition = make_decided()
    text = shown(sign_in, of(competition, 1))

    assert "Your proposal has won" in text
    assert "Accept or refuse" in text


def test_refused_one_reads_the_ground_and_what_was_not_met(sign_in):
    round_ = make_round(state=RoundState.ADMISSION, proposals=1)
    round_.admissions.update(
        state=AdmissionState.REJECTED,
        ground=make_ground("rejection"),
        reason="Немає довідки.",
        decided_at=round_.began_at,
    )
    ground = make_ground("no_award")
    competition = decide(round_, round_.began_at + DAY, ground_id=ground.pk, reason="Нікого не допущено.")
    text = shown(sign_in, of(competition, 1))

    assert "Your proposal was not admitted to scoring" in text
    assert "Немає довідки." in text
    assert "File an appeal" in text


def test_own_appeal_leads_to_its_answer(sign_in):
    competition = make_decided()
    proposal = of(competition, 2)
    make_appeal(competition, at=competition.decisions.get().at + DAY, proposal=proposal)

    assert "Appeal 1: the scoring" in shown(sign_in, proposal)
    assert "Appeal 1" not in shown(sign_in, of(competition, 3))


def test_annulled_result_is_said_to_be_annulled(sign_in):
    assert "this decision is annulled" in shown(sign_in, of(make_reopened(), 1))


def test_nobody_else_has_the_page(sign_in, client):
    competition = make_decided()
    address = reverse("proposals:result", args=[of(competition, 2).pk])

    assert client.get(address).status_code == 302
    strangers = (make_person(), of(competition, 1).created_by, competition.created_by)
    assert {sign_in(user).get(address).status_code for user in strangers} == {404}


def test_before_a_decision_the_address_leads_to_the_proposal(sign_in):
    competition = make_opened(proposals=1)
    proposal = of(competition, 1)
    response = sign_in(proposal.created_by).get(reverse("proposals:result", args=[proposal.pk]))

    assert response.status_code == 302
    assert response["Location"] == reverse("proposals:proposal", args=[proposal.pk])


def test_cabinet_and_proposal_lead_to_the_result(sign_in):
    competition = make_decided()
    proposal = of(competition, 2)
    client = sign_in(proposal.created_by)
    address = reverse("proposals:result", args=[proposal.pk])

    assert address in client.get(reverse("cabinet")).content.decode()
    assert address in client.get(reverse("proposals:proposal", args=[proposal.pk])).content.decode()


@pytest.mark.parametrize("item_count", [1, 3])
def test_page_asks_the_same_number_of_questions(sign_in, django_assert_num_queries, item_count):
    competition = make_decided(proposals=item_count + 1)
    proposal = of(competition, 2)
    client = sign_in(proposal.created_by)
    address = reverse("proposals:result", args=[proposal.pk])
    client.get(address)

    with django_assert_num_queries(14):
        client.get(address)
