"""A provider's findings and notices: what was found, what it says and shows about it."""

from __future__ import annotations

from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from portal.kernel import clock
from portal.kernel.calendar import day_of
from procurement import contract_rules
from procurement.contract_enums import FindingState, VisitState
from procurement.domain.monitoring.findings import reply
from procurement.domain.monitoring.notices import answer_notice
from procurement.interfaces.finding_forms import AnswerForm, ReplyForm
from procurement.interfaces.finding_story import story_of
from procurement.models import Finding
from procurement.queries.contracts.monitoring import (
    SHOWN,
    WAITING,
    findings_to_see,
    findings_with_story,
    notices_of,
    own_contracts,
)
from procurement.views.closed_doors import closed_door, signed_in
from procurement.views.monitoring.access import METHODS, page, pages_of, taken

HOME: Final = "contractor:home"
contract_page = closed_door(thing="contractor:contract", home=HOME)
finding_page = closed_door(thing="contractor:finding", home=HOME)
notice_page = closed_door(thing="contractor:notice", home=HOME)


@contract_page
@require_safe
def findings(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    """Show what monitoring found in one contract, or in all of the person's organisations, and the notices."""
    contracts = own_contracts(signed_in(request))
    contract = get_object_or_404(contracts, pk=pk) if pk is not None else None
    chosen = contracts.filter(pk=contract.pk) if contract else contracts
    shown = request.GET.get("show", "")
    shown = shown if shown in SHOWN else WAITING
    today = day_of(clock.moment())
    rows = findings_to_see(chosen, shown, today)
    pages = pages_of(request, rows.count(), show=shown)
    context: dict[str, Any] = {
        "findings": rows[pages.start : pages.stop],
        "notices": notices_of(chosen)[:20],
        "pages": pages,
        "shown": shown,
        "today": today,
    }
    return page(request, "monitoring/provider_findings.html", contract, **context)


@finding_page
@require_http_methods(METHODS)
def finding(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a finding and reply to it, with evidence."""
    rows = findings_with_story().filter(
        contract__in=own_contracts(signed_in(request)), visit__state=VisitState.CONCLUDED
    )
    found = get_object_or_404(rows, pk=pk)
    may = contract_rules.can_fulfil_contract(signed_in(request), found.contract)
    form = None
    if found.state in FindingState.unsolved and may:
        sent = request.method == "POST"
        form = ReplyForm(request.POST if sent else None, request.FILES if sent else None)
    if request.method == "POST" and form is not None and form.is_valid() and _replied(request, found, form):
        return redirect("contractor:finding", pk)
    status = 422 if form is not None and form.errors else 200
    context = {"finding": found, "story": story_of(found), "form": form, "today": day_of(clock.moment())}
    return page(request, "monitoring/provider_finding.html", found.contract, status=status, **context)


def _replied(request: HttpRequest, found: Finding, form: ReplyForm) -> bool:
    told = form.cleaned_data

    def step() -> None:
        reply(
            finding_id=found.pk,
            user=signed_in(request),
            text=told["text"],
            file=told["file"],
            key=form.press,
            now=clock.moment(),
        )

    return taken(request, step, _("The reply is sent and published."), form)


@notice_page
@require_http_methods(METHODS)
def notice(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a warning or a notice before termination; answer it."""
    found = get_object_or_404(notices_of(own_contracts(signed_in(request))), pk=pk)
    may_sign = contract_rules.can_sign_contract(signed_in(request), found.contract)
    waits = found.answered_at is None and found.withdrawn_at is None
    form = AnswerForm(request.POST if request.method == "POST" else None) if waits and may_sign else None

    def step() -> None:
        assert form is not None
        answer_notice(notice_id=pk, user=signed_in(request), text=form.cleaned_data["text"], now=clock.moment())

    said = _("The answer is sent and published.")
    if request.method == "POST" and form is not None and form.is_valid() and taken(request, step, said, form):
        return redirect("contractor:notice", pk)
    context = {"notice": found, "form": form, "waits": waits, "may_sign": may_sign, "today": day_of(clock.moment())}
    status = 422 if form is not None and form.errors else 200
    return page(request, "monitoring/provider_notice.html", found.contract, status=status, **context)
