"""The reports that a contract asks for: one for each period of the version in force."""

from __future__ import annotations

from datetime import date, datetime

from procurement.models import Contract
from registry.domain.providers import Actor


def lay_out_reports(contract: Contract, *, actor: Actor, now: datetime) -> None:
    """Make the reports of the periods that have none yet, by the version in force; waive those it has no more.

    Called by whoever concludes or amends, the contract being held. Reports that were filed stay as they are.
    """


def waive_reports_after(contract: Contract, on: date, *, actor: Actor, now: datetime) -> None:
    """Waive the open reports of periods that begin after the day on which the contract ended."""
