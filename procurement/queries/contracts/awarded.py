"""What contracts hold of the awards of a competition: a contracted lot is neither given nor bought once more."""

from __future__ import annotations

from typing import Final

from django.db.models import Exists, OuterRef, QuerySet

from procurement.contract_enums import ContractState
from procurement.models import Award, Competition, Contract

# a contract that runs or was fulfilled; one that was terminated leaves its lot free
_HOLDING: Final = (*ContractState.running, ContractState.CLOSED)


def contract_instead_of(award: Award) -> Contract | None:
    """Return the contract by which the lot of an award is bought already, made of an earlier decision or of this one.

    A lot may have several winners: what belongs to another one of the same decision does not count.
    """
    others = Award.objects.filter(decision=award.decision_id, lot=award.lot_id).exclude(pk=award.pk)
    rows = Contract.objects.filter(award__lot=award.lot_id, state__in=_HOLDING)
    return rows.exclude(award__proposal__in=others.values("proposal")).order_by("pk").first()


def without_contract(awards: QuerySet[Award]) -> QuerySet[Award]:
    """Leave out the awards whose winner has a contract of the same lot by an earlier decision."""
    same = Contract.objects.filter(award__lot=OuterRef("lot"), award__proposal=OuterRef("proposal"))
    return awards.exclude(Exists(same.filter(state__in=_HOLDING)))


def running_winners(competition: Competition) -> list[tuple[int, int | None, str | None]]:
    """Return lot, number of the proposal and number of the contract, for each contract of the competition that runs."""
    rows = Contract.objects.filter(competition=competition, award__isnull=False, state__in=ContractState.running)
    return list(rows.order_by("pk").values_list("award__lot__number", "award__proposal__number", "number"))
