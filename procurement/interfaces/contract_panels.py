"""What cards of providers and pages of hromadas say of contracts: how many, their sums, what visits found, ratings."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from django.db.models import QuerySet

from portal.accounts.models import Organisation
from procurement.interfaces.contract_table import ContractRow, rows_of
from procurement.interfaces.quality_list import QualityLine
from procurement.models import Contract
from procurement.queries.contracts.listing import findings_counted, totals_of
from procurement.queries.contracts.public import for_list, public_contracts
from procurement.queries.contracts.ratings import evaluations_of_hromada, latest_of
from registry.models import Territory

# the latest; the register of contracts has the others
SHOWN: Final = 5


@dataclass(frozen=True, slots=True)
class ContractsPanel:
    """The latest contracts with the sums of all, what became of findings, the ratings that count now."""

    totals: dict[str, Any]
    rows: list[ContractRow]
    findings: dict[str, int]
    ratings: list[QualityLine]

    @property
    def has_more(self) -> bool:
        return self.totals["contracts"] > len(self.rows)

    @property
    def is_empty(self) -> bool:
        return not self.rows and not self.ratings


def panel_of_provider(organisation: Organisation) -> ContractsPanel:
    """Return what the provider's card says."""
    ratings = [QualityLine(one) for one in latest_of(organisation)]
    return _panel(public_contracts().filter(contractor=organisation), ratings)


def panel_of_hromada(hromada: Territory) -> ContractsPanel:
    """Return what the hromada's pages say."""
    ratings = [QualityLine(one) for one in evaluations_of_hromada(hromada)[:SHOWN]]
    return _panel(public_contracts().filter(hromada=hromada), ratings)


def _panel(contracts: QuerySet[Contract], ratings: list[QualityLine]) -> ContractsPanel:
    totals = totals_of(contracts)
    if not totals["contracts"]:
        return ContractsPanel(totals, [], {}, ratings)
    return ContractsPanel(totals, rows_of(for_list(contracts)[:SHOWN]), findings_counted(contracts), ratings)
