"""Who opens a page of monitoring: officials of the hromada and auditors; the provider's people theirs."""

from __future__ import annotations

from typing import Any, Final
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from procurement import contract_rules
from procurement.models import Contract, ContractNotice, Finding, Visit
from procurement.queries.contracts.monitoring import contracts_to_monitor, findings_with_story, notices_of, visits_of
from procurement.views.closed_doors import closed_door, signed_in
from procurement.views.taking import taken
from registry.views.paging import Pages, page_number

__all__ = ["signed_in", "taken"]

PAGE: Final = 25
METHODS: Final = ["GET", "HEAD", "POST"]
HOME: Final = "contracting:home"

contract_page = closed_door(thing="contracting:contract", home=HOME)
visit_page = closed_door(thing="contracting:visit", home=HOME)
finding_page = closed_door(thing="contracting:finding", home=HOME)
notice_page = closed_door(thing="contracting:notice", home=HOME)


def contract_or_404(request: HttpRequest, pk: int) -> Contract:
    return get_object_or_404(contracts_to_monitor(signed_in(request)), pk=pk)


def visit_or_404(request: HttpRequest, pk: int) -> Visit:
    return get_object_or_404(visits_of(contracts_to_monitor(signed_in(request))), pk=pk)


def finding_or_404(request: HttpRequest, pk: int) -> Finding:
    """Return a finding of the official's contracts, of a visit that is not concluded too."""
    contracts = contracts_to_monitor(signed_in(request))
    return get_object_or_404(findings_with_story().filter(contract__in=contracts), pk=pk)


def notice_or_404(request: HttpRequest, pk: int) -> ContractNotice:
    return get_object_or_404(notices_of(contracts_to_monitor(signed_in(request))), pk=pk)


def may_act(request: HttpRequest, contract: Contract) -> bool:
    return bool(contract_rules.can_run_contract(signed_in(request), contract))


def require_acting(request: HttpRequest, contract: Contract) -> None:
    """Let nobody who only looks on open a page whose only use is to send something."""
    if not may_act(request, contract):
        raise Http404


def pages_of(request: HttpRequest, total: int, **kept: str) -> Pages:
    return Pages(total, page_number(request.GET.get("page", "")), PAGE, lambda at: urlencode({**kept, "page": at}))


def page(
    request: HttpRequest, template: str, contract: Contract | None = None, *, status: int = 200, **context: Any
) -> HttpResponse:
    """Draw a page in the frame that all of them share; `may_act` is false for who only looks on."""
    told = {"contract": contract, "may_act": contract is not None and may_act(request, contract), **context}
    return render(request, template, told, status=status)
