"""The public register of contracts, as a page and as a table."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render

from portal.accounts.enums import OwnershipForm
from procurement.contract_enums import ContractState
from procurement.enums import Channel
from procurement.interfaces.contract_filters import read_contract_filter
from procurement.interfaces.contract_table import rows_of, table_of
from procurement.queries.contracts.listing import (
    hromadas_of_contracts,
    oblasts_of_contracts,
    totals_of,
    years_of_contracts,
)
from procurement.queries.contracts.public import for_list, public_contracts
from registry.queries.alphabet import alphabetical
from registry.queries.register import vocabulary
from registry.views.caching import public_page
from registry.views.paging import Pages


@public_page
def contract_list(request: HttpRequest) -> HttpResponse:
    """Show which contracts there are, the latest concluded first, and what they come to in all."""
    wanted = read_contract_filter(request.GET)
    rows = wanted.rows(public_contracts())
    totals = totals_of(rows)
    pages = Pages(totals["contracts"], wanted.page, settings.REGISTER_PAGE_SIZE, lambda page: wanted.query(page=page))
    names, with_contracts = vocabulary(), oblasts_of_contracts()
    context = {
        "wanted": wanted,
        "oblasts": sorted(
            (unit for unit in names.oblasts.values() if unit.pk in with_contracts),
            key=lambda unit: alphabetical(unit.name),
        ),
        "hromadas": hromadas_of_contracts(wanted.oblast) if wanted.oblast else [],
        "services": sorted(names.services.values(), key=lambda kind: alphabetical(kind.name)),
        "years": years_of_contracts(),
        "states": [(state, ContractState(state).label) for state in ContractState.public],
        "channels": Channel.choices,
        "ownerships": OwnershipForm.choices,
        "totals": totals,
        "pages": pages,
        "rows": rows_of(for_list(rows)[pages.start : pages.stop]),
        "query": wanted.query(),
    }
    return render(request, "procurement/contracts/list.html", context)


@public_page
def contract_table(request: HttpRequest) -> StreamingHttpResponse:
    """Hand the same rows out as CSV."""
    wanted = read_contract_filter(request.GET)
    response = StreamingHttpResponse(table_of(wanted.rows(public_contracts())), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="poruch-contracts.csv"'
    return response
