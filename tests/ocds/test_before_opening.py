"""Until a decision is published nothing tells who has applied; until the opening, not even that anybody has."""

import json

import pytest

from portal.accounts.enums import LegalForm, PersonType
from portal.accounts.models import Organisation
from portal.site.opendata import ocds
from procurement.models import Competition, Proposal
from tests.factories.contracts import make_contract
from tests.factories.evaluation import make_opened, make_opened_proposal, make_round
from tests.factories.procurement import make_call, make_closed
from tests.ocds.story import TODAY, compiled_of, contract_for, history_of
from tests.results_pages.decided import make_decided

pytestmark = pytest.mark.django_db
MARKER = "Нікому до розкриття невідома організація"


def everything() -> str:
    packages = [ocds.releases(today=TODAY), ocds.records(today=TODAY)]
    return json.dumps(packages, ensure_ascii=False)


def plant(competition: Competition) -> Proposal:
    """Put a proposal into the competition whose every word would be recognised."""
    proposal = make_opened_proposal(competition, tariff="171.37", content={"service/content": MARKER})
    Organisation.objects.filter(pk=proposal.organisation_id).update(name=MARKER)
    return proposal


def test_draft_is_nowhere():
    draft = make_call(title=MARKER)

    assert draft.number is None
    assert ocds.releases(today=TODAY)["releases"] == []
    assert MARKER not in everything()


def test_before_the_opening_there_are_no_bids():
    competition = make_closed()
    proposal = plant(competition)
    Proposal.objects.filter(pk=proposal.pk).update(state="submitted", content=None)

    [release] = history_of(competition.number)

    assert "bids" not in release
    assert "numberOfTenderers" not in release["tender"]
    assert "tenderers" not in release["tender"]
    assert [party["roles"] for party in release["parties"]] == [["buyer", "procuringEntity"]]
    assert MARKER not in everything()
    assert str(proposal.organisation.code) not in everything()


def test_opening_tells_how_many_there_are_and_no_more():
    competition = make_opened(proposals=2)
    plant(competition)

    told = compiled_of(competition.number)

    assert told["bids"] == {
        "statistics": [{**told["bids"]["statistics"][0], "id": "bids", "measure": "bids", "value": 2}]
    }
    assert told["tender"]["numberOfTenderers"] == 2
    assert "tenderers" not in told["tender"]
    assert MARKER not in everything()
    assert "308466" not in everything()


def test_evaluation_that_goes_on_tells_nothing_of_admission_or_scores():
    competition = make_round().competition
    plant(competition)

    assert "details" not in compiled_of(competition.number)["bids"]
    assert MARKER not in everything()


def test_decision_makes_applicants_public_but_not_what_they_wrote():
    competition = make_opened(proposals=2)
    proposal = plant(competition)
    competition = make_decided(competition=competition)

    told = compiled_of(competition.number)

    assert MARKER in {party["name"] for party in told["parties"]}
    bid = next(one for one in told["bids"]["details"] if one["id"] == str(proposal.number))
    assert bid["value"]["amount"] == 308466
    assert everything().count(MARKER) == everything().count(f'"name": "{MARKER}"') + everything().count(
        f'"legalName": "{MARKER}"'
    )


def test_natural_person_is_not_named_in_bids_awards_or_contracts():
    competition = make_opened(proposals=3)
    person = {
        "code": None,
        "rnokpp": "2222222222",
        "name": "Коваленко Марія Іванівна",
        "person_type": PersonType.NATURAL_PERSON,
        "legal_form": LegalForm.CARER_PROFESSIONAL,
    }
    Organisation.objects.filter(pk=competition.proposals.get(number=1).organisation_id).update(**person)
    competition = make_decided(competition=competition)
    contract = contract_for(competition)

    told = compiled_of(competition.number)

    text = everything()
    assert "Коваленко" not in text
    assert "2222222222" not in text
    assert "professional" not in text
    [supplier] = told["awards"][0]["suppliers"]
    assert supplier["id"].endswith(f"{competition.number}-proposal-1")
    payee = next(one for one in told["parties"] if one["id"] == supplier["id"])
    assert set(payee) == {"id", "name", "roles"}
    assert contract.number in text


def test_natural_person_of_a_direct_contract_is_not_named():
    contract = make_contract()
    Organisation.objects.filter(pk=contract.contractor_id).update(
        code=None, rnokpp="2222222222", name="Коваленко Марія Іванівна", person_type=PersonType.NATURAL_PERSON
    )

    assert "Коваленко" not in everything()
    assert "2222222222" not in everything()


def test_members_of_the_commission_and_officials_are_nowhere():
    competition = make_decided()
    text = everything()

    for member in competition.commission.members.all():
        assert member.name not in text
    assert competition.created_by.email not in text
