"""The public list of risk cards: signs with their rule, data, honest reasons, and what both sides say."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from procurement.contract_enums import RiskState
from procurement.interfaces.risk_cards import risk_lines
from procurement.interfaces.risk_filters import ALL, read_risk_filter
from procurement.queries.contracts.risks import for_list, hromadas_of_cards, public_cards, risk_rules
from registry.views.caching import public_page
from registry.views.paging import Pages


@public_page
def risk_list(request: HttpRequest) -> HttpResponse:
    """Show the cards that hold, the latest first, or those that no longer do."""
    rules, hromadas = list(risk_rules()), list(hromadas_of_cards())
    wanted = read_risk_filter(request.GET, rules, hromadas)
    rows = wanted.rows(public_cards())
    pages = Pages(rows.count(), wanted.page, settings.REGISTER_PAGE_SIZE, lambda page: wanted.query(page=page))
    context = {
        "wanted": wanted,
        "rules": rules,
        "hromadas": hromadas,
        "states": [(RiskState.OPEN, RiskState.OPEN.label), (RiskState.GONE, RiskState.GONE.label)],
        "all": ALL,
        "pages": pages,
        "lines": risk_lines(for_list(rows)[pages.start : pages.stop]),
    }
    return render(request, "procurement/risks/list.html", context)
