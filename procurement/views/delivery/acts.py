"""Acts of services rendered, from both cabinets: written, claimed, returned, accepted, corrected, printed."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from portal.kernel import clock
from portal.kernel.calendar import day_of
from procurement.contract_enums import ActKind, ActState
from procurement.domain.contracts.steps import lines_in_force
from procurement.domain.delivery.act_making import lines_of, make_for_period, save_act
from procurement.domain.delivery.acts import accept, claim, return_act, withdraw
from procurement.domain.delivery.corrections import make_correction
from procurement.domain.delivery.payments import payable
from procurement.interfaces.act_forms import AcceptActForm, ActForm, CorrectionForm, NewActForm, read_act_lines
from procurement.interfaces.act_pdf import act_pdf
from procurement.interfaces.delivery_forms import ReasonForm
from procurement.models import AcceptanceAct, Contract
from procurement.queries.contracts.public import concluded
from procurement.views.delivery.access import (
    METHODS,
    OFFICIAL,
    PROVIDER,
    contract_or_404,
    form_page,
    of_own_or_404,
    official_page,
    page,
    provider_page,
    signed_in,
    tried,
)
from procurement.views.printing import above_contract, hand_out
from procurement.views.taking import taken


@official_page
@require_safe
def acts(request: HttpRequest, pk: int) -> HttpResponse:
    contract = contract_or_404(request, pk, OFFICIAL)
    rows = contract.acts.exclude(state__in=(ActState.DRAFT, ActState.WITHDRAWN))
    return _list(request, contract, OFFICIAL, rows)


@provider_page
@require_safe
def own_acts(request: HttpRequest, pk: int) -> HttpResponse:
    contract = contract_or_404(request, pk, PROVIDER)
    return _list(request, contract, PROVIDER, contract.acts.all())


def _list(request: HttpRequest, contract: Contract, side: str, rows: QuerySet[AcceptanceAct]) -> HttpResponse:
    found = rows.select_related("corrects").order_by("number")
    return page(request, "delivery/acts.html", contract, side, acts=found)


@official_page
@require_http_methods(METHODS)
def act(request: HttpRequest, act_id: int) -> HttpResponse:
    """Show a claim to the official: accept it less what is deducted, or return it."""
    found = _found(request, act_id, OFFICIAL)
    if found.state == ActState.DRAFT and found.kind == ActKind.RENDERED:
        raise Http404
    user, now = signed_in(request), clock.moment()
    accepting, returning = _deciding(request, found)

    def acceptance() -> object:
        seen = accepting.cleaned_data["seen"]
        return accept(act_id=act_id, user=user, deductions=accepting.deductions, seen=seen, now=now)

    def returned() -> object:
        return return_act(act_id=act_id, user=user, reason=returning.cleaned_data["reason"], now=now)

    accepted = _("The act is accepted and public. Beside it stands by when it is to be paid.")
    if accepting.is_bound and tried(request, accepting, acceptance, accepted):
        return redirect("contracting:act", act_id)
    if returning.is_bound and tried(request, returning, returned, _("The act is returned with your reason.")):
        return redirect("contracting:act", act_id)
    wrong = next((form for form in (accepting, returning) if form.errors), None)
    return _read(request, found, OFFICIAL, accepting=accepting, returning=returning, wrong=wrong)


def _deciding(request: HttpRequest, found: AcceptanceAct) -> tuple[AcceptActForm, ReasonForm]:
    titles = {line.row.line: line.title for line in read_act_lines(found, lines_of(found))}
    profile = found.contract.profile
    accepting = AcceptActForm(
        request.POST if "accept" in request.POST else None,
        act=found,
        titles=titles,
        procedure=profile.procedure if profile else "",
        on=day_of(clock.moment()),
    )
    return accepting, ReasonForm(request.POST if "return" in request.POST else None)


@provider_page
@require_http_methods(METHODS)
def own_act(request: HttpRequest, act_id: int) -> HttpResponse:
    """Let the provider finish an act in preparation and claim it; show any other one."""
    found, user, now = _found(request, act_id, PROVIDER), signed_in(request), clock.moment()
    if "withdraw" in request.POST:
        taken(request, lambda: withdraw(act_id=act_id, user=user, now=now), _("The act is withdrawn."))
        return redirect("contractor:acts", found.contract_id)
    if found.state not in ActState.open:
        return _read(request, found, PROVIDER)
    if found.kind == ActKind.CORRECTION:
        if "claim" in request.POST:
            taken(request, lambda: claim(act_id=act_id, user=user, now=now), _("The correction is claimed."))
            return redirect("contractor:act", act_id)
        return _read(request, found, PROVIDER, is_to_claim=True)
    data = request.POST if request.method == "POST" else None
    from_report = found.report_id is not None
    form = ActForm(data, initial=ActForm.of(found), lines=lines_of(found), from_report=from_report)
    said = _("The act is claimed. You hear by e-mail what is accepted.") if "claim" in request.POST else _("Saved.")
    if form.is_bound and tried(request, form, lambda: _keep(request, found, form), said):
        return redirect("contractor:act", act_id)
    return _read(request, found, PROVIDER, form=form, wrong=form if form.errors else None)


def _keep(request: HttpRequest, found: AcceptanceAct, form: ActForm) -> None:
    user, now = signed_in(request), clock.moment()
    save_act(act_id=found.pk, user=user, facts=form.facts, lines=form.line_facts, now=now)
    if "claim" in request.POST:
        claim(act_id=found.pk, user=user, now=now)


@provider_page
@require_http_methods(METHODS)
def act_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Begin an act without a report: a price for the whole, or a contract that asks for no reports."""
    contract = contract_or_404(request, pk, PROVIDER)
    user, now = signed_in(request), clock.moment()
    data = request.POST if request.method == "POST" else None
    from_report = contract.reports.exists()
    form = NewActForm(data, lines=lines_in_force(contract), from_report=from_report)
    made: list[AcceptanceAct] = []
    if form.is_bound and tried(request, form, lambda: made.append(_begun(form, contract, user, now)), _("Saved.")):
        return redirect("contractor:act", made[0].pk)
    return form_page(
        request,
        contract,
        PROVIDER,
        form,
        title=_("Act without a report"),
        button=_("Go on"),
        back=_above(contract, PROVIDER),
        lead=_("For a service with a price for the whole. An act of units is made on the page of its accepted report.")
        if from_report
        else "",
    )


