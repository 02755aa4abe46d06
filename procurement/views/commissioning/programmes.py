"""Local programmes that pay for services, with their measures and sums."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from procurement.domain.planning import programmes as domain
from procurement.interfaces.order_forms import MeasureForm, ProgrammeForm
from procurement.models import Programme
from procurement.queries.orders_hromada import programmes_of
from procurement.views.commissioning.access import commissioning_page, hromada_of, page, signed_in
from procurement.views.commissioning.order_sheets import Sheet, answers, confirm, fill_in, own_or_404

METHODS = ["GET", "HEAD", "POST"]


@commissioning_page
@require_safe
def programmes(request: HttpRequest) -> HttpResponse:
    hromada = hromada_of(request)
    return page(request, "commissioning/orders/programmes.html", hromada, programmes=programmes_of(hromada))


@commissioning_page
@require_http_methods(METHODS)
def programme(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    """Enter a programme, or change the one that is named."""
    found = _programme(request, pk) if pk else None
    hromada, now = found.hromada if found else hromada_of(request), timezone.now()
    initial = {name: getattr(found, name) for name in domain.FIELDS} if found else {}
    title = _("Change the programme") if found else _("Enter a programme")
    sheet = Sheet(title, _("Save"), _("Saved."), reverse("commissioning:programmes"))
    return fill_in(
        request,
        hromada,
        ProgrammeForm(answers(request), initial=initial),
        sheet,
        lambda values: domain.put_programme(
            hromada_id=hromada.pk, user=signed_in(request), values=values, now=now, programme_id=pk
        ),
    )


@commissioning_page
@require_http_methods(METHODS)
def programme_remove(request: HttpRequest, pk: int) -> HttpResponse:
    found, now = _programme(request, pk), timezone.now()
    sheet = Sheet(
        _("Remove the programme?"), _("Remove"), _("Removed."), reverse("commissioning:programmes"), found.title
    )
    return confirm(
        request,
        found.hromada,
        sheet,
        lambda: domain.remove_programme(programme_id=pk, user=signed_in(request), now=now),
    )


@commissioning_page
@require_http_methods(METHODS)
def measure(request: HttpRequest, pk: int, row: int | None = None) -> HttpResponse:
    """Add a measure, or change the one that is named."""
    found, now = _programme(request, pk), timezone.now()
    old = found.measures.get(pk=row) if row else None
    initial = {name: getattr(old, name) for name in domain.MEASURE} if old else {"year": found.year_from}
    title = _("Change the measure") if old else _("Add a measure")
    sheet = Sheet(title, _("Save"), _("Saved."), reverse("commissioning:programmes"), found.title)
    return fill_in(
        request,
        found.hromada,
        MeasureForm(answers(request), initial=initial),
        sheet,
        lambda values: domain.put_measure(
            programme_id=pk, user=signed_in(request), values=values, now=now, measure_id=row
        ),
    )


@commissioning_page
@require_http_methods(METHODS)
def measure_remove(request: HttpRequest, pk: int, row: int) -> HttpResponse:
    found, now = _programme(request, pk), timezone.now()
    old = found.measures.get(pk=row)
    sheet = Sheet(_("Remove the measure?"), _("Remove"), _("Removed."), reverse("commissioning:programmes"), old.text)
    return confirm(
        request,
        found.hromada,
        sheet,
        lambda: domain.remove_measure(programme_id=pk, measure_id=row, user=signed_in(request), now=now),
    )


def _programme(request: HttpRequest, pk: int) -> Programme:
    found: Programme = own_or_404(request, Programme.objects.select_related("hromada__oblast"), pk)
    return found
