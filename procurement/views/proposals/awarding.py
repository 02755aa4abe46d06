"""A winner's awards: accepted, or refused with a reason."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from portal.kernel import clock
from portal.kernel.workflow import StepRefused
from procurement.domain.evaluation.appeals import stopping
from procurement.domain.evaluation.awards import accept, refuse
from procurement.interfaces.appeal_forms import RefusalForm
from procurement.interfaces.appeal_pages import chosen_award, field_ids, own_awards, with_forms
from procurement.interfaces.proposal_status import may_submit
from procurement.models import Award
from procurement.views.proposals.access import page, proposal_or_404, proposal_page, signed_in


@proposal_page
@require_http_methods(["GET", "HEAD", "POST"])
def award(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show what the proposal was given, and take the answer to each award."""
    found = proposal_or_404(request, pk)
    lines = own_awards(found)
    if not lines:
        raise Http404
    chosen, wrong, problem = chosen_award(request, lines), None, ""
    if chosen is not None:
        form = RefusalForm(request.POST, auto_id=field_ids(chosen)) if "refuse" in request.POST else None
        problem = _answer(request, chosen, form)
        wrong = form if form is not None and form.errors else None
        if not problem and wrong is None:
            return redirect("proposals:award", pk)
    context = {
        "lines": with_forms(lines, RefusalForm, chosen, wrong),
        "wrong": wrong,
        "problem": problem,
        "chosen": chosen.pk if chosen else None,
        "stop": stopping(found.competition),
        "may_sign": may_submit(found, signed_in(request)),
    }
    return page(request, "cabinet/proposals/award.html", found, status=422 if problem or wrong else 200, **context)


def _answer(request: HttpRequest, row: Award, form: RefusalForm | None) -> str:
    """Take the answer; return what keeps it from being taken."""
    user, now = signed_in(request), clock.moment()
    try:
        if form is None:
            accept(award_id=row.pk, user=user, now=now)
            messages.success(request, _("The award is accepted. The contract comes next."))
        elif form.is_valid():
            refuse(award_id=row.pk, user=user, reason=form.cleaned_data["reason"], now=now)
            messages.success(request, _("The award is refused. The commissioner decides anew."))
    except StepRefused as refusal:
        return str(refusal.reason)
    return ""
