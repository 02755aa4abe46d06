"""Budget lines: their sums by budget acts, what contracts bind of them, what is paid; nothing is overspent."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from procurement.models import Contract


def apply_funding(contract: Contract, funding: Mapping[int, Decimal]) -> None:
    """Bind the agreed sums {budget line: UAH} for the contract in place of what it bound before.

    The contract is held; lines are held here in the order of their keys. Raises `StepRefused`, naming the line, where
    one has not so much left, is of another hromada, or where less would stay than is already paid.
    """


def release_funding(contract: Contract) -> None:
    """Give back to the lines what an ended contract binds and no accepted act still needs."""
