"""A lot that is contracted is neither given to another, nor given back, nor bought once more."""

from uuid import uuid4

import pytest

from portal.kernel.workflow import StepRefused
from procurement.contract_enums import ContractState
from procurement.domain.contracts.making import awards_waiting, make_from_award, require_award
from procurement.domain.evaluation import awards
from procurement.enums import AwardState
from procurement.models import Award, Contract
from tests.decisions.deciding import after, minuted, order, stop
from tests.factories.contracts import CONCLUDED
from tests.factories.rule_profiles import make_ground

pytestmark = pytest.mark.django_db


def contracted():
    """Return an accepted award with its round and a contract of it in force."""
    round_ = minuted()
    award = order(round_).awards.get()
    awards.accept(award_id=award.pk, user=award.proposal.created_by, now=after(round_, 4))
    contract = make_from_award(award_id=award.pk, user=round_.competition.created_by, key=uuid4(), now=after(round_, 5))
    told = {"state": ContractState.IN_FORCE, "number": "2027-D00001", "version": 1}
    told |= {"concluded_at": CONCLUDED, "concluded_on": CONCLUDED.date()}
    Contract.objects.filter(pk=contract.pk).update(**told)
    return award, round_, contract


def supersede(round_, days: int = 6):
    told = {"act_number": "121", "ground_id": make_ground("superseding").pk, "reason": "Описка в номері."}
    return order(round_, days=days, **told)


def test_award_of_a_concluded_contract_is_neither_refused_nor_lapses():
    award, round_, _contract = contracted()

    with pytest.raises(StepRefused, match="is concluded"):
        awards.refuse(award_id=award.pk, user=award.proposal.created_by, reason="Передумали.", now=after(round_, 6))
    with pytest.raises(StepRefused, match="is concluded"):
        awards.lapse(
            award_id=award.pk, user=round_.competition.created_by, reason="Не підписав.", now=after(round_, 300)
        )


def test_corrected_decision_makes_no_second_contract_of_a_lot():
    award, round_, contract = contracted()

    carried = supersede(round_).awards.get()

    assert (carried.state, carried.proposal_id) == (AwardState.ACCEPTED, award.proposal_id)
    assert not awards_waiting(round_.competition.hromada)
    told = {"award_id": carried.pk, "user": round_.competition.created_by, "key": uuid4(), "now": after(round_, 7)}
    with pytest.raises(StepRefused, match="contracted already"):
        make_from_award(**told)
    with pytest.raises(StepRefused, match="is concluded"):
        awards.refuse(award_id=carried.pk, user=award.proposal.created_by, reason="Передумали.", now=after(round_, 7))
    Contract.objects.filter(pk=contract.pk).update(
        state=ContractState.TERMINATED, ended_at=CONCLUDED, ended_on=CONCLUDED.date(), end_paid=0, end_reason="Відмова."
    )
    assert make_from_award(**told).award == carried


def test_no_decision_takes_a_lot_from_a_contract_that_runs():
    award, round_, _contract = contracted()
    Award.objects.filter(pk=award.pk).update(state=AwardState.LAPSED, reason="Не підписав.")

    with pytest.raises(StepRefused, match="terminate it before another decision"):
        supersede(round_)


def test_appeal_that_stops_the_award_stops_its_contract():
    round_ = minuted()
    award = order(round_).awards.get()
    awards.accept(award_id=award.pk, user=award.proposal.created_by, now=after(round_, 4))
    award.refresh_from_db()
    require_award(award)

    stop(round_)

    with pytest.raises(StepRefused, match="Appeal № 1 stops"):
        require_award(award)
