"""The contracts of the official's hromadas, and how one begins: of an award, or entered for another channel."""

from __future__ import annotations

from uuid import uuid4

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from portal.kernel import clock
from portal.kernel.workflow import StepRefused
from procurement import contract_rules, rules
from procurement.contract_enums import ContractState
from procurement.domain.contracts.making import awards_waiting, make_direct, make_from_award
from procurement.interfaces.contract_forms import DirectForm
from procurement.models import Award
from procurement.views.commissioning.access import commissioning_page, hromada_of
from procurement.views.commissioning.access import page as hromada_page
from procurement.views.contracting.access import METHODS, contracting_page, signed_in, taken
from registry.views.paging import Pages, page_number

PAGE = 30


@contracting_page
@require_safe
def contracts(request: HttpRequest) -> HttpResponse:
    """List the contracts that the account may look at, the ones in work first; narrowed by state."""
    if not rules.is_commissioning_official(request.user):
        raise Http404
    rows = contract_rules.contracts_of_official(signed_in(request))
    state = request.GET.get("state", "")
    if state in ContractState.values:
        rows = rows.filter(state=state)
    pages = Pages(
        rows.count(), page_number(request.GET.get("page", "")), PAGE, lambda number: f"state={state}&page={number}"
    )
    shown = rows.select_related("contractor", "hromada").order_by("-changed_at", "-pk")[pages.start : pages.stop]
    context = {"contracts": shown, "pages": pages, "state": state, "states": ContractState.choices}
    return render(request, "contracting/contracts.html", context)


@commissioning_page
@require_safe
def start(request: HttpRequest) -> HttpResponse:
    """Show the awards of which no contract is made yet, and the way to enter one of another channel."""
    hromada = hromada_of(request)
    return hromada_page(request, "contracting/start.html", hromada, awards=awards_waiting(hromada), key=uuid4())


@commissioning_page
@require_POST
def of_award(request: HttpRequest, award: int) -> HttpResponse:
    """Make the contract of an award; pressed again, it leads to the same one."""
    found = Award.objects.filter(decision__competition__hromada__in=rules.hromadas_of(request.user), pk=award).first()
    if found is None:
        raise Http404
    try:
        made = make_from_award(award_id=award, user=signed_in(request), key=uuid4(), now=clock.moment())
    except StepRefused as refusal:
        messages.error(request, str(refusal.reason))
        return redirect("commissioning:awards", found.decision.competition_id)
    return redirect("contracting:contract", made.pk)


@commissioning_page
@require_http_methods(METHODS)
def direct(request: HttpRequest) -> HttpResponse:
    """Enter a contract of another channel; everything else is filled in on its own pages."""
    hromada = hromada_of(request)
    form = DirectForm(request.POST if request.method == "POST" else None, hromada=hromada)
    made = []

    def step() -> None:
        made.append(make_direct(user=signed_in(request), now=clock.moment(), **form.values))

    if form.is_bound and form.is_valid() and taken(request, step, form=form):
        return redirect("contracting:contract", made[0].pk)
    return hromada_page(request, "contracting/direct.html", hromada, form=form, status=422 if form.errors else 200)
