"""Refusals because nobody gives the service: entered one by one, without anything that leads to a person."""

from __future__ import annotations

from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from procurement.domain.planning import refusals as domain
from procurement.interfaces.order_forms import RefusalForm, ToldForm
from procurement.models import LackRefusal
from procurement.views.commissioning.access import commissioning_page, hromada_of, page, signed_in
from procurement.views.commissioning.order_sheets import Sheet, answers, confirm, fill_in, own_or_404
from registry.views.paging import Pages, page_number

METHODS = ["GET", "HEAD", "POST"]


@commissioning_page
@require_safe
def refusals(request: HttpRequest) -> HttpResponse:
    hromada = hromada_of(request)
    rows = LackRefusal.objects.filter(hromada=hromada).select_related("service_type", "group")
    pages = Pages(
        rows.count(),
        page_number(request.GET.get("page", "")),
        settings.REGISTER_PAGE_SIZE,
        lambda number: urlencode({"page": number}),
    )
    shown = rows[pages.start : pages.stop]
    return page(request, "commissioning/orders/refusals.html", hromada, refusals=shown, pages=pages)


@commissioning_page
@require_http_methods(METHODS)
def refusal_new(request: HttpRequest) -> HttpResponse:
    hromada, now = hromada_of(request), timezone.now()
    sheet = Sheet(
        _("Enter a refusal"),
        _("Enter"),
        _("The refusal is entered. It counts as unmet need."),
        _back(),
        _("Somebody was refused because nobody gives the service. Enter no name and no address of the person."),
    )
    return fill_in(
        request,
        hromada,
        RefusalForm(answers(request)),
        sheet,
        lambda values: domain.enter_refusal(hromada_id=hromada.pk, user=signed_in(request), now=now, **values),
    )


@commissioning_page
@require_http_methods(METHODS)
def refusal_told(request: HttpRequest, pk: int) -> HttpResponse:
    found, now = _refusal(request, pk), timezone.now()
    sheet = Sheet(_("When were the authorities told?"), _("Save"), _("Saved."), _back(), str(found.service_type))
    return fill_in(
        request,
        found.hromada,
        ToldForm(answers(request), initial={"told_on": found.told_on}),
        sheet,
        lambda values: domain.tell_of_refusal(
            refusal_id=pk, user=signed_in(request), told_on=values["told_on"], now=now
        ),
    )


@commissioning_page
@require_http_methods(METHODS)
def refusal_remove(request: HttpRequest, pk: int) -> HttpResponse:
    found, now = _refusal(request, pk), timezone.now()
    sheet = Sheet(_("Remove the refusal?"), _("Remove"), _("Removed."), _back(), str(found.service_type))
    return confirm(
        request,
        found.hromada,
        sheet,
        lambda: domain.remove_refusal(refusal_id=pk, user=signed_in(request), now=now),
    )


def _back() -> str:
    return reverse("commissioning:refusals")


def _refusal(request: HttpRequest, pk: int) -> LackRefusal:
    rows = LackRefusal.objects.select_related("hromada__oblast", "service_type")
    found: LackRefusal = own_or_404(request, rows, pk)
    return found
