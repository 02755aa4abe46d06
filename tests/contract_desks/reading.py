"""What letters of contracts are read with: who got which, and things that letters tell of."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import uuid4

from django.core import mail
from django.db import models, transaction

from portal.accounts.models import User
from portal.kernel import outbox
from portal.kernel.models import OutboxMessage
from procurement.contract_notifications import note_contract
from procurement.models import Contract, ContractNotice, Finding, Visit
from tests.factories.contracts import NOW
from tests.factories.rule_profiles import make_ground

OFFICIAL, PROVIDER = "official", "provider"


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
