"""The decision on the winners: what follows from the ranking and how firmly, then the order that makes it public."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from portal.kernel import clock
from portal.kernel.calendar import day_of
from portal.kernel.workflow import StepRefused
from procurement import rules
from procurement.domain.evaluation.appeals import stopping
from procurement.domain.evaluation.decisions import decide, decision_in_force, ground_uses
from procurement.domain.evaluation.outcomes import outcome_of, signed_minutes_of
from procurement.enums import AwardState, RoundState
from procurement.interfaces.award_form import AwardForm
from procurement.interfaces.award_page import AwardPage
from procurement.queries.rounds import last_round
from procurement.views.commissioning.access import MovedOnError, commissioning_page, page, signed_in
from procurement.views.commissioning.evaluation import evaluated_or_404
from procurement.views.commissioning.running import METHODS


@commissioning_page
@require_http_methods(METHODS)
def award(request: HttpRequest, pk: int) -> HttpResponse:
    """Show what the decision will be before it is taken, and what it would supersede; then take it."""
    found = evaluated_or_404(request, pk)
    held = last_round(found)
    if held is None or held.state not in (RoundState.MINUTED, RoundState.DECIDED):
        raise MovedOnError(pk)
    if not rules.can_read_opened(request.user, found):
        raise Http404
    outcome, before, now = outcome_of(held), decision_in_force(found), clock.moment()
    form = AwardForm(
        request.POST if request.method == "POST" else None,
        competition=found,
        uses=ground_uses(outcome, before),
        needs_reason=before is not None,
        on=day_of(now),
    )
    if form.is_bound and form.is_valid() and _decide(request, pk, form):
        messages.success(request, _("The decision is taken and published with the results."))
        return redirect("commissioning:evaluation", pk)
    minutes = signed_minutes_of(held)
    minutes.round = held
    context = {
        "competition": found,
        "form": form,
        "told": AwardPage(minutes, outcome),
        "before": before,
        "failed": before.awards.filter(state__in=AwardState.failed).exists() if before else False,
        "stop": stopping(found),
        "is_late": found.award_on is not None and before is None and found.award_on < day_of(now),
    }
    status = 422 if form.errors else 200
    return page(request, "commissioning/evaluation/award.html", found.hromada, status=status, **context)


def _decide(request: HttpRequest, pk: int, form: AwardForm) -> bool:
    """Take the decision; what keeps it from being taken stands above the fields, and everything typed stays."""
    values: dict[str, Any] = form.values
    try:
        decide(competition_id=pk, user=signed_in(request), now=clock.moment(), **values)
    except StepRefused as refusal:
        form.add_error(None, str(refusal.reason))
        return False
    return True
