"""Findings and notices at the official's desk: listed, judged, escalated."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from portal.kernel import clock
from portal.kernel.calendar import day_of
from procurement.contract_enums import ContractState, FindingState, NoticeKind, VisitState
from procurement.domain.monitoring.notice_terms import answer_term
from procurement.domain.monitoring.notices import notice_that_allows, send_notice, withdraw_notice
from procurement.domain.monitoring.results import judge
from procurement.interfaces.finding_forms import JudgeForm, NoticeForm, WithdrawForm
from procurement.interfaces.finding_story import story_of
from procurement.models import Contract, Finding
from procurement.queries.contracts.monitoring import SHOWN, WAITING, contracts_to_monitor, findings_to_see, notices_of
from procurement.views.monitoring.access import (
    METHODS,
    contract_or_404,
    contract_page,
    finding_or_404,
    finding_page,
    may_act,
    notice_or_404,
    notice_page,
    page,
    pages_of,
    require_acting,
    signed_in,
    taken,
)


@contract_page
@require_safe
def findings(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    """Show findings of one contract, or of all that the official sees."""
    contract = contract_or_404(request, pk) if pk is not None else None
    contracts = contracts_to_monitor(signed_in(request))
    shown = request.GET.get("show", "")
    shown = shown if shown in SHOWN else WAITING
    today = day_of(clock.moment())
    rows = findings_to_see(contracts.filter(pk=contract.pk) if contract else contracts, shown, today)
    pages = pages_of(request, rows.count(), show=shown)
    context: dict[str, Any] = {
        "findings": rows[pages.start : pages.stop],
        "pages": pages,
        "shown": shown,
        "today": today,
    }
    return page(request, "monitoring/findings.html", contract, **context)


@finding_page
@require_http_methods(METHODS)
def finding(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a finding with all that was said about it; judge it."""
    found = finding_or_404(request, pk)
    open_ = found.state in FindingState.unsolved and found.visit.state == VisitState.CONCLUDED
    form = None
    if open_ and may_act(request, found.contract):
        form = JudgeForm(request.POST if request.method == "POST" else None, finding=found)
    if request.method == "POST" and form is not None and form.is_valid() and _judged(request, found, form):
        return redirect("contracting:finding", pk)
    context = {
        "finding": found,
        "story": story_of(found),
        "form": form,
        "today": day_of(clock.moment()),
        "running": found.contract.state in ContractState.running,
    }
    status = 422 if form is not None and form.errors else 200
    return page(request, "monitoring/finding.html", found.contract, status=status, **context)


def _judged(request: HttpRequest, found: Finding, form: JudgeForm) -> bool:
    told = form.cleaned_data
    seen = told.get("visit")

    def step() -> None:
        judge(
            finding_id=found.pk,
            user=signed_in(request),
            outcome=told["outcome"],
            reason=told["reason"],
            due_on=told.get("due_on"),
            visit_id=seen.pk if seen else None,
            now=clock.moment(),
        )

    return taken(request, step, _("The result is published; the provider is told."), form)


@contract_page
@require_safe
def notices(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    """Show warnings and notices of one contract, or of all that the official sees."""
    contract = contract_or_404(request, pk) if pk is not None else None
    contracts = contracts_to_monitor(signed_in(request))
    rows = notices_of(contracts.filter(pk=contract.pk) if contract else contracts)
    pages = pages_of(request, rows.count())
    context: dict[str, Any] = {
        "notices": rows[pages.start : pages.stop],
        "pages": pages,
        "today": day_of(clock.moment()),
    }
    return page(request, "monitoring/notices.html", contract, **context)


@contract_page
@require_http_methods(METHODS)
def notice_new(request: HttpRequest, pk: int) -> HttpResponse:
    contract = contract_or_404(request, pk)
    require_acting(request, contract)
    now = clock.moment()
    initial = {"kind": NoticeKind.WARNING, "findings": request.GET.getlist("finding")}
    data = request.POST if request.method == "POST" else None
    form = NoticeForm(data, contract=contract, today=day_of(now), initial=initial)

    def step() -> None:
        send_notice(contract_id=pk, user=signed_in(request), now=now, **form.values)

    if data is not None and form.is_valid() and taken(request, step, _("It is sent and published."), form):
        return redirect("contracting:notices", pk)
    context = {"form": form, "term": answer_term(contract, now), "running": _is_running(contract)}
    return page(request, "monitoring/notice_new.html", contract, status=422 if form.errors else 200, **context)


@notice_page
@require_http_methods(METHODS)
def notice(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a notice with the provider's answer; withdraw it."""
    found = notice_or_404(request, pk)
    form = None
    if found.withdrawn_at is None and _is_running(found.contract) and may_act(request, found.contract):
        form = WithdrawForm(request.POST if request.method == "POST" else None)

    def step() -> None:
        assert form is not None
        withdraw_notice(notice_id=pk, user=signed_in(request), reason=form.cleaned_data["reason"], now=clock.moment())

    sent = request.method == "POST" and form is not None
    if sent and form is not None and form.is_valid() and taken(request, step, _("The notice is withdrawn."), form):
        return redirect("contracting:notice", pk)
    allows = notice_that_allows(found.contract, clock.moment())
    context = {"notice": found, "form": form, "allows": allows == found, "today": day_of(clock.moment())}
    status = 422 if form is not None and form.errors else 200
    return page(request, "monitoring/notice.html", found.contract, status=status, **context)


def _is_running(contract: Contract) -> bool:
    return contract.state in ContractState.running
