"""A contract is suspended and resumed, closed, terminated, or said not to be concluded."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from portal.kernel import clock
from portal.kernel.calendar import day_of
from procurement.contract_enums import ContractState
from procurement.domain.contracts import ending, suspending
from procurement.domain.monitoring.notices import notice_that_allows
from procurement.enums import GroundUse
from procurement.interfaces.contract_forms import CloseForm, EndForm, ReasonForm, TerminateForm
from procurement.interfaces.contract_tasks import gap_lines
from procurement.models import Contract
from procurement.views.contracting.access import METHODS, contracting_page, own, page, signed_in, taken


def _step(
    request: HttpRequest,
    contract: Contract,
    form: Any,
    template: str,
    said: str,
    act: Callable[..., object],
    values: Callable[[], dict[str, Any]],
    **context: Any,
) -> HttpResponse:
    """Ask, take the step, say what was done; what keeps it from being taken stands above the fields."""

    def step() -> object:
        return act(contract_id=contract.pk, user=signed_in(request), now=clock.moment(), **values())

    if form.is_bound and form.is_valid() and taken(request, step, form=form):
        messages.success(request, said)
        return redirect("contracting:contract", contract.pk)
    return page(request, template, contract, form=form, **context)


def _typed(form: EndForm) -> dict[str, Any]:
    return {"ground_id": form.cleaned_data["ground"].pk, "reason": form.cleaned_data["reason"]}


def _sent(request: HttpRequest) -> Any:
    return request.POST if request.method == "POST" else None


@contracting_page
@require_http_methods(METHODS)
def suspend(request: HttpRequest, pk: int) -> HttpResponse:
    contract = own(request, pk, ContractState.IN_FORCE)
    form = EndForm(_sent(request), use=GroundUse.SUSPENSION, on=day_of(clock.moment()))
    said = _("The contract is suspended.")
    return _step(request, contract, form, "contracting/suspend.html", said, suspending.suspend, lambda: _typed(form))


@contracting_page
@require_http_methods(METHODS)
def resume(request: HttpRequest, pk: int) -> HttpResponse:
    contract = own(request, pk, ContractState.SUSPENDED)
    form = ReasonForm(_sent(request))
    said = _("The contract goes on.")
    return _step(
        request, contract, form, "contracting/resume.html", said, suspending.resume, lambda: dict(form.cleaned_data)
    )


@contracting_page
@require_http_methods(METHODS)
def terminate(request: HttpRequest, pk: int) -> HttpResponse:
    """End the contract early, after everything that follows from it was told."""
    contract, now = own(request, pk, *ContractState.running), clock.moment()
    form = TerminateForm(_sent(request), use=GroundUse.TERMINATION, on=day_of(now), initial={"on": day_of(now)})
    said = _("The contract is terminated.")
    context = {"notice": notice_that_allows(contract, now)}
    return _step(
        request,
        contract,
        form,
        "contracting/terminate.html",
        said,
        ending.terminate,
        lambda: {**_typed(form), "on": form.cleaned_data["on"]},
        **context,
    )


@contracting_page
@require_http_methods(METHODS)
def close(request: HttpRequest, pk: int) -> HttpResponse:
    """Show every check of the closing; close where nothing stands in the way."""
    contract = own(request, pk, *ContractState.running)
    gaps = ending.gaps_before_close(contract, clock.moment())
    form = CloseForm(_sent(request))
    said = _("The contract is closed.")
    return _step(
        request,
        contract,
        form,
        "contracting/close.html",
        said,
        ending.close,
        lambda: dict(form.cleaned_data),
        gaps=gap_lines(contract, gaps),
    )


@contracting_page
@require_http_methods(METHODS)
def fail(request: HttpRequest, pk: int) -> HttpResponse:
    """Say that the contract will not be concluded, and what becomes of the award."""
    contract, now = own(request, pk, *ContractState.unsigned), clock.moment()
    form = EndForm(_sent(request), use=GroundUse.FAILURE, on=day_of(now))
    said = _("The contract is not concluded.")
    lapses = ending.award_may_lapse(contract, now)
    return _step(
        request, contract, form, "contracting/fail.html", said, ending.fail, lambda: _typed(form), lapses=lapses
    )
