"""What the tests of monitoring send and say."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from portal.accounts.models import User
from procurement.contract_enums import VisitState
from procurement.domain.monitoring.visits import receive
from procurement.models import Contract, Visit, VisitSubmission
from tests.factories.contracts import NOW, make_typed_ground
from tests.factories.monitoring import make_visit

DUE = "2027-08-20"


def provider_of(contract: Contract) -> User:
    return contract.contractor.mandates.first().person


def seen(answer: str = "ok", *, at: datetime = NOW, note: str = "", base: str = "", **finding: str) -> dict[str, Any]:
    """Return an answer as a device sends it; of a breach, with all that a finding needs."""
    whole = {
        "kind": make_typed_ground("violation").slug,
        "severity": "major",
        "citation": "Договір, п. 3.1",
        "text": "Журнал не ведеться.",
        "demand": "Завести журнал.",
        "due_on": DUE,
    }
    told = {**whole, **finding} if answer == "breach" else {}
    return {"answer": answer, "note": note, "at": at.isoformat(), "base": base, "finding": told}


def all_seen(**answers: dict[str, Any]) -> dict[str, Any]:
    """Return the whole form of the test checklist, everything met unless told otherwise; `_` stands for `-`."""
    told = {code: seen() for code in ("individual-plan", "journal", "schedule")}
    return {**told, **{code.replace("_", "-"): one for code, one in answers.items()}}


def planned(contract: Contract, **fields: Any) -> Visit:
    return make_visit(contract, VisitState.PLANNED, **fields)


def send(visit: Visit, answers: dict[str, Any] | None = None, *, device: str = "phone", **more: Any) -> VisitSubmission:
    """Send answers from a device as the official of the contract."""
    now, key = more.pop("now", NOW + timedelta(hours=1)), more.pop("key", None) or uuid4()
    user = more.pop("user", visit.contract.created_by)
    content = {"held_on": "2027-07-14", "answers": answers or {}, **more}
    return receive(visit_id=visit.pk, user=user, key=key, device=device, content=content, now=now)
