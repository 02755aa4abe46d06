"""Who opens a page of delivery: officials of the hromada and auditors on one side, the provider on the other."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final
from uuid import UUID, uuid4

from django import forms
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.functional import Promise

from procurement import contract_rules
from procurement.models import Contract
from procurement.views.closed_doors import closed_door, signed_in
from procurement.views.taking import taken

METHODS: Final = ["GET", "HEAD", "POST"]
OFFICIAL, PROVIDER = "contracting", "contractor"

official_page = closed_door(thing="contracting:contract", home="contracting:home")
provider_page = closed_door(thing="contractor:contract", home="contractor:home")


def contract_or_404(request: HttpRequest, pk: int, side: str) -> Contract:
    """Return a contract of the side's own ones; another's does not exist."""
    return get_object_or_404(_contracts(request, side).select_related("contractor", "hromada__oblast"), pk=pk)


def of_own_or_404(request: HttpRequest, rows: QuerySet[Any], pk: int, side: str) -> Any:
    """Return a row of one of the side's own contracts."""
    related = rows.select_related("contract__contractor", "contract__hromada__oblast")
    return get_object_or_404(related.filter(contract__in=_contracts(request, side)), pk=pk)


def page(
    request: HttpRequest, template: str, contract: Contract, side: str, *, status: int = 200, **context: Any
) -> HttpResponse:
    """Draw a page of the contract in the frame that all of them share; `may_act` is false for who only looks on."""
    user = signed_in(request)
    can = contract_rules.can_run_contract if side == OFFICIAL else contract_rules.can_fulfil_contract
    told = {
        "contract": contract,
        "side": side,
        "is_official": side == OFFICIAL,
        "may_act": bool(can(user, contract)),
        "may_sign": side == PROVIDER and bool(contract_rules.can_sign_contract(user, contract)),
        **context,
    }
    return render(request, template, told, status=status)


def tried(request: HttpRequest, form: forms.Form, step: Callable[[], Any], said: str | Promise) -> bool:
    """Take the step of a form that is whole; what refuses it stands above the fields, and everything typed stays."""
    return form.is_valid() and taken(request, step, said, form)


def key_of(request: HttpRequest) -> UUID:
    """Return the key that the page made for its button, or a new one for a form without any."""
    try:
        return UUID(request.POST.get("key", ""))
    except ValueError:
        return uuid4()


def form_page(
    request: HttpRequest,
    contract: Contract,
    side: str,
    form: forms.Form,
    *,
    title: str | Promise,
    button: str | Promise,
    back: str,
    lead: str | Promise = "",
) -> HttpResponse:
    """Draw a page that is one form; `back` is the address above it."""
    words = {"title": title, "button": button, "back": back, "lead": lead}
    status = 422 if form.errors else 200
    return page(request, "delivery/form.html", contract, side, status=status, form=form, **words)


def _contracts(request: HttpRequest, side: str) -> QuerySet[Contract]:
    user = signed_in(request)
    find = contract_rules.contracts_of_official if side == OFFICIAL else contract_rules.contracts_of_contractor
    return find(user)
