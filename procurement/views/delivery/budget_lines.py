"""Budget lines of a hromada: what is given by budget acts, bound by contracts, paid."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from portal.kernel import clock
from portal.kernel.workflow import StepRefused
from procurement.domain.delivery.budget_lines import change_line, enter_line
from procurement.interfaces.delivery_forms import BudgetLineForm, ChangeLineForm
from procurement.models import BudgetLine, Payment
from procurement.views.commissioning.access import commissioning_page, hromada_of, page, signed_in
from procurement.views.commissioning.order_sheets import Sheet, answers, fill_in, own_or_404
from procurement.views.delivery.access import METHODS


@commissioning_page
@require_safe
def budget_lines(request: HttpRequest) -> HttpResponse:
    hromada = hromada_of(request)
    lines = BudgetLine.objects.filter(hromada=hromada)
    return page(request, "delivery/budget_lines.html", hromada, lines=lines)


@commissioning_page
@require_http_methods(METHODS)
def budget_line_new(request: HttpRequest) -> HttpResponse:
    hromada, now = hromada_of(request), clock.moment()
    form = BudgetLineForm(answers(request), hromada=hromada, initial={"year": timezone.localdate().year})
    sheet = Sheet(
        _("Enter a budget line"),
        _("Enter and show to everybody"),
        _("The line is entered. Contracts may be bound to it now."),
        reverse("contracting:budget_lines"),
        _("A line has its sum by a budget act. Enter the act first if it is not in the list."),
    )

    def step(_values: dict[str, Any]) -> None:
        enter_line(hromada_id=hromada.pk, user=signed_in(request), facts=form.facts, now=now, **form.change)

    return fill_in(request, hromada, form, sheet, step)


@commissioning_page
@require_http_methods(METHODS)
def budget_line(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a line against its contracts and payments, and take another sum for it by another budget act."""
    line = own_or_404(request, BudgetLine.objects.select_related("hromada__oblast"), pk)
    form = ChangeLineForm(answers(request), hromada=line.hromada, of_year=line.year)
    if form.is_bound and form.is_valid() and _changed(request, line, form):
        return redirect("contracting:budget_line", pk)
    context = {
        "line": line,
        "form": form,
        "changes": line.changes.select_related("act"),
        "fundings": line.funding.select_related("contract__contractor").order_by("contract__number", "pk"),
        "payments": Payment.objects.filter(funding__line=line).select_related("act__contract", "undone_by"),
    }
    status = 422 if form.errors else 200
    return page(request, "delivery/budget_line.html", line.hromada, status=status, **context)


def _changed(request: HttpRequest, line: BudgetLine, form: ChangeLineForm) -> bool:
    try:
        change_line(line_id=line.pk, user=signed_in(request), now=clock.moment(), **form.change)
    except StepRefused as refusal:
        form.add_error(None, str(refusal.reason))
        return False
    messages.success(request, _("The sum of the line is changed."))
    return True
