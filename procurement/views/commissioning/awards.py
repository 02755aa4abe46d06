"""What became of the awards, and that one was not signed in time."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from portal.kernel import clock
from portal.kernel.workflow import StepRefused
from procurement.domain.evaluation.appeals import stopping
from procurement.domain.evaluation.awards import lapse, may_lapse
from procurement.enums import CompetitionState
from procurement.interfaces.appeal_forms import LapseForm
from procurement.interfaces.appeal_pages import awards_of, chosen_award, field_ids, with_forms
from procurement.views.commissioning.access import commissioning_page, competition_or_404, page, signed_in
from procurement.views.commissioning.running import METHODS


@commissioning_page
@require_http_methods(METHODS)
def awards(request: HttpRequest, pk: int) -> HttpResponse:
    """List the awards of all decisions; say of one in force that the winner did not sign in time."""
    found = competition_or_404(request, pk, *CompetitionState.readable)
    lines = awards_of(found)
    chosen, wrong = chosen_award(request, lines), None
    if chosen is not None:
        form = LapseForm(request.POST, auto_id=field_ids(chosen))
        if form.is_valid() and _lapse(request, chosen.pk, form):
            return redirect("commissioning:awards", pk)
        wrong = form
    context = {
        "competition": found,
        "lines": with_forms(lines, LapseForm, chosen, wrong),
        "wrong": wrong,
        "stop": stopping(found),
        "may_lapse": may_lapse(found, clock.moment()),
    }
    status = 422 if wrong else 200
    return page(request, "commissioning/awards.html", found.hromada, status=status, **context)


def _lapse(request: HttpRequest, award_id: int, form: LapseForm) -> bool:
    try:
        lapse(award_id=award_id, user=signed_in(request), reason=form.cleaned_data["reason"], now=clock.moment())
    except StepRefused as refusal:
        form.add_error(None, str(refusal.reason))
        return False
    messages.success(request, _("The award has lapsed. Decide anew."))
    return True
