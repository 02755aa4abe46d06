"""The bodies of a hromada that order services."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from portal.kernel.workflow import StepRefused
from procurement.domain.commissioners import CONTACTS, change_commissioner, enter_commissioner
from procurement.interfaces.specification_forms import BodyForm, NewBodyForm
from procurement.models import Commissioner
from procurement.queries.commissioning import hromadas_seen_by
from procurement.views.commissioning.access import commissioning_page, hromada_of, page, signed_in


@commissioning_page
@require_safe
def bodies(request: HttpRequest) -> HttpResponse:
    hromada = hromada_of(request)
    rows = Commissioner.objects.filter(hromada=hromada).select_related("organisation")
    return page(request, "commissioning/bodies.html", hromada, bodies=rows)


@commissioning_page
@require_http_methods(["GET", "HEAD", "POST"])
def new_body(request: HttpRequest) -> HttpResponse:
    """Enter a body by its code."""
    hromada = hromada_of(request)
    form = NewBodyForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        try:
            enter_commissioner(
                user=signed_in(request),
                hromada_id=hromada.pk,
                code=values["code"],
                name=values["name"],
                contacts={name: values[name] for name in CONTACTS},
                now=timezone.now(),
            )
        except StepRefused as refusal:
            form.add_error("code", str(refusal.reason))
        else:
            messages.success(request, _("The body is entered."))
            return redirect("commissioning:bodies")
    return page(request, "commissioning/body.html", hromada, status=422 if form.errors else 200, form=form, body=None)


@commissioning_page
@require_http_methods(["GET", "HEAD", "POST"])
def body(request: HttpRequest, pk: int) -> HttpResponse:
    """Change how a body is reached."""
    rows = Commissioner.objects.filter(hromada__in=hromadas_seen_by(signed_in(request)))
    found = get_object_or_404(rows.select_related("organisation", "hromada"), pk=pk)
    form = BodyForm(
        request.POST if request.method == "POST" else None, initial={name: getattr(found, name) for name in CONTACTS}
    )
    if request.method == "POST" and form.is_valid():
        change_commissioner(commissioner_id=pk, user=signed_in(request), contacts=form.cleaned_data, now=timezone.now())
        messages.success(request, _("Saved. Announcements that are published keep what they said."))
        return redirect("commissioning:bodies")
    status = 422 if form.errors else 200
    return page(request, "commissioning/body.html", found.hromada, status=status, form=form, body=found)
