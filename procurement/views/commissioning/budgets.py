"""Budget acts of a hromada and by when to decide on each of them."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from procurement.domain.planning.budgets import correct_budget_act, enter_budget_act
from procurement.domain.planning.orders import start_decision
from procurement.interfaces.order_forms import BudgetForm, CorrectBudgetForm
from procurement.models import BudgetAct
from procurement.queries.orders import acts_on, current_act_of
from procurement.queries.orders_hromada import act_views
from procurement.views.commissioning.access import commissioning_page, hromada_of, page, signed_in
from procurement.views.commissioning.order_sheets import Sheet, answers, fill_in, own_or_404

METHODS = ["GET", "HEAD", "POST"]


@commissioning_page
@require_safe
def budgets(request: HttpRequest) -> HttpResponse:
    hromada, today = hromada_of(request), timezone.localdate()
    views = act_views(acts_on(today).filter(hromada=hromada), today)
    return page(request, "commissioning/orders/budgets.html", hromada, views=views)


@commissioning_page
@require_safe
def budget(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one act; a corrected one leads to the act that stands in its place."""
    act, today = own_or_404(request, BudgetAct.objects.select_related("hromada__oblast"), pk), timezone.localdate()
    current = current_act_of(act)
    if current.pk != act.pk:
        return redirect("commissioning:budget", current.pk)
    (view,) = act_views(acts_on(today).filter(pk=pk), today)
    return page(request, "commissioning/orders/budget.html", act.hromada, view=view)


@commissioning_page
@require_http_methods(METHODS)
def budget_new(request: HttpRequest) -> HttpResponse:
    hromada, now = hromada_of(request), timezone.now()
    form = BudgetForm(answers(request), initial={"year": timezone.localdate().year})
    sheet = Sheet(
        _("Enter a budget act"),
        _("Enter and show to everybody"),
        _("The act is entered. The day by which to decide stands beside it."),
        reverse("commissioning:budgets"),
        _("The act is public at once. A mistake is corrected by another act that stands in its place."),
    )
    return fill_in(
        request,
        hromada,
        form,
        sheet,
        lambda _values: enter_budget_act(hromada_id=hromada.pk, user=signed_in(request), facts=form.facts, now=now),
    )


@commissioning_page
@require_http_methods(METHODS)
def budget_correct(request: HttpRequest, pk: int) -> HttpResponse:
    act, now = own_or_404(request, BudgetAct.objects.select_related("hromada__oblast"), pk), timezone.now()
    form = CorrectBudgetForm(answers(request), initial=BudgetForm.of(act))
    sheet = Sheet(
        _("Correct the budget act"),
        _("Put in place of the wrong one"),
        _("The right act stands now; the earlier one stays readable."),
        reverse("commissioning:budget", args=[pk]),
        after=reverse("commissioning:budgets"),
    )
    return fill_in(
        request,
        act.hromada,
        form,
        sheet,
        lambda values: correct_budget_act(
            act_id=pk, user=signed_in(request), facts=form.facts, reason=values["reason"], now=now
        ),
    )


@commissioning_page
@require_POST
def decide(request: HttpRequest, pk: int) -> HttpResponse:
    """Begin the decision on the act, or go on with its draft."""
    own_or_404(request, BudgetAct.objects.all(), pk)
    draft = start_decision(act_id=pk, user=signed_in(request), now=timezone.now())
    return redirect("commissioning:decision", draft.pk)
