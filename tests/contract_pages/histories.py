"""Contracts with all that can follow them, as rows: what the public pages are tested with."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from uuid import uuid4

from django.db import transaction

from portal.kernel import audit
from procurement.contract_enums import (
    ContractVersionState,
    FindingOutcome,
    FindingState,
    MilestoneState,
    NoticeKind,
    Severity,
    VisitBasis,
    VisitState,
)
from procurement.models import (
    Contract,
    ContractNotice,
    Finding,
    FindingReply,
    FindingResult,
    Milestone,
    RiskCard,
    RiskReply,
    RiskRule,
    Visit,
)
from tests.factories.contracts import (
    CONCLUDED,
    make_act,
    make_contract,
    make_report,
    make_typed_ground,
    make_version,
    offer_rows,
    pay,
)

DAY = timedelta(days=1)


def make_followed(reports: int = 2, findings: int = 2, **values) -> Contract:
    """Return a contract in force with so many reports, acts (the first with a deduction), payments and findings."""
    contract = make_contract(**values)
    for number in range(1, reports + 1):
        report = make_report(contract, number)
        act = make_act(contract, report=report, units="100", deducted="500" if number == 1 else "0")
        act.contract = contract
        pay(act)
        contract.refresh_from_db()
        milestone(contract, number)
    visit = conclude_visit(contract)
    for number in range(1, findings + 1):
        find(visit, number)
    log(contract, "contract", "conclude", contract.pk)
    return contract


def milestone(contract: Contract, number: int, **values) -> Milestone:
    facts = {
        "title": "Охоплено отримувачів",
        "due_on": date(2027, 2 + number, 25),
        "plan": Decimal(20),
        "fact": Decimal(18),
        "state": MilestoneState.MET,
        "decided_at": CONCLUDED + 30 * DAY,
        "reason": "Двоє переїхали.",
    }
    return Milestone.objects.create(contract=contract, number=number, **{**facts, **values})


def amend(contract: Contract, *, volume: str = "2000") -> Contract:
    """Let both have signed a second version with more hours."""
    version = make_version(
        contract,
        number=2,
        lines=[{"volume": Decimal(volume)}],
        ground=make_typed_ground("amendment"),
        reason="Збільшено кількість годин.",
        effective_on=date(2027, 5, 1),
    )
    offer_rows(version, CONCLUDED + 50 * DAY)
    version.state, version.signed_at = ContractVersionState.SIGNED, CONCLUDED + 55 * DAY
    version.save()
    Contract.objects.filter(pk=contract.pk).update(version=2, sum=version.sum)
    contract.refresh_from_db()
    return contract


def conclude_visit(contract: Contract, *, state: str = VisitState.CONCLUDED, **values) -> Visit:
    done = state == VisitState.CONCLUDED
    facts = {
        "number": contract.visits.count() + 1,
        "year": 2027,
        "planned_on": date(2027, 6, 1),
        "basis": VisitBasis.TURN,
        "held_on": date(2027, 6, 1),
        "state": state,
        "conclusion": "Послугу надають, є відхилення." if done else "",
        "concluded_at": CONCLUDED + 100 * DAY if done else None,
        "created_at": CONCLUDED,
        "notes": "НОТАТКА-НЕ-ДЛЯ-ВСІХ",
    }
    return Visit.objects.create(contract=contract, **{**facts, **values})


def find(visit: Visit, number: int = 1, **values) -> Finding:
    """Return a finding that the provider replied to and that was judged to be eliminated in part."""
    facts = {
        "kind": make_typed_ground("violation"),
        "severity": Severity.MAJOR,
        "text": f"Немає журналу, {number}.",
        "due_on": date(2027, 7, 1),
        "state": FindingState.OPEN,
        "outcome": FindingOutcome.PARTLY,
    }
    finding = Finding.objects.create(visit=visit, contract=visit.contract, number=number, **{**facts, **values})
    person = visit.contract.created_by
    reply = {"finding": finding, "by": person, "at": CONCLUDED + 110 * DAY}
    FindingReply.objects.create(text="Журнал заведено.", key=uuid4(), **reply)
    FindingResult.objects.create(outcome=FindingOutcome.PARTLY, reason="Не за всі дні.", **reply)
    return finding


def warn(contract: Contract, number: int = 1) -> ContractNotice:
    return ContractNotice.objects.create(
        contract=contract,
        number=number,
        kind=NoticeKind.WARNING,
        ground=make_typed_ground("notice"),
        text="Усуньте відхилення.",
        sent_at=CONCLUDED + 112 * DAY,
        sent_by=contract.created_by,
        answer_by=date(2027, 7, 20),
        key=uuid4(),
    )


def suspect(contract: Contract, slug: str = "sign-of-tests") -> RiskCard:
    facts = {
        "text_uk": "Звіти із запізненням",
        "formula_uk": "Три звіти.",
        "act": "450",
        "valid_from": date(2020, 1, 1),
    }
    rule = RiskRule.objects.get_or_create(slug=slug, defaults=facts)[0]
    card = RiskCard.objects.create(
        rule=rule, contract=contract, data={"late": 3}, found_at=CONCLUDED + 60 * DAY, changed_at=CONCLUDED + 60 * DAY
    )
    RiskReply.objects.create(
        card=card,
        side="contractor",
        text="Змінився бухгалтер.",
        at=CONCLUDED + 61 * DAY,
        by=contract.created_by,
        key=uuid4(),
    )
    return card


@transaction.atomic
def log(contract: Contract, thing: str, step: str, key: int) -> int:
    """Write an entry as `domain.contracts.steps.record` does."""
    return audit.append(
        tag=f"procurement:{thing}:{step}",
        subject=f"procurement.contract:{contract.number}",
        payload={"id": str(key)},
        actor_role="commissioner",
        at=CONCLUDED,
    ).seq
