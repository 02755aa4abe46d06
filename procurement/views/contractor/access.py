"""Who opens a provider's page of a contract: its own people, from the offer on; to everybody else it does not exist."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from procurement import contract_rules
from procurement.models import Contract
from procurement.views.closed_doors import closed_door, signed_in
from procurement.views.contracting.access import METHODS, WITH_CONTRACT

__all__ = ["METHODS", "contractor_page", "own_contract_or_404", "page", "signed_in"]

contractor_page = closed_door(thing="contractor:contract", home="contractor:home")


def own_contract_or_404(request: HttpRequest, pk: int) -> Contract:
    """Return a contract of an organisation for which the person holds a mandate."""
    rows = contract_rules.contracts_of_contractor(signed_in(request)).select_related(*WITH_CONTRACT)
    return get_object_or_404(rows, pk=pk)


def page(
    request: HttpRequest, template: str, contract: Contract, *, form: Any = None, status: int = 200, **context: Any
) -> HttpResponse:
    """Draw a page of the contract in the frame that all of them share; a form with faults answers 422."""
    may_sign = bool(contract_rules.can_sign_contract(signed_in(request), contract))
    told = {"contract": contract, "form": form, "may_sign": may_sign, **context}
    wrong = form is not None and form.is_bound and bool(form.errors)
    return render(request, template, told, status=422 if wrong else status)
