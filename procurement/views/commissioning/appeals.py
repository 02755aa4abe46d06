"""Appeals at the desk: those that wait, one with its words, the decision on it by somebody who had no part in it."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from portal.kernel import clock
from portal.kernel.calendar import day_of
from portal.kernel.workflow import StepRefused
from procurement import rules
from procurement.domain.evaluation.appeals import accept, decide_appeal, leave
from procurement.enums import AppealState, CompetitionState
from procurement.interfaces.appeal_forms import JudgingForm, LeavingForm
from procurement.interfaces.appeal_pages import AppealLine, appeals_of, why_not_judge
from procurement.models import Appeal, Competition
from procurement.views.commissioning.access import commissioning_page, competition_or_404, page, signed_in
from procurement.views.commissioning.running import METHODS

Form = JudgingForm | LeavingForm


def _opened(request: HttpRequest, pk: int) -> Competition:
    """Return a competition whose opened proposals, and with them the appeals, this official may read."""
    found = competition_or_404(request, pk, *CompetitionState.readable)
    if not rules.can_run_competition(request.user, found) or not rules.can_read_opened(request.user, found):
        raise Http404
    return found


@commissioning_page
@require_safe
def appeals(request: HttpRequest, pk: int) -> HttpResponse:
    found = _opened(request, pk)
    return page(request, "commissioning/appeals.html", found.hromada, competition=found, lines=appeals_of(found))


@commissioning_page
@require_http_methods(METHODS)
def appeal(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """Show an appeal; take it up, leave it without consideration, or decide it."""
    found = _opened(request, pk)
    rows = Appeal.objects.select_related("organisation", "decision", "document", "ground")
    row = get_object_or_404(rows, competition=found, number=number)
    row.competition = found
    form = _form(request, row)
    if request.method == "POST" and (form is None or form.is_valid()) and _taken(request, row, form):
        return redirect("commissioning:appeal", pk, number)
    context = {
        "competition": found,
        "appeal": row,
        "line": AppealLine(row),
        "form": form,
        "may_judge": rules.can_decide_appeal(request.user, row),
        "had_part": why_not_judge(signed_in(request), row),
    }
    status = 422 if form is not None and form.errors else 200
    return page(request, "commissioning/appeal.html", found.hromada, status=status, **context)


def _form(request: HttpRequest, row: Appeal) -> Form | None:
    """Return the form of the step that comes next; taking an appeal up asks for nothing."""
    data = request.POST if request.method == "POST" else None
    if row.state == AppealState.CONSIDERED:
        return JudgingForm(data)
    if row.state != AppealState.FILED or (data is not None and "accept" in data):
        return None
    return LeavingForm(data, competition=row.competition, on=day_of(clock.moment()))


def _taken(request: HttpRequest, row: Appeal, form: Form | None) -> bool:
    try:
        said = _step(request, row, form)
    except StepRefused as refusal:
        if form is None:
            messages.error(request, str(refusal.reason))
            return True
        form.add_error(None, str(refusal.reason))
        return False
    messages.success(request, said)
    return True


def _step(request: HttpRequest, row: Appeal, form: Form | None) -> str:
    user, now = signed_in(request), clock.moment()
    if form is None:
        accept(appeal_id=row.pk, user=user, now=now)
        return _("The appeal is taken into consideration.")
    told = form.cleaned_data
    if isinstance(form, LeavingForm):
        leave(appeal_id=row.pk, user=user, ground_id=told["ground"].pk, answer=told["reason"], now=now)
        return _("The appeal is left without consideration.")
    decide_appeal(
        appeal_id=row.pk, user=user, upheld=form.is_upheld, remedy=told["remedy"], answer=told["answer"], now=now
    )
    return _("The decision on the appeal is published.")
