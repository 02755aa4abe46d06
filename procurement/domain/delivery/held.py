"""What steps of delivery share: in which states of the contract they are taken, and their rows, held in one order."""

from __future__ import annotations

from typing import Final, TypeVar

from django.db import models

from procurement.contract_enums import ContractState
from procurement.domain.contracts.steps import lock_contract
from procurement.models import AcceptanceAct, Contract, Milestone, ServiceReport

UNSIGNED: Final = (ContractState.DRAFT, ContractState.OFFERED)
RUNNING: Final = (ContractState.IN_FORCE, ContractState.SUSPENDED)
# what was done before an early end is still reported, accepted and paid
ACCOUNTED: Final = (*RUNNING, ContractState.TERMINATED)
# money and corrections follow after the closing too
CONCLUDED: Final = (*ACCOUNTED, ContractState.CLOSED)

Thing = TypeVar("Thing", Milestone, ServiceReport, AcceptanceAct)


def lock_with_contract(model: type[Thing], key: int) -> tuple[Thing, Contract]:
    """Return a row and its contract, both held alone until the transaction ends, the contract first."""
    rows: models.Manager[Thing] = model._default_manager  # noqa: SLF001
    contract = lock_contract(rows.values_list("contract_id", flat=True).get(pk=key))
    row = rows.select_for_update(of=("self",)).get(pk=key)
    row.contract = contract
    return row, contract
