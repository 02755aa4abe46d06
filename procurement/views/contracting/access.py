"""Who opens an official's page of a contract: officials of its hromada, auditors to look on; nobody else finds it."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from procurement import contract_rules
from procurement.domain.contracts.amending import open_version
from procurement.models import Contract, ContractVersion
from procurement.views.closed_doors import MovedOnError, closed_door, signed_in
from procurement.views.taking import taken

__all__ = ["MovedOnError", "contract_or_404", "contracting_page", "draft_or_moved", "own", "page", "signed_in", "taken"]

METHODS = ["GET", "HEAD", "POST"]
# what the pages of one contract read of it, in both cabinets
WITH_CONTRACT = (
    "hromada",
    "commissioner__organisation",
    "contractor",
    "competition",
    "award__decision",
    "award__lot",
    "end_ground",
)
contracting_page = closed_door(thing="contracting:contract", home="contracting:home")


def contract_or_404(request: HttpRequest, pk: int) -> Contract:
    """Return a contract that this account may look at as an official or an auditor."""
    rows = contract_rules.contracts_of_official(signed_in(request)).select_related(*WITH_CONTRACT)
    return get_object_or_404(rows, pk=pk)


def own(request: HttpRequest, pk: int, *states: str) -> Contract:
    """Return a contract that this official runs, in one of the states; one elsewhere has its own page to show."""
    found = contract_or_404(request, pk)
    if not contract_rules.can_run_contract(signed_in(request), found):
        raise Http404
    if states and found.state not in states:
        raise MovedOnError
    return found


def draft_or_moved(request: HttpRequest, pk: int) -> tuple[Contract, ContractVersion]:
    """Return a contract with the version in preparation; without one, its page says where it stands."""
    found = own(request, pk)
    version = open_version(found)
    if version is None or version.state != "draft":
        raise MovedOnError
    version.contract = found
    return found, version


def page(
    request: HttpRequest, template: str, contract: Contract, *, form: Any = None, status: int = 200, **context: Any
) -> HttpResponse:
    """Draw a page of the contract in the frame that all of them share; a form with faults answers 422."""
    may_act = bool(contract_rules.can_run_contract(signed_in(request), contract))
    told = {"contract": contract, "form": form, "may_act": may_act, **context}
    wrong = form is not None and form.is_bound and bool(form.errors)
    return render(request, template, told, status=422 if wrong else status)
