"""The minutes at the official's desk: what is missing, drawn up, read, withdrawn, printed."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from portal.kernel import clock
from portal.kernel.workflow import StepRefused
from procurement import rules
from procurement.domain.evaluation.minutes import (
    gaps_before_minutes,
    is_stale,
    make_minutes,
    minutes_in_force,
    withdraw_minutes,
)
from procurement.enums import MinutesState, RoundState
from procurement.interfaces.award_form import WithdrawForm
from procurement.interfaces.minutes_paper import MinutesPaper
from procurement.models import EvaluationRound, Minutes
from procurement.queries.rounds import last_round
from procurement.views.commissioning.access import MovedOnError, commissioning_page, page, signed_in
from procurement.views.commissioning.evaluation import evaluated_or_404
from procurement.views.commissioning.running import METHODS
from procurement.views.evaluation.papers import minutes_answer


@commissioning_page
@require_http_methods(METHODS)
def minutes(request: HttpRequest, pk: int) -> HttpResponse:
    """Say what is missing and draw the minutes up; afterwards show them with their signatures."""
    held = _round(request, pk)
    reason = ""
    if request.method == "POST":
        try:
            make_minutes(round_id=held.pk, user=signed_in(request), now=clock.moment())
        except StepRefused as refusal:
            reason = str(refusal.reason)
        else:
            messages.success(request, _("The minutes are drawn up. The members were asked to sign."))
            return redirect("commissioning:minutes", pk)
    found = _sees(request, held, minutes_in_force(held))
    if found is None:
        return _missing(request, held, reason)
    found.round = held
    context: dict[str, Any] = {
        "competition": held.competition,
        "round": held,
        "minutes": found,
        "paper": MinutesPaper.of(found),
        "stale": is_stale(found),
        "withdrawn": _withdrawn(held),
    }
    return page(request, "commissioning/evaluation/minutes.html", held.competition.hromada, **context)


def _missing(request: HttpRequest, held: EvaluationRound, reason: str) -> HttpResponse:
    is_now = held.state in (RoundState.ADMISSION, RoundState.DISCUSSION)
    context = {
        "competition": held.competition,
        "round": held,
        "gaps": gaps_before_minutes(held),
        "is_now": is_now,
        "reason": reason,
        "withdrawn": _withdrawn(held),
    }
    status = 422 if reason else 200
    return page(
        request, "commissioning/evaluation/minutes_missing.html", held.competition.hromada, status=status, **context
    )


@commissioning_page
@require_http_methods(METHODS)
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask why, then withdraw minutes that not all have signed who have to."""
    held = _round(request, pk)
    found = _sees(request, held, minutes_in_force(held))
    if found is None or found.state != MinutesState.DRAFT:
        return redirect("commissioning:minutes", pk)
    form = WithdrawForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        reason = form.cleaned_data["reason"]
        try:
            withdraw_minutes(minutes_id=found.pk, user=signed_in(request), reason=reason, now=clock.moment())
        except StepRefused as refusal:
            form.add_error(None, str(refusal.reason))
        else:
            messages.success(request, _("The minutes are withdrawn. Mend what is wrong and draw up others."))
            return redirect("commissioning:minutes", pk)
    context = {"competition": held.competition, "form": form, "count": found.signatures.count()}
    status = 422 if form.errors else 200
    return page(request, "commissioning/evaluation/withdraw.html", held.competition.hromada, status=status, **context)


@commissioning_page
@require_safe
def earlier(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """Show minutes that were withdrawn, with the signatures that stay under them."""
    held = _round(request, pk)
    found = get_object_or_404(held.minutes, number=number, state=MinutesState.WITHDRAWN)
    if _sees(request, held, found) is None:
        raise Http404
    found.round = held
    context: dict[str, Any] = {"competition": held.competition, "paper": MinutesPaper.of(found)}
    return page(request, "commissioning/evaluation/earlier.html", held.competition.hromada, **context)


@commissioning_page
@require_safe
def paper(request: HttpRequest, pk: int) -> HttpResponse:
    """Hand out the minutes as a paper, a draft too."""
    held = _round(request, pk)
    found = _sees(request, held, minutes_in_force(held))
    if found is None:
        raise Http404
    found.round = held
    return minutes_answer(request, MinutesPaper.of(found))


def _round(request: HttpRequest, pk: int) -> EvaluationRound:
    found = evaluated_or_404(request, pk)
    held = last_round(found)
    if held is None:
        raise MovedOnError(pk)
    if not rules.can_read_opened(request.user, found):
        raise Http404
    return held


def _sees(request: HttpRequest, held: EvaluationRound, found: Minutes | None) -> Minutes | None:
    """Return the minutes to who may see the scores in them; where nobody was admitted there are none."""
    if found is None or held.scoring_since is None or rules.can_see_scores(request.user, held):
        return found
    raise Http404


def _withdrawn(held: EvaluationRound) -> list[Minutes]:
    return list(held.minutes.filter(state=MinutesState.WITHDRAWN).order_by("number"))
