"""The version in preparation, page by page: terms, services, funding, words, why it amends."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from portal.kernel import clock
from portal.kernel.calendar import day_of
from procurement.domain.contracts.amending import begin_amendment, open_version, withdraw_amendment
from procurement.domain.contracts.drafting import (
    remove_line,
    save_draft,
    save_funding,
    save_line,
    save_sections,
    take_template,
)
from procurement.domain.contracts.templates import PLACES, templates_for
from procurement.domain.delivery.sums import taken_by_line
from procurement.interfaces.contract_draft_forms import FundingForm, LineForm, TermsForm, WhyForm, WordsForm, text_of
from procurement.interfaces.contract_forms import ReasonForm
from procurement.models import BudgetLine, Contract, ContractVersion
from procurement.views.contracting.access import METHODS, contracting_page, draft_or_moved, own, page, signed_in, taken
from registry.interfaces.application_reading import read_number


def _data(request: HttpRequest) -> Any:
    return request.POST if request.method == "POST" else None


def _save(
    request: HttpRequest, version: ContractVersion, form: Any, use_case: Callable[..., object], **told: Any
) -> bool:
    """Save a part of the draft, unless somebody else has saved since the page was made."""
    if not (form.is_bound and form.is_valid()):
        return False
    named = {"version_id": version.pk, "user": signed_in(request), "now": clock.moment()}
    return taken(request, lambda: use_case(base=form.cleaned_data.get("base", ""), **named, **told), form=form)


@contracting_page
@require_http_methods(METHODS)
def terms(request: HttpRequest, pk: int) -> HttpResponse:
    """Save title, days, how often the provider reports, terms of reports and payments."""
    contract, version = draft_or_moved(request, pk)
    form = TermsForm(_data(request), version=version)
    if _save(request, version, form, save_draft, values=form.told if form.is_bound and form.is_valid() else {}):
        return redirect("contracting:contract", pk)
    return page(request, "contracting/terms.html", contract, form=form, version=version)


@contracting_page
@require_safe
def lines(request: HttpRequest, pk: int) -> HttpResponse:
    """List the services with their sums, and what acts have taken of each."""
    contract, version = draft_or_moved(request, pk)
    rows = version.lines.select_related("service_type", "group").order_by("number")
    return page(request, "contracting/lines.html", contract, version=version, lines=rows, taken=taken_by_line(contract))


@contracting_page
@require_http_methods(METHODS)
def line(request: HttpRequest, pk: int, number: int | None = None) -> HttpResponse:
    """Fill in one service; without a number it is a new one."""
    contract, version = draft_or_moved(request, pk)
    known = version.lines.filter(number=number).first() if number is not None else None
    if number is not None and known is None:
        raise Http404
    form = LineForm(_data(request), version=version, line=known)
    values = form.told if form.is_bound and form.is_valid() else {}
    if _save(request, version, form, save_line, values=values, number=number):
        messages.success(request, _("The service is saved."))
        return redirect("contracting:lines", pk)
    return page(request, "contracting/line.html", contract, form=form, version=version, line=known)


@contracting_page
@require_POST
def line_remove(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    _contract, version = draft_or_moved(request, pk)
    remove_line(version_id=version.pk, user=signed_in(request), number=number, now=clock.moment())
    messages.success(request, _("The service is taken out."))
    return redirect("contracting:lines", pk)


@contracting_page
@require_http_methods(METHODS)
def funding(request: HttpRequest, pk: int) -> HttpResponse:
    """Say how much each budget line pays, beside what it has left."""
    contract, version = draft_or_moved(request, pk)
    rows = BudgetLine.objects.filter(hromada=contract.hromada).order_by("-year", "code", "pk")
    form = FundingForm(_data(request), version=version, lines=rows)
    sums = form.funding if form.is_bound and form.is_valid() else {}
    if _save(request, version, form, save_funding, funding=sums):
        return redirect("contracting:contract", pk)
    return page(request, "contracting/funding.html", contract, form=form, version=version)


@contracting_page
@require_http_methods(METHODS)
def text(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the words of the contract; they are changed by hand, or begun anew from a template."""
    contract, version = draft_or_moved(request, pk)
    if "template" in request.POST:
        return _take_template(request, contract, version)
    told = {"text": text_of(version.sections), "base": version.saved_at.isoformat()}
    form = WordsForm(_data(request), initial=told)
    sections = form.sections if form.is_bound and form.is_valid() else []
    if _save(request, version, form, save_sections, sections=sections):
        return redirect("contracting:contract", pk)
    templates = templates_for(contract.hromada, contract.channel)
    return page(
        request, "contracting/text.html", contract, form=form, version=version, templates=templates, places=PLACES
    )


def _take_template(request: HttpRequest, contract: Contract, version: ContractVersion) -> HttpResponse:
    chosen = templates_for(contract.hromada, contract.channel).filter(pk=read_number(request.POST["template"])).first()
    if chosen is None:
        raise Http404
    take_template(version_id=version.pk, user=signed_in(request), template_id=chosen.pk, now=clock.moment())
    messages.success(request, _("The text is begun anew from the template."))
    return redirect("contracting:text", contract.pk)


@contracting_page
@require_http_methods(METHODS)
def amend(request: HttpRequest, pk: int) -> HttpResponse:
    """Begin an amendment; then say on what ground and why, or give it up."""
    contract = own(request, pk, "in_force", "suspended")
    version = open_version(contract)
    if version is None:
        if request.method == "POST":
            begin_amendment(contract_id=pk, user=signed_in(request), now=clock.moment())
            return redirect("contracting:amend", pk)
        return page(request, "contracting/amend_begin.html", contract)
    version.contract = contract
    giving_up = ReasonForm(request.POST if "withdraw" in request.POST else None, prefix="up")
    if giving_up.is_bound and giving_up.is_valid() and _give_up(request, version, giving_up):
        return redirect("contracting:contract", pk)
    form = None
    if version.state == "draft":
        form = WhyForm(None if giving_up.is_bound else _data(request), version=version, on=day_of(clock.moment()))
        if _save(request, version, form, save_draft, values=form.told if form.is_bound and form.is_valid() else {}):
            return redirect("contracting:contract", pk)
    status = 422 if giving_up.errors else 200
    return page(
        request, "contracting/amend.html", contract, form=form, version=version, giving_up=giving_up, status=status
    )


def _give_up(request: HttpRequest, version: ContractVersion, form: ReasonForm) -> bool:
    def step() -> object:
        reason = form.cleaned_data["reason"]
        return withdraw_amendment(version_id=version.pk, user=signed_in(request), reason=reason, now=clock.moment())

    if not taken(request, step, form=form):
        return False
    messages.success(request, _("The amendment is given up; the contract goes on as it was."))
    return True
