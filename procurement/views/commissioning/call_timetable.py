"""The timetable of a call: dates beside the days between which they may lie; an unlawful plan is not kept."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from portal.kernel.workflow import StepRefused
from procurement import rules
from procurement.domain.calls.calling import NotReady, base_of, save_call
from procurement.domain.calls.freezing import rules_of
from procurement.interfaces.call_tasks import add_gaps
from procurement.interfaces.call_timetable import (
    TimetableForm,
    as_input,
    first_broken,
    plan_with,
    point_rows,
    suggestions,
)
from procurement.models import Competition
from procurement.views.commissioning.access import commissioning_page, page, signed_in
from procurement.views.commissioning.call_parts import METHODS, draft_or_moved


@commissioning_page
@require_http_methods(METHODS)
def timetable(request: HttpRequest, pk: int) -> HttpResponse:
    """Show, count and save the dates; a plan that breaks a rule is refused with the rule, and nothing typed is lost."""
    found = draft_or_moved(request, pk)
    if request.method != "POST":
        initial = {point: as_input(value) for point, value in _kept(found).items()}
        return _draw(request, found, TimetableForm(initial=initial), _kept(found))
    form = TimetableForm(request.POST)
    readable = form.is_valid()
    if "count" in request.POST:
        return _count(request, found, form)
    plan = plan_with(found, form.typed, timezone.now())
    broken = first_broken(plan, rules_of(found)) if readable else None
    if broken is not None:
        form.add_error(None, _("This timetable cannot be announced. %(rule)s") % {"rule": broken.sentence})
    elif readable and _save(request, found, form):
        messages.success(request, _("The timetable is saved."))
        return redirect("commissioning:call", pk)
    return _draw(request, found, form, form.typed, status=422)


def _kept(found: Competition) -> dict[str, Any]:
    return {name: getattr(found, name) for name in TimetableForm().fields}


def _save(request: HttpRequest, found: Competition, form: TimetableForm) -> bool:
    try:
        save_call(
            competition_id=found.pk,
            user=signed_in(request),
            values=form.typed,
            now=timezone.now(),
            base=request.POST.get("base", ""),
        )
    except NotReady as refusal:
        add_gaps(form, refusal.gaps)
        return False
    except StepRefused as refusal:
        form.add_error(None, str(refusal.reason))
        return False
    return True


def _count(request: HttpRequest, found: Competition, form: TimetableForm) -> HttpResponse:
    """Fill in the dates that are empty and show the page again; nothing is saved yet, nothing typed is replaced."""
    made = suggestions(plan_with(found, form.typed, timezone.now()), rules_of(found))
    empty = {name: value for name, value in made.items() if not request.POST.get(name, "").strip()}
    counted = TimetableForm({**request.POST.dict(), **empty})
    counted.is_valid()
    said = ngettext(
        "%(count)d date is counted. Look at it and save.",
        "%(count)d dates are counted. Look at them and save.",
        len(empty),
    )
    nothing = _("No term of the rules leads to a date that is still empty. Enter the rest yourself.")
    return _draw(
        request,
        found,
        counted,
        counted.typed,
        counted=said % {"count": len(empty)} if empty else nothing,
        made=set(empty),
    )


def _draw(
    request: HttpRequest, found: Competition, form: TimetableForm, typed: dict[str, Any], status: int = 200, **more: Any
) -> HttpResponse:
    now, ruled = timezone.now(), rules_of(found)
    plan = plan_with(found, typed, now)
    context = {
        "competition": found,
        "form": form,
        "rows": point_rows(form, plan, ruled),
        "base": base_of(found, form.fields),
        "profile": found.profile,
        "decided_on": plan.get("order_decided_on"),
        "readonly": not rules.can_commission(request.user, found.hromada),
        "made": set(),
        "counted": "",
        **more,
    }
    return page(request, "commissioning/call_timetable.html", found.hromada, status=status, **context)
