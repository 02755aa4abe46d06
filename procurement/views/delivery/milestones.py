"""Milestones of a contract: planned, changed before the conclusion, judged."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from portal.kernel import clock
from portal.kernel.calendar import day_of
from procurement.contract_enums import ContractState, MilestoneState
from procurement.domain.delivery.milestones import add_milestone, change_milestone, meet, miss, remove_milestone, waive
from procurement.interfaces.delivery_forms import JudgeForm, MilestoneForm
from procurement.models import Milestone
from procurement.views.delivery.access import (
    METHODS,
    OFFICIAL,
    contract_or_404,
    form_page,
    of_own_or_404,
    official_page,
    page,
    signed_in,
    tried,
)
from procurement.views.taking import taken


@official_page
@require_safe
def milestones(request: HttpRequest, pk: int) -> HttpResponse:
    contract = contract_or_404(request, pk, OFFICIAL)
    rows = contract.milestones.order_by("due_on", "number")
    context = {"rows": rows, "today": day_of(clock.moment()), "is_plan": contract.state in ContractState.unsigned}
    return page(request, "delivery/milestones.html", contract, OFFICIAL, **context)


@official_page
@require_http_methods(METHODS)
def milestone_new(request: HttpRequest, pk: int) -> HttpResponse:
    contract, user, now = contract_or_404(request, pk, OFFICIAL), signed_in(request), clock.moment()
    form = MilestoneForm(request.POST if request.method == "POST" else None)
    if form.is_bound and tried(
        request,
        form,
        lambda: add_milestone(contract_id=pk, user=user, facts=form.facts, now=now),
        _("The milestone is planned."),
    ):
        return redirect("contracting:milestones", pk)
    back = reverse("contracting:milestones", args=[pk])
    title = _("Plan a milestone")
    return form_page(request, contract, OFFICIAL, form, title=title, button=title, back=back)


@official_page
@require_http_methods(METHODS)
def milestone(request: HttpRequest, milestone_id: int) -> HttpResponse:
    """Change a plan of a contract that is not concluded; of one that runs, say what became of it."""
    row = of_own_or_404(request, Milestone.objects.all(), milestone_id, OFFICIAL)
    is_plan = row.contract.state in ContractState.unsigned
    data = request.POST if request.method == "POST" else None
    today = day_of(clock.moment())
    form = MilestoneForm(data, initial=MilestoneForm.of(row)) if is_plan else JudgeForm(data, initial={"on": today})
    if form.is_bound and tried(request, form, lambda: _take(request, row, form), _("Saved.")):
        return redirect("contracting:milestones", row.contract_id)
    back = reverse("contracting:milestones", args=[row.contract_id])
    return form_page(request, row.contract, OFFICIAL, form, title=row.title, button=_("Save"), back=back)


@official_page
@require_POST
def milestone_remove(request: HttpRequest, milestone_id: int) -> HttpResponse:
    """Take a plan out of a contract that is not concluded."""
    row = of_own_or_404(request, Milestone.objects.all(), milestone_id, OFFICIAL)
    user, now = signed_in(request), clock.moment()
    said = _("The milestone is taken out.")
    taken(request, lambda: remove_milestone(milestone_id=milestone_id, user=user, now=now), said)
    return redirect("contracting:milestones", row.contract_id)


def _take(request: HttpRequest, row: Milestone, form: MilestoneForm | JudgeForm) -> None:
    asked: dict[str, Any] = {"milestone_id": row.pk, "user": signed_in(request), "now": clock.moment()}
    if isinstance(form, MilestoneForm):
        change_milestone(facts=form.facts, **asked)
        return
    values = form.cleaned_data
    asked |= {"on": values["on"], "reason": values["reason"]}
    if values["outcome"] == MilestoneState.WAIVED:
        waive(**asked)
    else:
        step = meet if values["outcome"] == MilestoneState.MET else miss
        step(fact=values["fact"], **asked)
