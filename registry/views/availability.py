"""Free places, by one tap: a page of the cabinet that works without scripts, and quicker with them."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from portal.accounts.access import cabinet_page
from portal.accounts.rules import mandates_of
from portal.kernel.workflow import StepRefused
from registry.domain.availability import report_availability
from registry.interfaces.availability_forms import FreePlacesForm
from registry.models import Service
from registry.queries.availability import Offer, offers_of


@require_http_methods(["GET", "HEAD", "POST"])
@cabinet_page
def free_places(request: HttpRequest) -> HttpResponse:
    """Show every service that the person speaks for; a POST says something about one of them."""
    form, status = None, 200
    if request.method == "POST":
        form = FreePlacesForm(request.POST, key=_key(request))
        if form.is_valid() and _said(request, form):
            return _after(request, form)
        status = 422
    forms = [(offer, _form(offer, form)) for offer in _offers(request)]
    if form is not None and request.headers.get("HX-Request"):
        forms = [(offer, one) for offer, one in forms if one is form]
        return render(request, "registry/_availability_form.html", {"offer": forms[0][0], "form": form}, status=200)
    context = {"offers": forms, "faulty": form, "place": "organisations"}
    return render(request, "registry/availability.html", context, status=status)


def _offers(request: HttpRequest) -> list[Offer]:
    today = timezone.localdate()
    organisations = mandates_of(request.user, today).order_by().values_list("organisation", flat=True).distinct()
    return offers_of(list(organisations), today=today)


def _key(request: HttpRequest) -> str:
    """Return which service the form is about; another's and none are the same to who asks."""
    key = request.POST.get("service", "")
    if key not in {str(offer.service.pk) for offer in _offers(request)}:
        raise Http404
    return key


def _form(offer: Offer, faulty: FreePlacesForm | None) -> FreePlacesForm:
    """Return the form of a service: the one with faults as it was filled in, the others with what was said last."""
    if faulty is not None and faulty.data.get("service") == str(offer.service.pk):
        return faulty
    free = offer.free if offer.free and offer.free.holds else None
    said = {
        "service": offer.service.pk,
        "places": free.number if free else None,
        "waiting": free.waiting if free else None,
        "assessment_first": offer.free.assessment_first if offer.free else False,
    }
    return FreePlacesForm(initial=said, key=offer.service.pk)


def _said(request: HttpRequest, form: FreePlacesForm) -> bool:
    values = form.cleaned_data
    try:
        report_availability(
            service_id=values["service"],
            user=request.user,  # type: ignore[arg-type]
            free_places=form.free_places,
            waiting=values["waiting"],
            assessment_first=values["assessment_first"],
            now=timezone.now(),
        )
    except StepRefused as refused:
        form.add_error("places", str(refused.reason))
        return False
    except (PermissionDenied, Service.DoesNotExist) as error:
        raise Http404 from error
    return True


def _after(request: HttpRequest, form: FreePlacesForm) -> HttpResponse:
    """Lead back to the service, or, for htmx, return its form alone."""
    key = form.cleaned_data["service"]
    if request.headers.get("HX-Request"):
        offer = next(one for one in _offers(request) if one.service.pk == key)
        context = {"offer": offer, "form": _form(offer, None), "is_said": True}
        return render(request, "registry/_availability_form.html", context)
    messages.success(request, _("Recorded. People see it on the card and in the search."))
    response = redirect("registry:availability")
    response["Location"] += f"#s-{key}"
    return response
