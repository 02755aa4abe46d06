"""Risk cards in the database: found, changed, gone; who hears of them; both sides' replies."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied

from portal.kernel.models import LogEntry, OutboxMessage
from portal.kernel.workflow import StepRefused
from procurement.contract_enums import ContractState, RiskState, Side
from procurement.domain.risks.cards import review_risks
from procurement.domain.risks.replies import reply_to_card
from procurement.models import Contract, ContractStep, RiskCard, RiskReply, RiskRule, ServiceReport
from tests.factories.contracts import NOW, make_contract, make_report
from tests.factories.procurement import make_bidder
from tests.factories.risks import make_risk_rules

pytestmark = pytest.mark.django_db


@pytest.fixture
def rules() -> dict[str, RiskRule]:
    return make_risk_rules()


def late_contract(state: str = ContractState.IN_FORCE) -> Contract:
    """Return a contract with two reports that came a week after their days."""
    contract = make_contract(state)
    for number in (1, 2):
        report = make_report(contract, number)
        day = report.due_on
        assert day is not None
        filed = NOW.replace(month=day.month, day=day.day) + timedelta(days=7)
        ServiceReport.objects.filter(pk=report.pk).update(first_filed_at=filed)
    return contract


def test_card_is_found_once_and_told_to_both_sides(rules: dict[str, RiskRule]) -> None:
    contract = late_contract()

    first, second = review_risks(now=NOW), review_risks(now=NOW + timedelta(hours=1))

    assert first == {"found": 1}
    assert second == {}
    card = RiskCard.objects.get()
    assert (card.rule, card.contract, card.state) == (rules["late-reports"], contract, RiskState.OPEN)
    assert card.parameters == {"reports": 2}
    assert card.data["count"] == 2
    assert LogEntry.objects.get(tag="procurement:riskcard:open").subject == f"procurement.contract:{contract.number}"
    assert OutboxMessage.objects.filter(kind="contract-letters").count() == 1


def test_card_changes_with_its_data(rules: dict[str, RiskRule]) -> None:
    contract = late_contract()
    review_risks(now=NOW)
    make_report(contract, 3, state="due", due_on=date(2027, 7, 7))

    assert review_risks(now=NOW + timedelta(days=1)) == {"changed": 1}

    card = RiskCard.objects.get()
    assert card.data["count"] == 3
    assert card.changed_at == NOW + timedelta(days=1)
    assert card.found_at == NOW


def test_card_changes_with_its_thresholds_and_goes_with_its_sign(rules: dict[str, RiskRule]) -> None:
    late_contract()
    review_risks(now=NOW)
    rule = rules["late-reports"]
    RiskRule.objects.filter(pk=rule.pk).update(parameters={"reports": 3})

    assert review_risks(now=NOW + timedelta(days=1)) == {"gone": 1}
    card = RiskCard.objects.get()
    assert (card.state, card.gone_at) == (RiskState.GONE, NOW + timedelta(days=1))
    steps = ContractStep.objects.filter(thing="riskcard").order_by("pk").values_list("step", "to_state")
    assert list(steps) == [("open", "open"), ("go", "gone")]


def test_card_of_a_rule_out_of_force_goes(rules: dict[str, RiskRule]) -> None:
    late_contract()
    review_risks(now=NOW)
    RiskRule.objects.filter(slug="late-reports").update(valid_to=date(2027, 7, 1))

    assert review_risks(now=NOW) == {"gone": 1}


def test_card_that_came_back_is_another_one(rules: dict[str, RiskRule]) -> None:
    contract = make_contract()
    for step, total in enumerate((Decimal(400000), contract.sum, Decimal(400000))):
        Contract.objects.filter(pk=contract.pk).update(sum=total)
        review_risks(now=NOW + timedelta(days=step))

    states = RiskCard.objects.order_by("pk").values_list("rule__slug", "state")
    assert list(states) == [("value-raised", "gone"), ("value-raised", "open")]


def test_draft_and_long_ended_contracts_have_no_cards(rules: dict[str, RiskRule]) -> None:
    for state in (ContractState.DRAFT, ContractState.OFFERED, ContractState.NOT_CONCLUDED, ContractState.CLOSED):
        late_contract(state)

    assert review_risks(now=NOW + timedelta(days=90)) == {}


@pytest.mark.parametrize("count", [1, 3])
def test_review_reads_in_a_fixed_number_of_queries(
    rules: dict[str, RiskRule], count: int, django_assert_num_queries
) -> None:
    provider = make_bidder()
    for _number in range(count):
        make_contract(provider=provider)
    RiskRule.objects.exclude(slug="late-reports").update(valid_to=date(2027, 1, 1))

    with django_assert_num_queries(10):
        assert review_risks(now=NOW) == {}


# --- replies ---------------------------------------------------------------------------------------------------------


def test_reply_stands_beside_the_card_once(rules: dict[str, RiskRule]) -> None:
    contract = late_contract()
    review_risks(now=NOW)
    card, key = RiskCard.objects.get(), uuid4()
    person = contract.contractor.mandates.get().person

    for _press in range(2):
        reply_to_card(card_id=card.pk, user=person, side=Side.CONTRACTOR, text=" Не було світла. ", key=key, now=NOW)

    reply = RiskReply.objects.get()
    assert (reply.text, reply.side, reply.at) == ("Не було світла.", Side.CONTRACTOR, NOW)
    entry = LogEntry.objects.get(tag="procurement:riskcard:reply")
    assert reply.log_seq == entry.seq
    assert "світла" not in str(entry.payload)


def test_reply_of_the_official_is_the_commissioners(rules: dict[str, RiskRule]) -> None:
    contract = late_contract()
    review_risks(now=NOW)
    card = RiskCard.objects.get()
    assert contract.created_by is not None

    reply_to_card(
        card_id=card.pk, user=contract.created_by, side=Side.COMMISSIONER, text="Перевіримо.", key=uuid4(), now=NOW
    )

    assert RiskReply.objects.get().side == Side.COMMISSIONER


@pytest.mark.parametrize("side", [Side.COMMISSIONER, Side.CONTRACTOR])
def test_reply_of_a_stranger_is_refused(rules: dict[str, RiskRule], side: Side) -> None:
    late_contract()
    review_risks(now=NOW)
    _organisation, stranger = make_bidder()

    with pytest.raises(PermissionDenied):
        reply_to_card(card_id=RiskCard.objects.get().pk, user=stranger, side=side, text="Ні.", key=uuid4(), now=NOW)


def test_reply_without_words_is_refused(rules: dict[str, RiskRule]) -> None:
    contract = late_contract()
    review_risks(now=NOW)
    person = contract.contractor.mandates.get().person

    with pytest.raises(StepRefused):
        reply_to_card(
            card_id=RiskCard.objects.get().pk, user=person, side=Side.CONTRACTOR, text=" ", key=uuid4(), now=NOW
        )
