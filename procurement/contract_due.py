"""What the clock does about contracts: risk cards come and go, what waits is reminded of."""

from __future__ import annotations

from datetime import datetime

from portal.kernel import due
from procurement.domain.news.contract_reminders import remind_of_contracts
from procurement.domain.risks.cards import review_risks


@due.handles("risk-cards")
def review_risk_cards(now: datetime) -> str:
    made = review_risks(now=now)
    return f"risk cards found: {made['found']}, changed: {made['changed']}, gone: {made['gone']}"


@due.handles("contract-reminders")
def remind_contracts(now: datetime) -> str:
    return f"reminders of contracts: {remind_of_contracts(now=now)}"
