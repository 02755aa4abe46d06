"""Contracts as lines of a list and as the table that programs read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Final

from django.db.models import QuerySet
from django.urls import reverse

from portal.accounts.letters import absolute
from portal.kernel.pieces import pieces
from procurement.contract_enums import ContractState
from procurement.models import Contract
from procurement.queries.contracts.public import contractor_name, for_list
from registry.interfaces.exporting.csv_text import BYTE_ORDER_MARK, csv_cell, csv_text
from registry.queries.register import vocabulary

COLUMNS: Final = (
    "number",
    "own_number",
    "state",
    "channel",
    "hromada_code",
    "hromada",
    "oblast",
    "commissioner",
    "commissioner_code",
    "provider",
    "provider_code",
    "title",
    "services",
    "concluded_on",
    "service_from",
    "service_to",
    "version",
    "first_sum_uah",
    "sum_uah",
    "accepted_uah",
    "paid_uah",
    "remaining_uah",
    "ended_on",
    "end_paid_uah",
    "competition",
    "identifier",
    "is_demo",
    "url",
)
CHUNK: Final = 500
TONES: Final = {
    ContractState.IN_FORCE: "ok",
    ContractState.SUSPENDED: "warn",
    ContractState.CLOSED: "blue",
    ContractState.TERMINATED: "bad",
}


@dataclass(frozen=True, slots=True)
class ContractRow:
    """A contract in a list."""

    contract: Contract
    services: tuple[str, ...]

    @property
    def tone(self) -> str:
        return TONES.get(ContractState(self.contract.state), "")

    @property
    def provider(self) -> str:
        return contractor_name(self.contract)

    @property
    def url(self) -> str:
        return reverse("procurement:contract", args=[self.contract.number])

    @property
    def place(self) -> str:
        hromada = self.contract.hromada
        return ", ".join(dict.fromkeys(unit.label for unit in (hromada, hromada.oblast) if unit))

    @property
    def does(self) -> str:
        """The services, unless the title says the very same."""
        named = ", ".join(self.services)
        return "" if named == self.contract.title else named


def rows_of(contracts: Iterable[Contract]) -> list[ContractRow]:
    """Return the lines of these contracts in their order, no query for any of them."""
    names = {kind.slug: kind.name for kind in vocabulary().services.values()}
    return [ContractRow(one, tuple(names.get(slug, slug) for slug in one.services)) for one in contracts]


def table_of(rows: QuerySet[Contract]) -> Iterator[str]:
    """Write the register as CSV, piece by piece; no text of it is a formula to a spreadsheet."""
    yield BYTE_ORDER_MARK + csv_text([COLUMNS])
    ordered = list(for_list(rows).values_list("pk", flat=True))
    for keys in pieces(ordered, CHUNK):
        found = for_list(Contract.objects.filter(pk__in=keys))
        yield csv_text([[csv_cell(cell) for cell in cells_of(one).values()] for one in found])


def cells_of(one: Contract) -> dict[str, Any]:
    """Return the facts of a contract by column: what page, table and API say of its sums is said here once."""
    place, commissioner = one.hromada, one.commissioner.organisation
    values = (
        one.number,
        one.own_number,
        one.state,
        one.channel,
        place.code,
        place.label,
        place.oblast.label if place.oblast else "",
        commissioner.name,
        commissioner.code,
        contractor_name(one),
        # a person's code is not an EDRPOU and is nowhere public
        one.contractor.code,
        one.title,
        " ".join(one.services),
        one.concluded_on,
        one.service_from,
        one.service_to,
        one.version,
        one.first_sum,
        one.sum,
        one.accepted,
        one.paid,
        one.remaining,
        one.ended_on,
        one.end_paid,
        one.competition.number if one.competition else "",
        one.identifier,
        one.is_demo,
        absolute(reverse("procurement:contract", args=[one.number])),
    )
    return dict(zip(COLUMNS, values, strict=True))
