"""Warnings, and the notice that goes before a termination for breach."""

from __future__ import annotations

from datetime import datetime

from procurement.models import Contract, ContractNotice


def notice_that_allows(contract: Contract, now: datetime) -> ContractNotice | None:
    """Return the notice before termination whose term to answer is over and which was not withdrawn; or nothing."""
    return None
