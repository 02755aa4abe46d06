"""Letters of contracts: who hears of what, in words that name the contract; nothing is said that was overtaken."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from django.core import mail
from django.db import models, transaction

from portal.accounts.models import User
from portal.kernel import outbox
from portal.kernel.models import OutboxMessage
from procurement import contract_workflow as flow
from procurement.contract_enums import ActState, ContractState, ReportState, Side
from procurement.contract_notifications import REMINDED, TOLD, note_contract
from procurement.domain.news.contract_news import WRITERS
from procurement.domain.news.contract_reminders import remind_of_contracts
from procurement.models import (
    Contract,
    ContractNotice,
    ContractStep,
    Finding,
    FindingReply,
    FindingResult,
    Milestone,
    RiskCard,
    RiskReply,
    RiskRule,
    ServiceReport,
    Visit,
)
from tests.factories.contracts import NOW, make_act, make_contract, make_report, make_version, offer_rows, pay
from tests.factories.risks import make_risk_rules
from tests.factories.rule_profiles import make_ground

pytestmark = pytest.mark.django_db
OFFICIAL, PROVIDER = "official", "provider"


@pytest.fixture(autouse=True)
def _letters_leave_at_once(settings) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"


def person_of(contract: Contract) -> User:
    return contract.contractor.mandates.get().person


def told(contract: Contract, about: models.Model, step: str) -> dict[str, Any]:
    """Note the step, let the worker write and send, and return the letters by who reads them."""
    with transaction.atomic():
        note_contract(contract=contract, about=about, step=step, now=NOW)
    return sent(contract)


def sent(contract: Contract) -> dict[str, Any]:
    mail.outbox.clear()
    for _round in range(2):
        outbox.deliver(NOW + timedelta(days=400))
    assert not OutboxMessage.objects.exclude(last_error="").exists()
    assert contract.created_by is not None
    names = {contract.created_by.email: OFFICIAL, person_of(contract).email: PROVIDER}
    return {names[letter.to[0]]: letter for letter in mail.outbox}


def make_finding(contract: Contract, *, state: str = "open", due_on: date = date(2027, 7, 1)) -> Finding:
    visit = Visit.objects.create(
        contract=contract,
        number=contract.visits.count() + 1,
        year=2027,
        planned_on=date(2027, 6, 1),
        held_on=date(2027, 6, 1),
        basis="turn",
        state="concluded",
        conclusion="Є відхилення.",
        concluded_at=NOW,
        created_at=NOW,
    )
    return Finding.objects.create(
        visit=visit,
        contract=contract,
        number=contract.findings.count() + 1,
        kind=make_ground("violation"),
        severity="major",
        text="Журнал не ведеться.",
        due_on=due_on,
        state=state,
    )


def make_notice(contract: Contract, **fields: Any) -> ContractNotice:
    return ContractNotice.objects.create(
        **{
            "contract": contract,
            "number": contract.notices.count() + 1,
            "kind": "termination",
            "ground": make_ground("notice"),
            "text": "Усуньте порушення.",
            "sent_at": NOW - timedelta(days=20),
            "sent_by": contract.created_by,
            "answer_by": date(2027, 7, 10),
            "key": uuid4(),
            **fields,
        }
    )


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


# --- by the clock ----------------------------------------------------------------------------------------------------


def test_reminders_go_once_for_each_step() -> None:
    contract = make_contract()
    ServiceReport.objects.filter(pk=make_report(contract, state="due").pk).update(due_on=date(2027, 7, 16))

    # the 14th: two days left; the 16th: none; the 20th: overdue
    marks = [remind_of_contracts(now=NOW + timedelta(days=days)) for days in (-5, 0, 0, 2, 6, 7, 30)]

    assert marks == [0, 1, 0, 1, 1, 0, 0]
    assert set(sent(contract)) == {PROVIDER, OFFICIAL}


Make = Callable[[Contract], models.Model]


def _milestone(contract: Contract) -> models.Model:
    return Milestone.objects.create(contract=contract, number=1, title="Набрати людей", due_on=date(2027, 7, 10))


@pytest.mark.parametrize(
    ("make", "readers"),
    [
        (lambda one: make_report(one, 4, state="due", due_on=date(2027, 7, 16)), {PROVIDER}),
        (lambda one: make_report(one, 4, state="due", due_on=date(2027, 7, 10)), {PROVIDER, OFFICIAL}),
        (lambda one: make_act(one, payment_due_on=date(2027, 7, 16)), {OFFICIAL}),
        (_milestone, {OFFICIAL}),
        (lambda one: make_finding(one, due_on=date(2027, 7, 16)), {PROVIDER}),
        (lambda one: make_finding(one, due_on=date(2027, 7, 10)), {PROVIDER, OFFICIAL}),
        (make_notice, {OFFICIAL}),
    ],
)
def test_what_is_near_or_over_is_reminded_of(make: Make, readers: set[str]) -> None:
    contract = make_contract()
    make(contract)

    assert remind_of_contracts(now=NOW) == 1
    assert set(sent(contract)) == readers


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda one: pay(make_act(one, payment_due_on=date(2027, 7, 10))), "paid"),
        (lambda one: make_report(one, 4, state="filed", due_on=date(2027, 7, 10)), "filed"),
        (lambda one: make_report(one, 4, state="due", due_on=None), "without a term"),
        (lambda one: make_report(one, 1, state="due", due_on=date(2027, 5, 1)), "long past"),
        (lambda one: make_finding(one, state="replied", due_on=date(2027, 7, 10)), "replied"),
        (lambda one: make_notice(one, withdrawn_at=NOW, withdrawn_reason="Помилка."), "withdrawn"),
    ],
)
def test_what_is_done_or_long_past_or_has_no_day_is_not(make: Make, words: str) -> None:
    contract = make_contract()
    make(contract)

    assert remind_of_contracts(now=NOW) == 0, words


@pytest.mark.parametrize(
    ("state", "fields", "readers"),
    [
        (ContractState.DRAFT, {"sign_by": date(2027, 7, 16)}, {OFFICIAL}),
        (ContractState.OFFERED, {"sign_by": date(2027, 7, 10)}, {OFFICIAL, PROVIDER}),
        (ContractState.IN_FORCE, {"service_to": date(2027, 7, 10)}, {OFFICIAL}),
    ],
)
def test_contract_unsigned_or_past_its_end_is_reminded_of(
    state: str, fields: dict[str, Any], readers: set[str]
) -> None:
    contract = make_contract(state, **fields)

    assert remind_of_contracts(now=NOW) == 1
    assert set(sent(contract)) == readers


def test_reminder_that_was_overtaken_says_nothing() -> None:
    contract = make_contract()
    report = make_report(contract, 4, state="due", due_on=date(2027, 7, 16))
    remind_of_contracts(now=NOW)
    ServiceReport.objects.filter(pk=report.pk).update(state="filed", filed_at=NOW)

    assert sent(contract) == {}


def test_sum_of_a_letter_is_the_contracts() -> None:
    contract = make_contract()
    assert contract.sum == Decimal("324000.00")

    assert "324 000,00" in told(contract, contract, "conclude")[PROVIDER].body.replace("\xa0", " ").replace(
        "\u202f", " "
    )
