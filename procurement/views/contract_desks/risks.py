"""A risk card from both cabinets: the official's and the provider's reply."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from portal.kernel import clock
from portal.kernel.workflow import StepRefused
from procurement import contract_rules
from procurement.contract_enums import Side
from procurement.domain.risks.replies import may_reply, reply_to_card
from procurement.interfaces.risk_cards import risk_lines
from procurement.interfaces.risk_forms import RiskReplyForm
from procurement.models import RiskCard
from procurement.queries.contracts.risks import cards_for_official, for_list, public_cards
from procurement.views.closed_doors import signed_in
from procurement.views.contract_desks.official import contracting_page
from procurement.views.contract_desks.provider import contractor_page

METHODS = ["GET", "HEAD", "POST"]


@contracting_page
@require_http_methods(METHODS)
def official_risk(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a card of the official's hromadas; who acts for the commissioner may reply."""
    rows = cards_for_official(signed_in(request))
    return _card(request, for_list(rows).get(pk=pk), Side.COMMISSIONER, "contracting:risk")


@contractor_page
@require_http_methods(METHODS)
def provider_risk(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a card about the provider; who may sign for it may reply."""
    card = for_list(public_cards()).get(pk=pk)
    if not may_reply(signed_in(request), card, Side.CONTRACTOR) and not _is_own(request, card):
        raise Http404
    return _card(request, card, Side.CONTRACTOR, "contractor:risk")


def _is_own(request: HttpRequest, card: RiskCard) -> bool:
    own = contract_rules.contracts_of_contractor(signed_in(request))
    return card.contract_id is not None and own.filter(pk=card.contract_id).exists()


def _card(request: HttpRequest, card: RiskCard, side: Side, name: str) -> HttpResponse:
    may = may_reply(signed_in(request), card, side)
    if request.method == "POST" and not may:
        raise Http404
    form = RiskReplyForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid() and _reply(request, card, side, form):
        messages.success(request, _("Your reply stands beside the card for everybody."))
        return redirect(name, card.pk)
    context: dict[str, Any] = {
        "line": risk_lines([card])[0],
        "form": form if may else None,
        "is_official": side == Side.COMMISSIONER,
    }
    return render(request, "contract_desks/risk.html", context, status=422 if form.errors else 200)


def _reply(request: HttpRequest, card: RiskCard, side: Side, form: RiskReplyForm) -> bool:
    try:
        reply_to_card(
            card_id=card.pk,
            user=signed_in(request),
            side=side,
            text=form.cleaned_data["text"],
            key=form.press,
            now=clock.moment(),
        )
    except StepRefused as refusal:
        form.add_error("text", str(refusal.reason))
    return not form.errors
