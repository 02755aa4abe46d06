"""The page of one contract for the official: where it stands, what is to be done, everything that may be done."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from portal.kernel import clock
from portal.kernel.calendar import day_of
from procurement.contract_enums import ContractState, ContractVersionState, Side
from procurement.domain.contracts.amending import open_version
from procurement.interfaces.contract_desk import waiting_in
from procurement.interfaces.contract_tasks import (
    draft_tasks,
    running_tasks,
    signature_tasks,
    step_links,
    versions_of,
)
from procurement.models import Contract
from procurement.views.contracting.access import contract_or_404, contracting_page, page


@contracting_page
@require_safe
def contract(request: HttpRequest, pk: int) -> HttpResponse:
    found = contract_or_404(request, pk)
    version = open_version(found)
    if version is not None:
        version.contract = found
    is_draft = version is not None and version.state == ContractVersionState.DRAFT
    drafted = draft_tasks(found, version) if version is not None and is_draft else []
    url = reverse("contracting:sign", args=[pk])
    signing = signature_tasks(version, Side.COMMISSIONER, url) if version is not None and not is_draft else []
    is_public = found.state in ContractState.public
    today = day_of(clock.moment())
    # what the desk says of this contract; signing and filling in are told by their own lists
    due = waiting_in(Contract.objects.filter(pk=pk), today) if is_public else []
    context: dict[str, Any] = {
        "version": version,
        "is_draft": is_draft,
        "waiting": [one for one in due if one.url != request.path],
        "drafted": drafted,
        "signing": signing,
        "running": running_tasks(found) if is_public else [],
        "links": step_links(found, version),
        "versions": versions_of(found),
        "is_public": is_public,
        "is_late": found.state in ContractState.unsigned and found.sign_by is not None and found.sign_by < today,
    }
    return page(request, "contracting/contract.html", found, **context)
