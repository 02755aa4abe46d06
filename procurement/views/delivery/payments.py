"""Payments of a contract: what is to be paid by when, what was paid and came back, and the entries themselves."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from portal.kernel import clock
from portal.kernel.calendar import day_of
from procurement.contract_enums import ActState, PaymentKind
from procurement.domain.delivery.payments import enter_payment, enter_refund, payable, undo_payment
from procurement.domain.delivery.sums import figures_of
from procurement.interfaces.delivery_forms import PaymentForm, UndoForm
from procurement.models import AcceptanceAct, ContractFunding, Payment
from procurement.views.delivery.access import (
    METHODS,
    OFFICIAL,
    contract_or_404,
    form_page,
    of_own_or_404,
    official_page,
    page,
    signed_in,
    tried,
)


@official_page
@require_safe
def payments(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the contract's money: budget lines, acts to pay, every entry."""
    contract = contract_or_404(request, pk, OFFICIAL)
    rows = Payment.objects.filter(act__contract=contract).select_related("act", "funding__line", "undone_by", "undoes")
    context: dict[str, Any] = {
        "figures": figures_of(contract),
        "acts": contract.acts.filter(state=ActState.ACCEPTED).order_by("number"),
        "payments": rows.order_by("-paid_on", "-pk"),
        "today": day_of(clock.moment()),
    }
    return page(request, "delivery/payments.html", contract, OFFICIAL, **context)


@official_page
@require_http_methods(METHODS)
def pay(request: HttpRequest, act_id: int) -> HttpResponse:
    """Enter a payment of an act, or what came back of one."""
    rows = AcceptanceAct.objects.filter(state=ActState.ACCEPTED)
    act = of_own_or_404(request, rows, act_id, OFFICIAL)
    fundings = ContractFunding.objects.filter(contract=act.contract).select_related("line")
    left = payable(act)
    initial = {"kind": PaymentKind.PAYMENT, "amount": left or None, "funding": fundings.first()}
    form = PaymentForm(request.POST if request.method == "POST" else None, fundings=fundings, initial=initial)
    if form.is_bound and tried(request, form, lambda: _enter(request, act, form), _("The payment is entered.")):
        return redirect("contracting:payments", act.contract_id)
    words = {"number": act.number, "left": number_format(left, 2, force_grouping=True)}
    return form_page(
        request,
        act.contract,
        OFFICIAL,
        form,
        title=_("Payment for act № %(number)d") % words,
        button=_("Enter"),
        back=reverse("contracting:payments", args=[act.contract_id]),
        lead=_("Still to be paid for this act: %(left)s UAH. An entry is public at once and never changed.") % words,
    )


def _enter(request: HttpRequest, act: AcceptanceAct, form: PaymentForm) -> None:
    values = form.cleaned_data
    step = enter_payment if values["kind"] == PaymentKind.PAYMENT else enter_refund
    step(
        act_id=act.pk,
        user=signed_in(request),
        funding_id=values["funding"].pk,
        facts=form.facts,
        key=values["key"],
        now=clock.moment(),
    )


@official_page
@require_http_methods(METHODS)
def undo(request: HttpRequest, pk: int, payment: int) -> HttpResponse:
    """Undo an entry made by mistake."""
    contract, user, now = contract_or_404(request, pk, OFFICIAL), signed_in(request), clock.moment()
    row = Payment.objects.get(pk=payment, act__contract=contract)
    form = UndoForm(request.POST if request.method == "POST" else None)
    if form.is_bound and tried(
        request,
        form,
        lambda: undo_payment(
            payment_id=row.pk, user=user, reason=form.cleaned_data["reason"], key=form.cleaned_data["key"], now=now
        ),
        _("The entry is undone."),
    ):
        return redirect("contracting:payments", pk)
    title = _("Undo the entry of %(sum)s UAH") % {"sum": number_format(row.amount, 2, force_grouping=True)}
    back = reverse("contracting:payments", args=[pk])
    return form_page(request, contract, OFFICIAL, form, title=title, button=_("Undo"), back=back)
