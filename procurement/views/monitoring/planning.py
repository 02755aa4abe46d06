"""The plan of visits of a year, and visits one by one: planned, moved, cancelled."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from portal.accounts.rules import mandates_of
from portal.kernel import clock
from portal.kernel.calendar import day_of
from portal.kernel.workflow import StepRefused
from procurement import rules
from procurement.contract_enums import ContractState, VisitState
from procurement.domain.monitoring.conclusions import gaps_of
from procurement.domain.monitoring.plan import Candidate, cancel_visit, candidates_of, move_visit, plan_visit
from procurement.domain.monitoring.visits import choose_checklist
from procurement.interfaces.monitoring_forms import CancelForm, ChecklistForm, MoveForm, PlanRowForm, VisitForm
from procurement.interfaces.visit_form import questions_of
from procurement.models import Visit
from procurement.queries.contracts.monitoring import contracts_to_monitor, visits_of
from procurement.views.commissioning.access import commissioning_page, hromada_of
from procurement.views.monitoring.access import (
    METHODS,
    contract_or_404,
    contract_page,
    page,
    pages_of,
    require_acting,
    signed_in,
    taken,
    visit_or_404,
    visit_page,
)
from registry.interfaces.application_reading import read_number

_NEAR: Final = 5


@dataclass(slots=True)
class Row:
    """A contract in the plan with the form by which a visit is chosen, where none is planned."""

    one: Candidate
    form: PlanRowForm | None
    may_plan: bool


@commissioning_page
@require_http_methods(METHODS)
def plan(request: HttpRequest) -> HttpResponse:
    """Show what speaks for each running contract of the hromada, and put the chosen visits into the plan."""
    hromada, now = hromada_of(request), clock.moment()
    year = _year(request, day_of(now).year)
    running = contracts_to_monitor(signed_in(request)).filter(hromada=hromada, state__in=ContractState.running)
    acting = rules.can_commission(request.user, hromada)
    # who holds a mandate of the provider does nothing for the commissioner there
    tied = set(mandates_of(request.user, day_of(now)).values_list("organisation", flat=True))
    rows = [
        _row(request, one, may_plan=acting and one.contract.contractor_id not in tied)
        for one in candidates_of(running, year, now)
    ]
    chosen = [row for row in rows if row.form is not None and row.form.is_bound]
    wrong = [row for row in chosen if row.form is not None and not row.form.is_valid()]
    if request.method == "POST" and not wrong and _plan(request, chosen):
        return redirect(f"{request.path}?year={year}")
    faulty = [row for row in rows if row.form is not None and row.form.errors]
    context: dict[str, Any] = {"year": year, "rows": rows, "faulty": faulty, "years": (year - 1, year + 1)}
    context |= {"hromada": hromada, "has_forms": any(row.form is not None for row in rows)}
    return page(request, "monitoring/plan.html", status=422 if faulty else 200, **context)


def _year(request: HttpRequest, this_year: int) -> int:
    year = read_number(request.GET.get("year"))
    return year if abs(year - this_year) <= _NEAR else this_year


def _row(request: HttpRequest, one: Candidate, *, may_plan: bool) -> Row:
    if not may_plan or one.is_planned or one.proposed_on is None:
        return Row(one, None, may_plan=may_plan)
    prefix = f"c{one.contract.pk}"
    is_chosen = request.method == "POST" and f"{prefix}-chosen" in request.POST
    initial = {"planned_on": one.proposed_on, "basis": one.basis}
    return Row(one, PlanRowForm(request.POST if is_chosen else None, prefix=prefix, initial=initial), may_plan=True)


def _plan(request: HttpRequest, chosen: list[Row]) -> bool:
    """Plan all chosen visits, or none: what is refused stands beside its row."""
    if not chosen:
        messages.error(request, _("Choose at least one contract."))
        return True
    row = chosen[0]
    try:
        with transaction.atomic():
            for row in sorted(chosen, key=lambda row: row.one.contract.pk):
                assert row.form is not None
                told = row.form.cleaned_data
                plan_visit(
                    contract_id=row.one.contract.pk,
                    user=signed_in(request),
                    planned_on=told["planned_on"],
                    basis=told["basis"],
                    now=clock.moment(),
                )
    except StepRefused as refusal:
        assert row.form is not None
        row.form.add_error("planned_on", str(refusal.reason))
        return False
    said = ngettext("%(count)d visit is planned.", "%(count)d visits are planned.", len(chosen))
    messages.success(request, said % {"count": len(chosen)})
    return True


@contract_page
@require_safe
def visits(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    """Show visits of one contract, or of all that the official sees, those that wait first."""
    contract = contract_or_404(request, pk) if pk is not None else None
    rows = visits_of(contracts_to_monitor(signed_in(request)))
    if contract is not None:
        rows = rows.filter(contract=contract)
    pages = pages_of(request, rows.count())
    shown = rows[pages.start : pages.stop]
    return page(request, "monitoring/visits.html", contract, visits=shown, pages=pages)


@contract_page
@require_http_methods(METHODS)
def visit_new(request: HttpRequest, pk: int) -> HttpResponse:
    contract = contract_or_404(request, pk)
    require_acting(request, contract)
    initial = {name: request.GET[name] for name in ("basis", "follows") if name in request.GET}
    form = VisitForm(request.POST if request.method == "POST" else None, contract=contract, initial=initial)

    def step() -> None:
        plan_visit(contract_id=pk, user=signed_in(request), now=clock.moment(), **form.values)

    if request.method == "POST" and form.is_valid() and taken(request, step, _("The visit is planned."), form):
        return redirect("contracting:visits", pk)
    return page(request, "monitoring/visit_new.html", contract, form=form, status=422 if form.errors else 200)


@visit_page
@require_safe
def visit(request: HttpRequest, pk: int) -> HttpResponse:
    return draw_visit(request, visit_or_404(request, pk))


def draw_visit(
    request: HttpRequest, found: Visit, *, move: MoveForm | None = None, cancel: CancelForm | None = None
) -> HttpResponse:
    """Draw one visit with what may be done with it now; a form that was not taken stands open."""
    questions = [one for one in questions_of(found) if not one.is_blank]
    held = found.state == VisitState.HELD
    wrong = any(form is not None and form.errors for form in (move, cancel))
    context: dict[str, Any] = {
        "visit": found,
        "questions": questions,
        "contested": sum(bool(one.others) for one in questions),
        "gaps": gaps_of(found, clock.moment()) if held else [],
        "findings": found.findings.select_related("kind").order_by("number"),
        "steps": found.contract.steps.filter(thing="visit", key=str(found.pk)).exclude(comment="").order_by("at"),
        "move": move or MoveForm(initial={"planned_on": found.planned_on}),
        "cancel": cancel or CancelForm(auto_id="cancel-%s"),
        "checklist": ChecklistForm(initial={"checklist": found.checklist_id}),
        "followed_by": found.followed_by.exclude(state=VisitState.CANCELLED).order_by("number"),
    }
    return page(request, "monitoring/visit.html", found.contract, status=422 if wrong else 200, **context)


@visit_page
@require_POST
def visit_move(request: HttpRequest, pk: int) -> HttpResponse:
    form = MoveForm(request.POST)

    def step() -> None:
        told = form.cleaned_data
        move_visit(visit_id=pk, user=signed_in(request), now=clock.moment(), **told)

    return _changed(request, pk, form, step, _("The day is changed."), "move")


@visit_page
@require_POST
def visit_cancel(request: HttpRequest, pk: int) -> HttpResponse:
    form = CancelForm(request.POST, auto_id="cancel-%s")

    def step() -> None:
        cancel_visit(visit_id=pk, user=signed_in(request), reason=form.cleaned_data["reason"], now=clock.moment())

    return _changed(request, pk, form, step, _("The visit is cancelled."), "cancel")


@visit_page
@require_POST
def visit_checklist(request: HttpRequest, pk: int) -> HttpResponse:
    visit_or_404(request, pk)
    form = ChecklistForm(request.POST)

    def step() -> None:
        version = form.cleaned_data["checklist"]
        choose_checklist(visit_id=pk, user=signed_in(request), checklist_id=version.pk, now=clock.moment())

    if form.is_valid():
        taken(request, step, _("The visit has another checklist."))
    else:
        messages.error(request, _("Choose a checklist from the list."))
    return redirect("contracting:visit", pk)


def _changed(
    request: HttpRequest, pk: int, form: MoveForm | CancelForm, step: Callable[[], None], said: str, name: str
) -> HttpResponse:
    found = visit_or_404(request, pk)
    if form.is_valid() and taken(request, step, said, form):
        return redirect("contracting:visit", pk)
    return draw_visit(request, found, **{name: form})  # type: ignore[arg-type]
