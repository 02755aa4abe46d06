"""After the conclusion: amendments, suspension, the ends; what acts have taken stays, budget lines get back the rest."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied

from portal.kernel.workflow import StepRefused
from procurement.contract_enums import ContractState, ContractVersionState, ReportState
from procurement.domain.calls.gaps import NotReady
from procurement.domain.contracts.amending import begin_amendment, withdraw_amendment
from procurement.domain.contracts.drafting import remove_line, save_draft, save_funding, save_line
from procurement.domain.contracts.ending import close, fail, gaps_before_close, terminate
from procurement.domain.contracts.making import make_from_award
from procurement.domain.contracts.suspending import resume, suspend
from procurement.enums import AwardState
from procurement.models import Contract, ContractNotice, Milestone, ProcedureGround, Visit
from tests.contracts.making import Deal, concluded
from tests.contracts.test_contracts import accepted
from tests.decisions.deciding import after
from tests.factories.contracts import CONCLUDED, make_act, make_typed_ground, pay

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]

LATER = CONCLUDED + timedelta(days=40)


def change(deal: Deal, *, volume: str, now: datetime = LATER) -> None:
    told: dict[str, Any] = {"version_id": deal.version.pk, "user": deal.official, "now": now}
    line = save_line(number=1, values={"volume": Decimal(volume)}, **told)
    save_funding(funding={deal.budget.pk: line.sum}, **told)


def test_amendment_is_the_next_version_signed_by_both() -> None:
    deal = concluded()
    deal.amend(LATER)
    assert begin_amendment(contract_id=deal.contract.pk, user=deal.official, now=LATER).pk == deal.version.pk
    change(deal, volume="2000")
    save_draft(version_id=deal.version.pk, user=deal.official, values={"service_to": date(2027, 6, 30)}, now=LATER)
    deal.offer(LATER)
    deal.sign("commissioner", now=LATER)
    assert (deal.contract.sum, deal.budget.committed) == (Decimal("324000.00"), Decimal("324000.00"))
    deal.sign("contractor", now=LATER)
    assert deal.contract.state == ContractState.IN_FORCE
    assert (deal.contract.version, deal.contract.sum) == (2, Decimal("360000.00"))
    assert deal.contract.first_sum == Decimal("324000.00")
    assert deal.budget.committed == Decimal("360000.00")
    assert deal.contract.reports.exclude(state=ReportState.WAIVED).count() == 4
    first = deal.contract.versions.get(number=1)
    assert first.state == ContractVersionState.SIGNED
    assert first.code.superseded_by == deal.version.code
    assert deal.version.content["amendment"]["before_digest"] == first.digest


def test_amendment_needs_its_ground_citation_and_reason() -> None:
    deal = concluded()
    version = begin_amendment(contract_id=deal.contract.pk, user=deal.official, now=LATER)
    deal.version = version
    with pytest.raises(NotReady) as told:
        deal.offer(LATER)
    assert [gap.field for gap in told.value.gaps] == ["ground", "citation", "reason"]


def test_amendment_leaves_what_acts_have_taken() -> None:
    deal = concluded()
    make_act(deal.contract, units="500")
    deal.amend(LATER)
    with pytest.raises(StepRefused, match="cannot have less"):
        change(deal, volume="499.99")
    with pytest.raises(StepRefused, match="it stays"):
        remove_line(version_id=deal.version.pk, user=deal.official, number=1, now=LATER)
    change(deal, volume="500")
    deal.offer(LATER)
    make_act(deal.contract, units="10")
    with pytest.raises(StepRefused, match="cannot have less"):
        deal.sign(now=LATER)


def test_amendment_given_up_changes_nothing() -> None:
    deal = concluded()
    deal.amend(LATER)
    change(deal, volume="10")
    deal.offer(LATER)
    deal.sign("contractor", now=LATER)
    withdraw_amendment(version_id=deal.version.pk, user=deal.official, reason="Передумали.", now=LATER)
    deal.refresh()
    assert deal.version.state == ContractVersionState.WITHDRAWN
    assert (deal.contract.version, deal.contract.sum) == (1, Decimal("324000.00"))
    assert begin_amendment(contract_id=deal.contract.pk, user=deal.official, now=LATER).number == 3


def test_suspended_contract_goes_on_or_is_amended_into_force() -> None:
    deal = concluded()
    told = {"contract_id": deal.contract.pk, "user": deal.official, "now": LATER}
    ground = make_typed_ground("suspension")
    with pytest.raises(StepRefused):
        suspend(ground_id=make_typed_ground("termination").pk, reason="Обстріли.", **told)
    suspend(ground_id=ground.pk, reason="Обстріли.", **told)
    with pytest.raises(PermissionDenied):
        resume(reason="Можна.", **{**told, "user": deal.person})
    assert resume(reason="Безпечно.", **told).state == ContractState.IN_FORCE
    suspend(ground_id=ground.pk, reason="Знову.", **told)
    deal.amend(LATER)
    deal.offer(LATER)
    deal.sign(now=LATER)
    assert (deal.contract.state, deal.contract.suspended_at) == (ContractState.IN_FORCE, None)


def test_close_names_everything_that_stands_in_the_way() -> None:
    deal = concluded()
    make_act(deal.contract, units="10")
    Milestone.objects.create(contract=deal.contract, number=1, title="Набрано персонал", due_on=date(2027, 4, 1))
    Visit.objects.create(
        contract=deal.contract, number=1, year=2027, planned_on=date(2027, 6, 1), basis="turn", created_at=LATER
    )
    deal.refresh()
    with pytest.raises(NotReady) as told:
        close(contract_id=deal.contract.pk, user=deal.official, now=LATER)
    tasks = [gap.task for gap in told.value.gaps]
    assert tasks == ["term", "reports", "payments", "milestones", "visits"]


def test_close_after_the_term_gives_the_rest_back() -> None:
    deal = concluded()
    deal.contract.reports.update(state=ReportState.WAIVED)
    now = CONCLUDED + timedelta(days=120)
    assert not gaps_before_close(deal.contract, now)
    made = close(contract_id=deal.contract.pk, user=deal.official, now=now)
    deal.refresh()
    assert (made.state, made.end_paid, deal.budget.committed) == (ContractState.CLOSED, Decimal(0), Decimal(0))
    with pytest.raises(StepRefused):
        close(contract_id=deal.contract.pk, user=deal.official, now=now)
    with pytest.raises(StepRefused):
        begin_amendment(contract_id=deal.contract.pk, user=deal.official, now=now)


def test_termination_writes_what_was_paid_and_waives_what_comes() -> None:
    deal = concluded()
    pay(make_act(deal.contract, units="100"))
    deal.amend(LATER)
    deal.refresh()
    told = {"contract_id": deal.contract.pk, "user": deal.official, "reason": "За згодою.", "now": LATER}
    ground = make_typed_ground("termination")
    for on in (date(2027, 2, 24), date(2028, 1, 1)):
        with pytest.raises(StepRefused, match="lies between"):
            terminate(ground_id=ground.pk, on=on, **told)
    made = terminate(ground_id=ground.pk, on=date(2027, 3, 31), **told)
    deal.refresh()
    assert (made.state, made.end_paid, made.ended_on) == (
        ContractState.TERMINATED,
        Decimal("18000.00"),
        date(2027, 3, 31),
    )
    assert deal.budget.committed == deal.budget.paid == Decimal("18000.00")
    assert deal.version.state == ContractVersionState.WITHDRAWN
    assert not made.reports.filter(state=ReportState.DUE, period_from__gt=made.ended_on).exists()


def test_termination_for_breach_waits_for_a_notice_whose_term_is_over() -> None:
    deal = concluded()
    ground = ProcedureGround.objects.create(
        slug="termination-breach-test", use="termination", text_uk="Порушення.", valid_from=date(2020, 1, 1)
    )
    told = {
        "contract_id": deal.contract.pk,
        "user": deal.official,
        "ground_id": ground.pk,
        "reason": "Порушення.",
        "on": date(2027, 3, 31),
    }
    with pytest.raises(StepRefused, match="after a notice"):
        terminate(now=LATER, **told)
    ContractNotice.objects.create(
        contract=deal.contract,
        number=1,
        kind="termination",
        ground=make_typed_ground("notice"),
        text="Попередження.",
        sent_at=LATER - timedelta(days=20),
        sent_by=deal.official,
        answer_by=(LATER - timedelta(days=1)).date(),
        key=uuid4(),
    )
    assert terminate(now=LATER, **told).state == ContractState.TERMINATED


def test_contract_not_signed_in_time_lapses_the_award() -> None:
    award, round_ = accepted()
    competition, official = round_.competition, round_.competition.created_by
    now = after(round_, 5)
    ground = make_typed_ground("failure")
    made = make_from_award(award_id=award.pk, user=official, key=uuid4(), now=now)
    told = {"user": official, "ground_id": ground.pk, "reason": "Не підписав."}
    fail(contract_id=made.pk, now=now, **told)
    award.refresh_from_db()
    assert award.state == AwardState.ACCEPTED
    again = make_from_award(award_id=award.pk, user=official, key=uuid4(), now=now)
    assert again.pk != made.pk
    late = now + timedelta(days=60)
    assert late.date() > competition.contract_on
    fail(contract_id=again.pk, now=late, **told)
    award.refresh_from_db()
    assert award.state == AwardState.LAPSED
    assert Contract.objects.filter(award=award, state=ContractState.NOT_CONCLUDED).count() == 2
