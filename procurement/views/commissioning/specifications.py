"""Specifications of a hromada: begun from three choices, filled in, copied, thrown away."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from portal.kernel.workflow import StepRefused
from procurement import rules
from procurement.domain.calls.specifications import (
    CeilingTooHigh,
    copy_specification,
    create_specification,
    is_used,
    remove_specification,
    save_specification,
    starting_values,
)
from procurement.interfaces.specification_forms import CEILING, ChooseForm, DeliveryChoiceForm, SpecificationForm
from procurement.interfaces.specification_lines import arithmetic_of, lines_of
from procurement.models import Lot, OrderItem, ServiceSpecification
from procurement.queries.commissioning import hromadas_seen_by
from procurement.views.commissioning.access import commissioning_page, hromada_of, page, signed_in
from registry.models import Territory
from registry.views.paging import Pages, page_number

PAGE = 30


@commissioning_page
@require_safe
def specifications(request: HttpRequest) -> HttpResponse:
    """List the specifications of the hromada, the ones touched last first."""
    hromada = hromada_of(request)
    rows = ServiceSpecification.objects.filter(hromada=hromada).select_related("delivery_form")
    pages = Pages(rows.count(), page_number(request.GET.get("page", "")), PAGE, lambda number: f"page={number}")
    lots = Lot.objects.select_related("competition").order_by("competition_id", "number")
    shown = rows.prefetch_related(Prefetch("lots", lots))[pages.start : pages.stop]
    return page(request, "commissioning/specifications.html", hromada, specifications=shown, pages=pages)


@commissioning_page
@require_http_methods(["GET", "HEAD", "POST"])
def start(request: HttpRequest) -> HttpResponse:
    """Ask for the group and the service, then for the form of delivery; all three make the specification."""
    hromada = hromada_of(request)
    item = _item(request, hromada)
    first = ChooseForm(request.GET) if "service_type" in request.GET else ChooseForm(initial=_named_by(item))
    if request.method == "POST":
        first = ChooseForm(request.POST)
    if not (first.is_bound and first.is_valid()):
        context = {"form": first, "item": item, "step": 1}
        return page(request, "commissioning/specification_start.html", hromada, status=_status(first), **context)
    chosen = first.cleaned_data
    sent = request.POST if request.method == "POST" else None
    form = DeliveryChoiceForm(sent, initial=chosen, service=chosen["service_type"])
    if sent is not None and form.is_valid():
        values = starting_values(item=item, **_choices(form.cleaned_data))
        made = create_specification(
            user=signed_in(request),
            hromada_id=hromada.pk,
            values=values,
            order_item_id=item.pk if item else None,
            now=timezone.now(),
        )
        return redirect("commissioning:specification", made.pk)
    context = {"form": form, "item": item, "step": 2, "chosen": chosen}
    return page(request, "commissioning/specification_start.html", hromada, status=_status(form), **context)


@commissioning_page
@require_http_methods(["GET", "HEAD", "POST"])
def specification(request: HttpRequest, pk: int) -> HttpResponse:
    """Show and save everything that a specification says; one that is used or not one's own is only read."""
    found = _specification(request, pk)
    used = is_used(found)
    if used or not rules.can_commission(request.user, found.hromada):
        context = {"specification": found, "lines": lines_of(found), "used": used}
        return page(request, "commissioning/specification_read.html", found.hromada, **context)
    form = SpecificationForm.of(found)
    if request.method == "POST":
        form = SpecificationForm(request.POST, service=found.service_type)
        if form.is_valid() and _save(request, found, form):
            messages.success(request, _("The specification is saved."))
            return redirect("commissioning:specification", pk)
    context = {
        "specification": found,
        "form": form,
        "arithmetic": _arithmetic(found, form),
        "removable": not found.lots.exists(),
    }
    return page(request, "commissioning/specification.html", found.hromada, status=_status(form), **context)


@commissioning_page
@require_POST
def copy(request: HttpRequest, pk: int) -> HttpResponse:
    made = copy_specification(specification_id=pk, user=signed_in(request), now=timezone.now())
    messages.success(request, _("This is the copy; the first one stays as it was."))
    return redirect("commissioning:specification", made.pk)


@commissioning_page
@require_POST
def remove(request: HttpRequest, pk: int) -> HttpResponse:
    try:
        remove_specification(specification_id=pk, user=signed_in(request))
    except StepRefused as refusal:
        messages.error(request, str(refusal.reason))
        return redirect("commissioning:specification", pk)
    messages.success(request, _("The specification is thrown away."))
    return redirect("commissioning:specifications")


def _specification(request: HttpRequest, pk: int) -> ServiceSpecification:
    rows = ServiceSpecification.objects.filter(hromada__in=hromadas_seen_by(signed_in(request)))
    related = ("hromada", "service_type", "group", "delivery_form", "order_item__service_type", "order_item__decision")
    return get_object_or_404(rows.select_related(*related), pk=pk)


def _item(request: HttpRequest, hromada: Territory) -> OrderItem | None:
    """Return the line of a decision that the specification is begun from, if the address names one."""
    key = request.POST.get("item") or request.GET.get("item") or ""
    if not (key.isascii() and key.isdecimal() and len(key) < 19):  # noqa: PLR2004 what a key of the database holds
        return None
    rows = OrderItem.objects.select_related("service_type", "group", "decision")
    return get_object_or_404(rows, pk=int(key), decision__hromada=hromada)


def _named_by(item: OrderItem | None) -> dict[str, Any]:
    return {"group": item.group_id, "service_type": item.service_type_id} if item else {}


def _choices(values: dict[str, Any]) -> dict[str, Any]:
    return {"group": values["group"], "service": values["service_type"], "form": values["delivery_form"]}


def _save(request: HttpRequest, found: ServiceSpecification, form: SpecificationForm) -> bool:
    """Save what is filled in; a refusal stands beside the field it is about."""
    try:
        save_specification(
            specification_id=found.pk, user=signed_in(request), values=form.cleaned_data, now=timezone.now()
        )
    except CeilingTooHigh as refusal:
        form.add_error(CEILING, str(refusal.reason))
        return False
    except StepRefused as refusal:
        form.add_error(None, str(refusal.reason))
        return False
    return True


def _arithmetic(found: ServiceSpecification, form: SpecificationForm) -> Any:
    """Return volume × tariff as they are typed now, else as they are kept."""
    values = form.cleaned_data if form.is_bound else vars(found)
    return arithmetic_of(values.get("volume"), values.get("tariff"), values.get("unit", ""))


def _status(form: Any) -> int:
    return 422 if form.is_bound and form.errors else 200
