"""The rows of an assessment's tables, each on a page of its own, so that a phone is enough to fill them in."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from procurement.domain.planning import needs as domain
from procurement.interfaces.order_forms import FigureForm, NeedForm
from procurement.views.commissioning.access import commissioning_page, signed_in
from procurement.views.commissioning.needs import draft_assessment
from procurement.views.commissioning.order_sheets import Sheet, answers, confirm, fill_in

METHODS = ["GET", "HEAD", "POST"]
# the button that saves one row and asks for another
MORE = "more"


@commissioning_page
@require_http_methods(METHODS)
def figure(request: HttpRequest, pk: int, row: int | None = None) -> HttpResponse:
    """Add a group, or change the row that is named."""
    found = draft_assessment(request, pk)
    old = found.figures.get(pk=row) if row else None
    form = FigureForm(answers(request), initial=_initial(old, domain.FIGURE))
    title = _("Change the row") if old else _("Add a group")

    def put(values: dict[str, Any]) -> str | None:
        domain.put_figure(assessment_id=pk, user=signed_in(request), values=values, figure_id=row)
        return _next(request, "commissioning:figure_new", pk)

    return fill_in(request, found.hromada, form, _sheet(title, pk), put)


@commissioning_page
@require_http_methods(METHODS)
def figure_remove(request: HttpRequest, pk: int, row: int) -> HttpResponse:
    found = draft_assessment(request, pk)
    old = found.figures.get(pk=row)
    sheet = Sheet(_("Remove the row?"), _("Remove"), _("Removed."), _back(pk), str(old.group or old.label))
    return confirm(
        request,
        found.hromada,
        sheet,
        lambda: domain.remove_figure(assessment_id=pk, figure_id=row, user=signed_in(request)),
    )


@commissioning_page
@require_http_methods(METHODS)
def need(request: HttpRequest, pk: int, row: int | None = None) -> HttpResponse:
    """Add a service, or change the row that is named."""
    found = draft_assessment(request, pk)
    old = found.services.get(pk=row) if row else None
    form = NeedForm(answers(request), initial=_initial(old, domain.SERVICE))
    title = _("Change the row") if old else _("Add a service")

    def put(values: dict[str, Any]) -> str | None:
        domain.put_service(assessment_id=pk, user=signed_in(request), values=values, row_id=row)
        return _next(request, "commissioning:need_new", pk)

    return fill_in(request, found.hromada, form, _sheet(title, pk), put)


@commissioning_page
@require_http_methods(METHODS)
def need_remove(request: HttpRequest, pk: int, row: int) -> HttpResponse:
    found = draft_assessment(request, pk)
    old = found.services.select_related("service_type").get(pk=row)
    sheet = Sheet(_("Remove the row?"), _("Remove"), _("Removed."), _back(pk), str(old.service_type))
    return confirm(
        request,
        found.hromada,
        sheet,
        lambda: domain.remove_service(assessment_id=pk, row_id=row, user=signed_in(request)),
    )


def _sheet(title: str, pk: int) -> Sheet:
    return Sheet(title, _("Save"), _("Saved."), _back(pk), more=_("Save and add another"))


def _next(request: HttpRequest, name: str, pk: int) -> str | None:
    return reverse(name, args=[pk]) if MORE in request.POST else None


def _back(pk: int) -> str:
    return reverse("commissioning:assessment", args=[pk])


def _initial(row: Any, names: tuple[str, ...]) -> dict[str, Any]:
    return {name: getattr(row, name) for name in names} if row else {}
