"""Versions of a contract as papers for everybody."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.http import quote_etag
from django.views.decorators.http import require_safe

from procurement.interfaces.contract_pdf import contract_paper_name, contract_pdf
from procurement.queries.contracts.public import versions_of
from procurement.views.contracts.page import contract_or_404
from procurement.views.printing import above_contract, paper_busy
from registry.interfaces.press import PressBusyError
from registry.views.caching import unless_known
from registry.views.printing import pdf_file


@require_safe
def contract_file(request: HttpRequest, number: str, version: int | None = None) -> HttpResponse:
    """Hand out the version in force, or an earlier one that both had signed; no other is public."""
    contract = contract_or_404(number)
    wanted = contract.version if version is None else version
    found = next((one for one in versions_of(contract) if one.number == wanted), None)
    if found is None or found.code is None:
        raise Http404
    found.contract = contract
    try:
        content = contract_pdf(found)
    except PressBusyError:
        return paper_busy(request, above_contract(contract))
    response = pdf_file(content, f"contract-{number}-{found.number}")
    response["Cache-Control"] = "no-cache"
    response["ETag"] = quote_etag(contract_paper_name(found))
    return unless_known(request, response)
