"""A competition at the desk: begun, shown as a task list while it is a draft and as what runs afterwards."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from portal.kernel.workflow import StepRefused
from procurement.domain.calls.calling import discard_call, gaps, start_competition
from procurement.domain.calls.freezing import live_rules
from procurement.enums import CompetitionState
from procurement.interfaces.call_forms import StartForm
from procurement.interfaces.call_tasks import has_portal_faults, tasks_of
from procurement.interfaces.competition_page import CompetitionPage
from procurement.models import Competition
from procurement.queries.commissioning import procedures_in_force
from procurement.views.commissioning.access import (
    MovedOnError,
    commissioning_page,
    competition_or_404,
    hromada_of,
    page,
    signed_in,
)
from registry.views.paging import Pages, page_number

PAGE = 30


@commissioning_page
@require_safe
def competitions(request: HttpRequest) -> HttpResponse:
    """List the hromada's competitions, drafts first."""
    hromada = hromada_of(request)
    rows = Competition.objects.filter(hromada=hromada).select_related("commissioner__organisation")
    pages = Pages(rows.count(), page_number(request.GET.get("page", "")), PAGE, lambda number: f"page={number}")
    shown = rows.order_by("published_at", "-pk").reverse()[pages.start : pages.stop]
    return page(request, "commissioning/competitions.html", hromada, competitions=shown, pages=pages)


@commissioning_page
@require_http_methods(["GET", "HEAD", "POST"])
def start(request: HttpRequest) -> HttpResponse:
    """Begin a competition under the rules in force today."""
    hromada = hromada_of(request)
    procedures = procedures_in_force(hromada, timezone.localdate())
    sent = request.POST if request.method == "POST" else None
    form = StartForm(sent, initial=_wished(request), hromada=hromada, procedures=procedures)
    if sent is not None and form.is_valid():
        values = form.cleaned_data
        try:
            made = start_competition(
                user=signed_in(request),
                commissioner_id=values["commissioner"].pk,
                procedure=values["procedure"],
                title=values["title"],
                decision_id=values["decision"].pk if values["decision"] else None,
                now=timezone.now(),
            )
        except StepRefused as refusal:
            form.add_error(None, str(refusal.reason))
        else:
            return redirect("commissioning:call", made.pk)
    status = 422 if form.errors else 200
    return page(request, "commissioning/call_start.html", hromada, status=status, form=form, procedures=procedures)


def _wished(request: HttpRequest) -> dict[str, Any]:
    decision = request.GET.get("decision", "")
    return {"decision": decision} if decision.isascii() and decision.isdecimal() and len(decision) < 19 else {}  # noqa: PLR2004


@commissioning_page
@require_safe
def call(request: HttpRequest, pk: int) -> HttpResponse:
    found = competition_or_404(request, pk)
    return _draft(request, found) if found.state == CompetitionState.DRAFT else _running(request, found)


def _draft(request: HttpRequest, found: Competition) -> HttpResponse:
    now = timezone.now()
    missing = gaps(found, now)
    tasks = tasks_of(found, missing)
    context = {
        "competition": found,
        "tasks": tasks,
        "done": sum(task.is_done for task in tasks),
        "portal_faults": has_portal_faults(missing),
        "policy": live_rules(found.profile, timezone.localdate(now)).policy,
    }
    return page(request, "commissioning/call.html", found.hromada, **context)


def _running(request: HttpRequest, found: Competition) -> HttpResponse:
    told = CompetitionPage(found, timezone.now())
    return page(request, "commissioning/running.html", found.hromada, competition=found, told=told)


@commissioning_page
@require_http_methods(["GET", "HEAD", "POST"])
def discard(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask before a draft is thrown away: nobody else has seen it."""
    found = competition_or_404(request, pk)
    if found.state != CompetitionState.DRAFT:
        raise MovedOnError(pk)
    if request.method == "POST":
        discard_call(competition_id=pk, user=signed_in(request))
        messages.success(request, _("The draft is thrown away."))
        return redirect("commissioning:competitions")
    return page(request, "commissioning/call_discard.html", found.hromada, competition=found)
