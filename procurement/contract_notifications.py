"""What is said to whom about a contract: officials, the provider's people; letters go out after the commit.

A step writes one message of the outbox, however many read of it; `domain.news.contract_news` turns it into letters.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final

from django.db import models

from portal.kernel import outbox
from portal.kernel.models import OutboxMessage
from procurement.models import Competition, Contract

CONTRACT: Final = "contract-letters"

# the steps of each thing that somebody is told of, by the names of `contract_workflow`; of the others nobody is
TOLD: Final[dict[str, frozenset[str]]] = {
    "contract": frozenset({"take_back", "conclude", "fail", "amend", "suspend", "resume", "close", "terminate"}),
    "contractversion": frozenset({"offer", "withdraw"}),
    # one side has signed, the other has not
    "contractsignature": frozenset({"sign"}),
    "servicereport": frozenset({"file", "return", "accept"}),
    "acceptanceact": frozenset({"claim", "return", "accept", "withdraw"}),
    "payment": frozenset({"enter", "refund", "undo"}),
    "milestone": frozenset({"miss", "waive"}),
    "visit": frozenset({"conclude"}),
    "finding": frozenset({"reply", "reopen", "close"}),
    # another reply before the first was judged
    "findingreply": frozenset({"add"}),
    "contractnotice": frozenset({"send", "answer", "withdraw"}),
    "riskcard": frozenset({"open", "reply"}),
}
# what the clock reminds of
REMINDED: Final[dict[str, frozenset[str]]] = {
    "contract": frozenset({"remind_sign", "remind_end"}),
    "servicereport": frozenset({"remind"}),
    "acceptanceact": frozenset({"remind_pay"}),
    "milestone": frozenset({"remind"}),
    "finding": frozenset({"remind"}),
    "contractnotice": frozenset({"remind"}),
}


def note_contract(*, contract: Contract, about: models.Model, step: str, now: datetime) -> None:
    """Tell of a step with a contract, version, report, act, payment, visit, finding, notice, … in its transaction.

    Called by `domain.contracts.steps.record` for every step; steps that nobody has to hear of are told to nobody.
    """
    if step in TOLD.get(_name(about), ()):
        _enqueue(about, step, now.isoformat(), now, contract=contract.pk)


def note_competition_risk(*, competition: Competition, about: models.Model, step: str, now: datetime) -> None:
    """Tell of a risk card of a competition, or of a reply to it: there is no contract to tell of yet."""
    if step in TOLD.get(_name(about), ()):
        _enqueue(about, step, now.isoformat(), now, competition=competition.pk)


def remind_contract(*, contract: Contract, about: models.Model, step: str, mark: str, now: datetime) -> bool:
    """Remind of what waits, once for each `mark` (the step of reminding); return whether it is told now."""
    if OutboxMessage.objects.filter(key=_key(about, step, mark)).exists():
        return False
    _enqueue(about, step, mark, now, contract=contract.pk)
    return True


def _enqueue(about: models.Model, step: str, mark: str, now: datetime, **whose: int) -> None:
    content = {
        **whose,
        "thing": _name(about),
        "id": str(about.pk),
        "step": step,
        "at": now.isoformat(),
        "forget": True,
    }
    outbox.enqueue(CONTRACT, _key(about, step, mark), content)


def _key(about: models.Model, step: str, mark: str) -> str:
    return f"procurement:{_name(about)}:{about.pk}:{step}:{mark}"


def _name(about: models.Model) -> str:
    return str(about._meta.model_name)  # noqa: SLF001
