"""The page of one contract, its log and its dossier."""

from __future__ import annotations

from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.utils.http import quote_etag
from django.views.decorators.http import require_safe

from procurement.interfaces.archive import pack
from procurement.interfaces.contract_dossier import contract_dossier
from procurement.interfaces.contract_page import ContractPage
from procurement.models import Contract
from procurement.queries.contracts.public import concluded, log_of
from procurement.views.printing import above_contract, paper_busy
from registry.interfaces.press import PressBusyError
from registry.views.caching import public_page


def contract_or_404(number: str) -> Contract:
    contract = concluded(number)
    if contract is None:
        raise Http404
    return contract


@public_page
def contract_page(request: HttpRequest, number: str) -> HttpResponse:
    """Show a contract from its making to the last payment and the last finding."""
    page = ContractPage(contract_or_404(number), timezone.now())
    return render(request, "procurement/contracts/contract.html", {"page": page, "contract": page.contract})


@public_page
def contract_log(request: HttpRequest, number: str) -> HttpResponse:
    """Show what the decision log has of a contract."""
    contract = contract_or_404(number)
    return render(request, "procurement/contracts/log.html", {"contract": contract, "entries": log_of(contract)})


@require_safe
def dossier(request: HttpRequest, number: str) -> HttpResponseBase:
    """Hand out everything that is public of a contract as one archive, the same bytes for the same facts."""
    contract = contract_or_404(number)
    try:
        parts = contract_dossier(contract)
    except PressBusyError:
        return paper_busy(request, above_contract(contract))
    etag = quote_etag(parts.digest)
    unchanged = get_conditional_response(request, etag)
    if unchanged is not None:
        return unchanged
    response = FileResponse(pack(parts), as_attachment=True, filename=f"contract-{number}.zip")
    response["ETag"], response["Cache-Control"] = etag, "no-cache"
    return response
