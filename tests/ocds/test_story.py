"""The whole story of a competition as releases: in order, each with what it made public, adding up to the contract."""

import json
from collections import Counter
from datetime import timedelta
from decimal import Decimal

import pytest

from portal.site.opendata import ocds
from procurement.contract_enums import ContractState
from procurement.models import Award
from tests.factories.contracts import end_rows, make_contract, make_report
from tests.factories.procurement import make_cancelled, make_published, make_void
from tests.ocds.story import TODAY, ask, compiled_of, contract_for, deliver, give_anew, history_of
from tests.results_pages.decided import decide_again, make_decided, make_left, make_reopened

pytestmark = pytest.mark.django_db
QUERIES = 24


def tags_of(number):
    return [release["tag"] for release in history_of(number)]


def sum_of(values) -> Decimal:
    return sum((Decimal(str(one)) for one in values), Decimal(0))


def metric(implementation, key):
    return next(one for one in implementation["metrics"] if one["id"] == key)["observations"]


def test_releases_of_a_whole_story_follow_one_another(told):
    history = told.history

    tags = [tag for release in history for tag in release["tag"]]
    assert tags[:9] == [
        *("planning", "tender", "tenderUpdate", "tenderUpdate", "tenderAmendment"),
        *("tenderUpdate", "award", "awardUpdate", "contract"),
    ]
    assert Counter(tags)["contractAmendment"] == 1
    assert tags.index("implementation") < tags.index("implementationUpdate")
    dates = [release["date"] for release in history]
    assert dates == sorted(set(dates))
    assert len({release["id"] for release in history}) == len(history)


def test_compiled_release_adds_up_to_the_figures_of_the_contract(told):
    figures = told.figures

    [contract] = told.compiled["contracts"]

    assert contract["value"]["amount"] == figures.sum == Decimal(360000)
    delivered = contract["implementation"]
    assert sum_of(one["value"]["amount"] for one in delivered["transactions"]) == figures.paid
    assert sum_of(one["value"]["amount"] for one in metric(delivered, "accepted")) == figures.accepted
    assert sum_of(one["measure"] for one in metric(delivered, "units")) == sum_of(one.reported for one in figures.lines)
    assert -1500.55 in [one["value"]["amount"] for one in delivered["transactions"]]


def test_amendments_name_the_releases_they_change(told):
    known = {release["id"]: release for release in told.history}

    [changed], [amended] = told.compiled["tender"]["amendments"], told.compiled["contracts"][0]["amendments"]

    assert "tender" in known[changed["amendsReleaseID"]]["tag"]
    assert "tenderAmendment" in known[changed["releaseID"]]["tag"]
    assert "contract" in known[amended["amendsReleaseID"]]["tag"]
    assert "contractAmendment" in known[amended["releaseID"]]["tag"]
    assert "Мала зала" in changed["description"]


def test_budget_lines_pay_what_the_version_in_force_says(told):
    [entry] = told.compiled["planning"]["budget"]["budgetBreakdown"]

    assert entry["amount"] == {"amount": 360000, "currency": "UAH"}
    assert entry["sourceParty"]["id"] == told.buyer


def test_parties_have_all_roles_they_appear_in(told):
    parties = {one["id"]: one for one in told.compiled["parties"]}

    winner = parties[told.provider]
    assert winner["roles"] == ["tenderer", "supplier", "payee"]
    buyer = parties[told.buyer]
    assert {"buyer", "procuringEntity", "payer", "sourceParty"} == set(buyer["roles"])
    assert sum("tenderer" in one["roles"] for one in parties.values()) == 3


def test_award_is_pending_until_the_winner_accepts_it():
    competition = make_decided()
    contract_for(competition)

    given = [award for release in history_of(competition.number) for award in release.get("awards", ())]

    assert [one["status"] for one in given] == ["pending", "active"]
    [bid] = [one for one in compiled_of(competition.number)["bids"]["details"] if one["id"] == given[0]["relatedBid"]]
    assert bid["status"] == "valid"
    assert bid["value"]["amount"] == given[0]["value"]["amount"]


def test_decision_in_place_of_another_cancels_its_awards():
    competition = make_decided()
    decide_again(competition)

    told = compiled_of(competition.number)

    assert {one["id"][0]: one["status"] for one in told["awards"]} == {"1": "cancelled", "2": "pending"}
    assert ["awardCancellation"] in tags_of(competition.number)