def _begun(form: NewActForm, contract: Contract, user: Any, now: Any) -> AcceptanceAct:
    values = form.cleaned_data
    span = {"period_from": values["period_from"], "period_to": values["period_to"]}
    return make_for_period(
        contract_id=contract.pk, user=user, lines=form.line_facts, key=values["key"], now=now, **span
    )


@official_page
@require_http_methods(METHODS)
def correct(request: HttpRequest, act_id: int) -> HttpResponse:
    return _correct(request, _found(request, act_id, OFFICIAL), OFFICIAL)


@provider_page
@require_http_methods(METHODS)
def own_correct(request: HttpRequest, act_id: int) -> HttpResponse:
    return _correct(request, _found(request, act_id, PROVIDER), PROVIDER)


def _correct(request: HttpRequest, found: AcceptanceAct, side: str) -> HttpResponse:
    """Begin a correction: another act with the differences, which the provider claims and the official accepts."""
    user, now = signed_in(request), clock.moment()
    data = request.POST if request.method == "POST" else None
    lines = {line.number: line.title for line in lines_of(found)}
    form = CorrectionForm(data, rows=list(found.lines.all()), titles=lines)
    made: list[AcceptanceAct] = []

    def step() -> None:
        told = {"lines": form.line_facts, "reason": form.cleaned_data["reason"], "key": form.cleaned_data["key"]}
        made.append(make_correction(act_id=found.pk, user=user, now=now, **told))

    if form.is_bound and tried(request, form, step, _("The correction is written. The provider claims it next.")):
        return redirect(f"{side}:act", made[0].pk)
    title = _("Correct act № %(number)d") % {"number": found.number}
    lead = _("The act stays as it was accepted. The differences are another act, accepted in its turn.")
    back = _above(found.contract, side)
    return form_page(
        request, found.contract, side, form, title=title, button=_("Write the correction"), back=back, lead=lead
    )


@official_page
@require_safe
def paper(request: HttpRequest, act_id: int) -> HttpResponse:
    return _printed(request, _found(request, act_id, OFFICIAL), "contracting:contract")


@provider_page
@require_safe
def own_paper(request: HttpRequest, act_id: int) -> HttpResponse:
    return _printed(request, _found(request, act_id, PROVIDER), "contractor:contract")


@require_safe
def public_paper(request: HttpRequest, number: str, act: int) -> HttpResponse:
    """Hand out an accepted act to everybody."""
    rows = AcceptanceAct.objects.filter(contract=concluded(number), state=ActState.ACCEPTED)
    found = get_object_or_404(rows.select_related("contract", "code"), number=act)
    return _printed(request, found, "procurement:contract")


def _printed(request: HttpRequest, found: AcceptanceAct, above: str) -> HttpResponse:
    if found.state != ActState.ACCEPTED or found.code is None:
        raise Http404
    name = f"{found.contract.number}-act-{found.number}"
    return hand_out(request, lambda: act_pdf(found), name, above_contract(found.contract, above))


def _found(request: HttpRequest, act_id: int, side: str) -> AcceptanceAct:
    rows = AcceptanceAct.objects.select_related("corrects", "report", "code", "contract__profile")
    found: AcceptanceAct = of_own_or_404(request, rows.prefetch_related("lines"), act_id, side)
    return found


def _above(contract: Contract, side: str) -> str:
    return reverse(f"{side}:acts", args=[contract.pk])


def _read(request: HttpRequest, found: AcceptanceAct, side: str, *, wrong: Any = None, **more: Any) -> HttpResponse:
    context = {
        "act": found,
        "lines": read_act_lines(found, lines_of(found)),
        "deductions": found.deductions.select_related("ground"),
        "corrections": found.corrections.exclude(state=ActState.WITHDRAWN).order_by("number"),
        "payments": found.payments.select_related("funding__line", "undone_by").order_by("paid_on", "pk"),
        "to_pay": payable(found) if found.state == ActState.ACCEPTED else None,
        "wrong": wrong,
        "key": uuid4(),
        **more,
    }
    status = 422 if wrong is not None else 200
    return page(request, "delivery/act.html", found.contract, side, status=status, **context)
