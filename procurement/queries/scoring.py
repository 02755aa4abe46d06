"""What is scored in a round, and what a sheet says of it."""

from __future__ import annotations

from dataclasses import dataclass

from procurement.enums import AdmissionState
from procurement.models import EvaluationRound, Lot, Proposal, ProposalLot, Score, ScoreSheet

# "lot:proposal number:criterion"
Cell = str


@dataclass(frozen=True, slots=True)
class Item:
    """An admitted proposal in one of its lots: what a member scores at a time."""

    lot: Lot
    proposal: Proposal

    def cell(self, criterion: str) -> Cell:
        return cell_of(self.lot.number, self.proposal.number or 0, criterion)


def cell_of(lot: int, proposal: int, criterion: str) -> Cell:
    return f"{lot}:{proposal}:{criterion}"


def items_of(round_: EvaluationRound) -> list[Item]:
    """Return the admitted proposals of a round lot by lot, in the order of their numbers, without their contents."""
    rows = ProposalLot.objects.filter(
        proposal__admissions__round=round_, proposal__admissions__state=AdmissionState.ADMITTED
    )
    rows = rows.select_related("lot", "proposal__organisation").defer("proposal__content", "proposal__draft")
    return [Item(row.lot, row.proposal) for row in rows.order_by("lot__number", "proposal__number")]


def scores_by_cell(sheet: ScoreSheet) -> dict[Cell, Score]:
    """Return the rows of a sheet by their cells."""
    rows = sheet.scores.select_related("lot", "proposal").defer("proposal__content", "proposal__draft")
    return {cell_of(row.lot.number, row.proposal.number or 0, row.criterion): row for row in rows}
