"""Letters of contracts: who hears of what, in words that name the contract; nothing is said that was overtaken."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from django.core import mail

from portal.kernel import outbox
from portal.kernel.models import OutboxMessage
from procurement import contract_workflow as flow
from procurement.contract_enums import ActState, ContractState, ReportState, Side
from procurement.contract_notifications import REMINDED, TOLD, note_contract
from procurement.domain.news.contract_news import WRITERS
from procurement.models import (
    ContractNotice,
    ContractStep,
    Finding,
    FindingReply,
    FindingResult,
    RiskCard,
    RiskReply,
    RiskRule,
)
from tests.contract_desks.reading import OFFICIAL, PROVIDER, make_finding, make_notice, person_of, told
from tests.factories.contracts import NOW, make_act, make_contract, make_report, make_version, offer_rows, pay
from tests.factories.risks import make_risk_rules
from tests.factories.rule_profiles import make_ground

pytestmark = pytest.mark.django_db


def test_every_step_that_is_told_has_its_writer() -> None:
    wanted = {(thing, step) for table in (TOLD, REMINDED) for thing, steps in table.items() for step in steps}

    assert set(WRITERS) == wanted


def test_every_step_that_is_told_is_a_step_of_its_table() -> None:
    tables = {
        "contract": flow.CONTRACT,
        "contractversion": flow.CONTRACT_VERSION,
        "servicereport": flow.REPORT,
        "acceptanceact": flow.ACCEPTANCE_ACT,
        "milestone": flow.MILESTONE,
        "visit": flow.VISIT,
        "finding": flow.FINDING,
    }

    for thing, table in tables.items():
        assert TOLD[thing] <= {one.name for one in table}, thing


@pytest.mark.parametrize(
    ("step", "state", "readers"),
    [
        ("take_back", ContractState.OFFERED, {PROVIDER}),
        ("conclude", ContractState.IN_FORCE, {OFFICIAL, PROVIDER}),
        ("fail", ContractState.NOT_CONCLUDED, {PROVIDER}),
        ("amend", ContractState.IN_FORCE, {OFFICIAL, PROVIDER}),
        ("suspend", ContractState.SUSPENDED, {PROVIDER}),
        ("resume", ContractState.IN_FORCE, {PROVIDER}),
        ("close", ContractState.CLOSED, {PROVIDER}),
        ("terminate", ContractState.TERMINATED, {PROVIDER}),
    ],
)
def test_step_of_a_contract_is_told(step: str, state: str, readers: set[str]) -> None:
    contract = make_contract(state)
    ContractStep.objects.create(
        contract=contract, thing="contract", key=str(contract.pk), step=step, at=NOW, comment="Зважили все."
    )

    letters = told(contract, contract, step)

    assert set(letters) == readers
    for letter in letters.values():
        assert (contract.number or "") in letter.body
        assert "example" not in letter.subject
    if step == "suspend":
        assert "Зважили все." in letters[PROVIDER].body
    if step in ("fail", "terminate"):
        assert contract.end_reason in letters[PROVIDER].body


def test_step_that_nobody_hears_of_writes_nothing() -> None:
    contract = make_contract()

    assert told(contract, contract, "lay_out") == {}
    assert not OutboxMessage.objects.exists()


def test_offer_and_the_first_signature_ask_the_side_that_has_not_signed() -> None:
    contract = make_contract(ContractState.OFFERED, sign_by=date(2027, 7, 20), sign_by_words="За оголошенням.")
    version = contract.versions.get()

    assert set(told(contract, version, "offer")) == {PROVIDER}
    signature = version.signatures.create(
        side=Side.CONTRACTOR, by=person_of(contract), signer="Керівник", at=NOW, digest=version.digest
    )
    letters = told(contract, signature, "sign")
    assert set(letters) == {OFFICIAL}


def test_second_signature_is_told_as_the_conclusion_alone() -> None:
    contract = make_contract()

    assert told(contract, contract.versions.get().signatures.get(side=Side.CONTRACTOR), "sign") == {}


def test_amendment_is_offered_with_its_reason_and_withdrawn() -> None:
    contract = make_contract()
    version = offer_rows(
        make_version(contract, number=2, ground=make_ground("amendment"), reason="Більше отримувачів.")
    )

    letters = told(contract, version, "offer")
    assert set(letters) == {PROVIDER}
    assert "Більше отримувачів." in letters[PROVIDER].body
    assert set(told(contract, version, "withdraw")) == {PROVIDER}


@pytest.mark.parametrize(
    ("step", "state", "reader"),
    [
        ("file", ReportState.FILED, OFFICIAL),
        ("return", ReportState.RETURNED, PROVIDER),
        ("accept", ReportState.ACCEPTED, PROVIDER),
    ],
)
def test_step_of_a_report_is_told(step: str, state: str, reader: str) -> None:
    contract = make_contract()
    report = make_report(contract, state=state)

    assert set(told(contract, report, step)) == {reader}


def test_report_that_was_filed_and_returned_meanwhile_is_not_asked_to_be_checked() -> None:
    contract = make_contract()

    assert told(contract, make_report(contract, state=ReportState.RETURNED), "file") == {}


@pytest.mark.parametrize(
    ("step", "state", "reader"),
    [
        ("claim", ActState.CLAIMED, OFFICIAL),
        ("withdraw", ActState.WITHDRAWN, OFFICIAL),
        ("return", ActState.RETURNED, PROVIDER),
        ("accept", ActState.ACCEPTED, PROVIDER),
    ],
)
def test_step_of_an_act_is_told(step: str, state: str, reader: str) -> None:
    contract = make_contract()
    deducted = "100.00" if state == ActState.ACCEPTED else "0"
    act = make_act(contract, state=state, deducted=deducted, reason="Не ті години.")

    letters = told(contract, act, step)

    assert set(letters) == {reader}
    if step == "accept":
        # 180 hours × 180 less 100: the thousands stand apart
        assert "32 300,00" in letters[PROVIDER].body.replace("\xa0", " ").replace("\u202f", " ")


def test_payment_is_told_to_the_provider() -> None:
    contract = make_contract()
    payment = pay(make_act(contract), "400.50")

    letters = told(contract, payment, "enter")

    assert set(letters) == {PROVIDER}
    assert "400,50" in letters[PROVIDER].body


def test_course_of_a_finding_is_told_to_the_side_that_goes_on() -> None:
    contract = make_contract()
    finding = make_finding(contract)

    assert set(told(contract, finding.visit, "conclude")) == {PROVIDER}
    FindingReply.objects.create(finding=finding, text="Ведемо.", key=uuid4(), at=NOW, by=person_of(contract))
    Finding.objects.filter(pk=finding.pk).update(state="replied")
    assert "Ведемо." in told(contract, finding, "reply")[OFFICIAL].body
    FindingResult.objects.create(
        finding=finding, outcome="partly", reason="Не всі дні.", at=NOW, by=contract.created_by
    )
    Finding.objects.filter(pk=finding.pk).update(state="open")
    assert "Не всі дні." in told(contract, finding, "reopen")[PROVIDER].body


def test_notice_is_told_both_ways() -> None:
    contract = make_contract()
    notice = make_notice(contract)

    assert "Усуньте порушення." in told(contract, notice, "send")[PROVIDER].body
    ContractNotice.objects.filter(pk=notice.pk).update(answer="Усунуто.", answered_at=NOW)
    assert "Усунуто." in told(contract, notice, "answer")[OFFICIAL].body


def test_risk_card_is_told_to_both_and_its_reply_to_the_other_side() -> None:
    make_risk_rules()
    contract = make_contract()
    card = RiskCard.objects.create(
        rule=RiskRule.objects.get(slug="value-raised"), contract=contract, found_at=NOW, changed_at=NOW
    )

    assert set(told(contract, card, "open")) == {OFFICIAL, PROVIDER}
    RiskReply.objects.create(
        card=card, side=Side.CONTRACTOR, text="Бо так.", at=NOW, by=person_of(contract), key=uuid4()
    )
    letters = told(contract, card, "reply")
    assert set(letters) == {OFFICIAL}
    assert "Бо так." in letters[OFFICIAL].body


def test_official_who_acts_for_the_provider_hears_nothing_as_an_official() -> None:
    contract = make_contract()
    assert contract.created_by is not None
    contract.contractor.mandates.update(person=contract.created_by)

    note_contract(contract=contract, about=make_report(contract, state=ReportState.FILED), step="file", now=NOW)
    mail.outbox.clear()
    outbox.deliver(NOW + timedelta(days=400))

    assert mail.outbox == []


def test_sum_of_a_letter_is_the_contracts() -> None:
    contract = make_contract()
    assert contract.sum == Decimal("324000.00")

    assert "324 000,00" in told(contract, contract, "conclude")[PROVIDER].body.replace("\xa0", " ").replace(
        "\u202f", " "
    )
