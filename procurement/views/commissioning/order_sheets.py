"""The two kinds of page that most steps of needs and orders have: a form to fill in, and a step to confirm."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.functional import Promise

from portal.kernel.documents import DocumentRefused
from portal.kernel.norms import Due
from portal.kernel.workflow import StepRefused
from procurement.queries.commissioning import hromadas_seen_by
from procurement.views.commissioning.access import page, signed_in
from registry.models import Territory

Words = str | Promise


@dataclass(frozen=True, slots=True)
class Sheet:
    """What stands on such a page; `back` is the address it came from, `after` the one it leads to, if another."""

    title: Words
    button: Words
    said: Words
    back: str
    lead: Words = ""
    after: str = ""
    # the words of a second button, of the name `more`
    more: Words = ""
    # why a date in the lead is that date
    why: Due | None = None


def own_or_404(request: HttpRequest, rows: QuerySet[Any], pk: int, place: str = "hromada") -> Any:
    """Return a row of the hromadas that the official sees; another hromada's does not exist."""
    return get_object_or_404(rows.filter(**{f"{place}__in": hromadas_seen_by(signed_in(request))}), pk=pk)


def answers(request: HttpRequest) -> Any:
    """Return what was sent, for a form, or nothing on a page that is only looked at."""
    return request.POST if request.method == "POST" else None


def fill_in(
    request: HttpRequest, hromada: Territory, form: forms.Form, sheet: Sheet, step: Callable[[dict[str, Any]], Any]
) -> HttpResponse:
    """Take the step with what was typed; a refusal stands above the form, in which everything is still there.

    A step that returns an address is followed by that page.
    """
    if form.is_bound and form.is_valid():
        try:
            done = step(form.cleaned_data)
        except (StepRefused, DocumentRefused) as refusal:
            form.add_error("file" if isinstance(refusal, DocumentRefused) else None, str(refusal.reason))
        else:
            messages.success(request, str(sheet.said))
            return redirect(done if isinstance(done, str) else sheet.after or sheet.back)
    status = 422 if form.errors else 200
    return page(request, "commissioning/orders/form.html", hromada, status=status, form=form, sheet=sheet)


def confirm(
    request: HttpRequest,
    hromada: Territory,
    sheet: Sheet,
    step: Callable[[], Any],
    template: str = "commissioning/orders/confirm.html",
    **context: Any,
) -> HttpResponse:
    """Ask once, then take the step; a refusal is told on the page that it came from."""
    if request.method == "POST":
        try:
            step()
        except StepRefused as refusal:
            messages.error(request, str(refusal.reason))
            return redirect(sheet.back)
        messages.success(request, str(sheet.said))
        return redirect(sheet.after or sheet.back)
    return page(request, template, hromada, sheet=sheet, **context)
