"""Who evaluates a competition: which commission, who of it is recused, who came to its sittings."""

from __future__ import annotations

from typing import Any, Final

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from portal.kernel.workflow import StepRefused
from procurement import rules
from procurement.domain.evaluation import recusals as use
from procurement.domain.evaluation.commissions import assign_commission
from procurement.domain.evaluation.matching import applicants_of
from procurement.domain.evaluation.quorum import SITTING, present_now, quorum_of, record_sitting
from procurement.enums import CompetitionState
from procurement.interfaces.commission_forms import AssignForm, SittingForm
from procurement.interfaces.interest_desk import active_members, interest_lines, line_of
from procurement.interfaces.interest_forms import DecideForm, RaiseForm
from procurement.models import Competition, Recusal
from procurement.queries.commissions import appointed_for
from procurement.queries.rounds import last_round
from procurement.views.commissioning.access import (
    MovedOnError,
    commissioning_page,
    competition_or_404,
    opened_or_moved,
    page,
    signed_in,
)
from procurement.views.commissioning.commissions import METHODS

# where the official goes on once there is a commission
AFTER: Final = {CompetitionState.OPENED.value: "commissioning:evaluation"}


@commissioning_page
@require_http_methods(METHODS)
def assign(request: HttpRequest, pk: int) -> HttpResponse:
    """Choose the commission of a competition."""
    found = competition_or_404(request, pk)
    if found.state in (*CompetitionState.decided, *CompetitionState.ended):
        raise MovedOnError(pk)
    choices = appointed_for(found)
    form = AssignForm(
        request.POST if request.method == "POST" else None,
        commissions=choices,
        initial={"commission": found.commission_id or (choices[0].pk if len(choices) == 1 else None)},
    )
    if form.is_bound and form.is_valid():
        chosen = form.cleaned_data["commission"]
        try:
            assign_commission(competition_id=pk, commission_id=chosen.pk, user=signed_in(request), now=timezone.now())
        except StepRefused as refusal:
            form.add_error(None, str(refusal.reason))
        else:
            messages.success(request, _("The commission is given to the competition."))
            return redirect(AFTER.get(found.state, "commissioning:call"), pk)
    context = {"competition": found, "form": form, "choices": choices, "chosen": str(form["commission"].value() or "")}
    status = 422 if form.errors else 200
    return page(request, "commissioning/commissions/assign.html", found.hromada, status=status, **context)


# --- recusals --------------------------------------------------------------------------------------------------------


@commissioning_page
@require_safe
def recusals(request: HttpRequest, pk: int) -> HttpResponse:
    """Show who has declared, what ties were found and what is to be decided; with what the quorum is now."""
    found = _overseen(request, pk)
    round_ = last_round(found)
    context: dict[str, Any] = {
        "competition": found,
        "commission": found.commission,
        "lines": interest_lines(found) if found.commission else [],
        "round": round_,
        "quorum": quorum_of(round_) if round_ else None,
        "is_open": found.state == CompetitionState.OPENED and (round_ is None or round_.state in SITTING),
    }
    return page(request, "commissioning/commissions/recusals.html", found.hromada, **context)


@commissioning_page
@require_http_methods(METHODS)
def recusal(request: HttpRequest, pk: int, key: int) -> HttpResponse:
    """Decide a recusal, its evidence before one's eyes."""
    found = _overseen(request, pk)
    rows = Recusal.objects.select_related("member", "organisation").filter(competition=found)
    row = get_object_or_404(rows, pk=key)
    row.competition = found
    if use.judge_of(row, signed_in(request)) is None:
        raise Http404
    form = DecideForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        is_so, reason = form.cleaned_data["answer"] == "confirm", form.cleaned_data["reason"]
        try:
            use.decide_recusal(
                recusal_id=key, confirm=is_so, reason=reason, user=signed_in(request), now=timezone.now()
            )
        except StepRefused as refusal:
            form.add_error(None, str(refusal.reason))
        else:
            messages.success(request, _("Decided. The member and those who evaluate are told."))
            return redirect("commissioning:recusals", pk)
    context = {"competition": found, "form": form, "line": line_of(row)}
    status = 422 if form.errors else 200
    return page(request, "commissioning/commissions/recusal.html", found.hromada, status=status, **context)


@commissioning_page
@require_http_methods(METHODS)
def raise_one(request: HttpRequest, pk: int) -> HttpResponse:
    """Propose a recusal that neither the member nor the portal has."""
    found = _overseen(request, pk)
    sent = request.POST if request.method == "POST" else None
    wished = {"member": request.GET.get("member", "").replace("\x00", "")}
    form = RaiseForm(sent, initial=wished, members=active_members(found), applicants=applicants_of(found))
    if form.is_bound and form.is_valid():
        try:
            use.raise_recusal(competition_id=pk, user=signed_in(request), now=timezone.now(), **form.values)
        except StepRefused as refusal:
            form.add_error(None, str(refusal.reason))
        else:
            messages.success(request, _("The recusal is proposed. Until it is decided, the member sees no proposal."))
            return redirect("commissioning:recusals", pk)
    status = 422 if form.errors else 200
    context = {"competition": found, "form": form}
    return page(request, "commissioning/commissions/recusal_raise.html", found.hromada, status=status, **context)


def _overseen(request: HttpRequest, pk: int) -> Competition:
    """Return an opened competition for who looks after interests in it: nobody recused, no member before declaring."""
    found = opened_or_moved(request, pk)
    if use.overseer_of(found, signed_in(request)) is None:
        raise Http404
    return found


# --- sittings --------------------------------------------------------------------------------------------------------


@commissioning_page
@require_safe
def sittings(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the sittings of the last round with who came, and whether the last one has a quorum still."""
    found = _not_recused(request, pk)
    round_ = last_round(found)
    if round_ is None:
        raise MovedOnError(pk)
    rows = list(round_.sittings.order_by("-number").prefetch_related("attendances__member"))
    quorum = quorum_of(round_)
    last = present_now(round_, rows[0]) if rows else 0
    context: dict[str, Any] = {
        "competition": found,
        "round": round_,
        "sittings": rows,
        "quorum": quorum,
        "present_now": last,
        "holds": bool(rows) and quorum.holds(last),
        "is_open": round_.state in SITTING,
    }
    return page(request, "commissioning/commissions/sittings.html", found.hromada, **context)


@commissioning_page
@require_http_methods(METHODS)
def sitting_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Record a sitting that was held."""
    found, now = _not_recused(request, pk), timezone.now()
    round_ = last_round(found)
    if round_ is None or round_.state not in SITTING or not rules.can_run_competition(request.user, found):
        raise MovedOnError(pk)
    form = SittingForm(request.POST if request.method == "POST" else None, lines=interest_lines(found), now=now)
    if form.is_bound and form.is_valid():
        told = {name: form.cleaned_data[name] for name in ("at", "place", "agenda")}
        try:
            record_sitting(round_id=round_.pk, user=signed_in(request), present=form.came, now=now, **told)
        except StepRefused as refusal:
            form.add_error(None, str(refusal.reason))
        else:
            messages.success(request, _("The sitting is recorded."))
            return redirect("commissioning:sittings", pk)
    context = {"competition": found, "form": form, "quorum": quorum_of(round_)}
    status = 422 if form.errors else 200
    return page(request, "commissioning/commissions/sitting.html", found.hromada, status=status, **context)


def _not_recused(request: HttpRequest, pk: int) -> Competition:
    found = opened_or_moved(request, pk)
    if rules.is_kept_away(request.user, found):
        raise Http404
    return found
