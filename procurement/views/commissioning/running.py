"""Steps of a competition that runs: changed and extended by a new version, cancelled, said not to have been held."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from portal.kernel.calendar import day_of
from procurement import rules
from procurement.domain.calls.calling import cancel, change, change_bar, extend, void
from procurement.domain.calls.freezing import rules_of
from procurement.enums import CompetitionState, GroundUse
from procurement.interfaces.call_forms import GroundForm
from procurement.interfaces.call_preview import changes_of
from procurement.interfaces.running_forms import ChangeForm, ExtendForm
from procurement.models import Competition
from procurement.views.commissioning.access import (
    MovedOnError,
    commissioning_page,
    competition_or_404,
    page,
    signed_in,
)
from procurement.views.taking import taken
from registry.interfaces.application_reading import read_number

METHODS = ["GET", "HEAD", "POST"]


def own(request: HttpRequest, pk: int, *states: str) -> Competition:
    """Return a competition that this official runs; one in another state has its own page to show."""
    found = competition_or_404(request, pk)
    if not rules.can_run_competition(request.user, found):
        raise Http404
    if found.state not in states:
        raise MovedOnError(pk)
    return found


@commissioning_page
@require_http_methods(METHODS)
def change_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Show what the announcement will say, old beside new, before it is published as the next version."""
    found, now = own(request, pk, CompetitionState.PUBLISHED), timezone.now()
    form = ChangeForm(request.POST if request.method == "POST" else None, competition=found, now=now)
    changes = None
    if request.method == "POST" and form.is_valid():
        changes = changes_of(found, form.values)
        if "publish" in request.POST and _change(request, found, form):
            messages.success(request, _("The change is published as a new version."))
            return redirect("commissioning:call", pk)
    ruled = rules_of(found)
    context = {
        "bar": change_bar(ruled, found.closes_at, now),
        "unsettles": ruled.policy["change_unsettles"],
        "changes": changes,
        "read_version": found.version,
    }
    return _draw(request, found, form, "commissioning/change.html", **context)


def _change(request: HttpRequest, found: Competition, form: ChangeForm) -> bool:
    def step() -> object:
        ground, reason = form.cleaned_data["ground"], form.cleaned_data["reason"]
        return change(
            competition_id=found.pk,
            user=signed_in(request),
            values=form.values,
            ground_id=ground.pk,
            reason=reason,
            now=timezone.now(),
            read_version=read_number(request.POST["version"]) if "version" in request.POST else None,
        )

    return taken(request, step, form=form)


@commissioning_page
@require_http_methods(METHODS)
def extend_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Move dates later; those who have submitted stay submitted."""
    found, now = own(request, pk, CompetitionState.PUBLISHED), timezone.now()
    form = ExtendForm(request.POST if request.method == "POST" else None, competition=found, now=now)

    def step() -> object:
        return extend(
            competition_id=pk,
            user=signed_in(request),
            dates=form.values,
            ground_id=form.cleaned_data["ground"].pk,
            reason=form.cleaned_data["reason"],
            now=timezone.now(),
        )

    if request.method == "POST" and form.is_valid() and taken(request, step, form=form):
        messages.success(request, _("The competition is extended."))
        return redirect("commissioning:call", pk)
    return _draw(request, found, form, "commissioning/extend.html")


@commissioning_page
@require_http_methods(METHODS)
def cancel_page(request: HttpRequest, pk: int) -> HttpResponse:
    found = own(request, pk, CompetitionState.PUBLISHED, CompetitionState.CLOSED, CompetitionState.OPENED)
    return _end(request, found, GroundUse.CANCELLATION, cancel, _("The competition is cancelled."))


@commissioning_page
@require_http_methods(METHODS)
def void_page(request: HttpRequest, pk: int) -> HttpResponse:
    found = own(request, pk, CompetitionState.CLOSED)
    return _end(request, found, GroundUse.VOID, void, _("The competition is said not to have been held."))


def _end(
    request: HttpRequest, found: Competition, use: GroundUse, act: Callable[..., object], said: str
) -> HttpResponse:
    now = timezone.now()
    form = GroundForm(request.POST if request.method == "POST" else None, competition=found, use=use, on=day_of(now))

    def step() -> object:
        ground, reason = form.cleaned_data["ground"], form.cleaned_data["reason"]
        return act(competition_id=found.pk, user=signed_in(request), ground_id=ground.pk, reason=reason, now=now)

    if request.method == "POST" and form.is_valid() and taken(request, step, form=form):
        messages.success(request, said)
        return redirect("commissioning:call", found.pk)
    return _draw(request, found, form, "commissioning/end.html", is_void=use == GroundUse.VOID)


def _draw(request: HttpRequest, found: Competition, form: GroundForm, template: str, **context: Any) -> HttpResponse:
    status = 422 if form.is_bound and form.errors else 200
    return page(request, template, found.hromada, status=status, competition=found, form=form, **context)
