"""A provider's contract: what is to be done, the text to sign and its signature, the papers."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from procurement.contract_enums import ContractState, ContractVersionState, Side
from procurement.domain.contracts.amending import open_version
from procurement.interfaces.contract_paper import ContractPaper
from procurement.interfaces.contract_pdf import contract_pdf, text_to_sign
from procurement.interfaces.contract_tasks import signature_tasks, versions_of
from procurement.interfaces.contractor_tasks import provider_tasks
from procurement.views.contracting.signing import offered_version_of, signing, version_paper, waiting_or_moved
from procurement.views.contractor.access import METHODS, contractor_page, own_contract_or_404, page


@contractor_page
@require_safe
def contract(request: HttpRequest, pk: int) -> HttpResponse:
    """Show where the contract stands and what the provider has to do."""
    found = own_contract_or_404(request, pk)
    version = open_version(found)
    waits = version if version is not None and version.state == ContractVersionState.OFFERED else None
    url = reverse("contractor:sign", args=[pk])
    is_public = found.state in ContractState.public
    context = {
        "version": waits,
        "signing": signature_tasks(waits, Side.CONTRACTOR, url) if waits else [],
        "tasks": provider_tasks(found) if is_public else [],
        "versions": [one for one in versions_of(found) if one.code_id],
        "is_public": is_public,
    }
    return page(request, "contractor/contract.html", found, **context)


@contractor_page
@require_http_methods(METHODS)
def sign(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the whole text; who may sign for the provider signs it."""
    found = own_contract_or_404(request, pk)
    version = waiting_or_moved(found, ContractVersionState.OFFERED)
    form, done = signing(request, version, Side.CONTRACTOR)
    if done:
        return redirect("contractor:contract", pk)
    context = {"version": version, "paper": ContractPaper(version), "side": Side.CONTRACTOR}
    return page(request, "contractor/sign.html", found, form=form, **context)


@contractor_page
@require_safe
def version_pdf(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """Hand out a version that was offered, with its signatures."""
    found = own_contract_or_404(request, pk)
    return version_paper(request, offered_version_of(found, number), contract_pdf, "contractor:contract")


@contractor_page
@require_safe
def version_to_sign(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """Hand out the very file that both sides sign."""
    found = own_contract_or_404(request, pk)
    return version_paper(request, offered_version_of(found, number), text_to_sign, "contractor:contract")