def test_contract_follows_the_decision_that_gives_its_lot_anew():
    competition = make_decided()
    contract = contract_for(competition)
    give_anew(competition, contract.concluded_at + timedelta(days=5))

    history = [release for release in history_of(competition.number) if "contracts" in release]

    assert [release["contracts"][0]["awardID"] for release in history] == ["1-1-1", "2-1-1"]
    told = {one["id"]: one["status"] for one in compiled_of(competition.number)["awards"]}
    assert told == {"1-1-1": "cancelled", "2-1-1": "active"}


def test_upheld_appeal_takes_the_award_back_and_the_tender_is_active_again():
    competition = make_reopened()

    told = compiled_of(competition.number)

    assert told["tender"]["status"] == "active"
    assert [one["status"] for one in told["awards"]] == ["cancelled"]
    assert Award.objects.count() == 1


def test_competition_without_a_winner_is_unsuccessful():
    told = compiled_of(make_left().number)

    assert told["tender"]["status"] == "unsuccessful"
    assert [one["status"] for one in told["awards"]] == ["unsuccessful"]
    assert told["tender"]["lots"][0]["status"] == "unsuccessful"


@pytest.mark.parametrize(("make", "status"), [(make_cancelled, "cancelled"), (make_void, "unsuccessful")])
def test_early_end_is_told_with_its_reason(make, status):
    competition = make()

    told = compiled_of(competition.number)["tender"]

    assert told["status"] == status
    assert competition.end_reason in told["amendments"][0]["rationale"]


def test_question_is_told_without_who_asked():
    competition = make_published()
    asked = ask(competition)

    [told] = compiled_of(competition.number)["tender"]["enquiries"]

    assert set(told) == {"id", "date", "description", "answer", "dateAnswered"}
    assert told["answer"] == asked.answer
    assert asked.asked_by.email not in json.dumps(history_of(competition.number))


# --- contracts of other channels -------------------------------------------------------------------------------------


def test_contract_without_a_competition_is_a_process_of_its_own():
    contract = make_contract(ContractState.IN_FORCE)

    told = compiled_of(contract.number)

    assert tags_of(contract.number) == [["award", "contract", "planning"]]
    assert told["contracts"][0]["awardID"] == told["awards"][0]["id"] == contract.number
    assert contract.identifier in told["tender"]["procurementMethodRationale"]


@pytest.mark.parametrize("state", [ContractState.DRAFT, ContractState.OFFERED, ContractState.NOT_CONCLUDED])
def test_contract_that_is_not_concluded_is_nowhere(state):
    contract = make_contract(state)

    assert not history_of(contract.number)
    assert ocds.records(today=TODAY)["records"] == []


def test_ended_contract_says_when_why_and_what_was_accepted():
    contract = make_contract()
    end_rows(contract, ContractState.TERMINATED)

    [told] = compiled_of(contract.number)["contracts"]

    assert told["status"] == "terminated"
    assert told["implementation"]["endDateDetails"] == contract.end_reason
    assert told["implementation"]["finalValue"]["amount"] == 0


def test_few_people_are_told_nowhere():
    contract = make_contract(lines=({"recipients": 4},))
    make_report(contract).rows.update(recipients=3)

    text = json.dumps(history_of(contract.number), ensure_ascii=False)

    assert "recipients" not in text
    assert '"measure": 3' not in text


# --- packages --------------------------------------------------------------------------------------------------------


def test_written_package_is_the_package(tmp_path):
    make_decided()
    make_contract()
    written = {}
    for name, write in (("releases", ocds.write_releases), ("records", ocds.write_records)):
        with (tmp_path / name).open("w") as file:
            write(file, today=TODAY)
        written[name] = (tmp_path / name).read_text()

    assert json.loads(written["releases"]) == ocds.releases(today=TODAY)
    assert json.loads(written["records"]) == ocds.records(today=TODAY)
    with (tmp_path / "again").open("w") as file:
        ocds.write_records(file, today=TODAY + timedelta(days=300))
    assert (tmp_path / "again").read_text() == written["records"]


def test_number_of_queries_does_not_grow(told, django_assert_num_queries):
    for contract in (contract_for(make_decided()), contract_for(make_decided()), make_contract()):
        deliver(contract)
    assert told.queries == QUERIES

    with django_assert_num_queries(QUERIES):
        ocds.releases(today=TODAY)
