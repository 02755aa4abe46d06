"""Reports on services given: written and filed in the provider's cabinet, returned or accepted in the official's."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from portal.kernel import clock
from portal.kernel.calendar import day_of
from portal.kernel.workflow import StepRefused
from procurement.contract_enums import ActState, ReportState
from procurement.domain.contracts.steps import lines_in_force
from procurement.domain.delivery.act_making import make_from_report
from procurement.domain.delivery.reports import (
    StaleReportError,
    accept_report,
    file_report,
    gaps_of,
    is_late,
    return_report,
    save_report,
)
from procurement.interfaces.report_forms import ReportForm, ReturnReportForm, read_lines
from procurement.models import Contract, ServiceReport
from procurement.views.delivery.access import (
    METHODS,
    OFFICIAL,
    PROVIDER,
    contract_or_404,
    key_of,
    of_own_or_404,
    official_page,
    page,
    provider_page,
    signed_in,
    tried,
)
from procurement.views.taking import taken


@official_page
@require_safe
def reports(request: HttpRequest, pk: int) -> HttpResponse:
    return _list(request, contract_or_404(request, pk, OFFICIAL), OFFICIAL)


@provider_page
@require_safe
def own_reports(request: HttpRequest, pk: int) -> HttpResponse:
    return _list(request, contract_or_404(request, pk, PROVIDER), PROVIDER)


def _list(request: HttpRequest, contract: Contract, side: str) -> HttpResponse:
    today = day_of(clock.moment())
    rows = [(row, is_late(row, today)) for row in contract.reports.order_by("number")]
    return page(request, "delivery/reports.html", contract, side, rows=rows)


@official_page
@require_http_methods(METHODS)
def report(request: HttpRequest, report_id: int) -> HttpResponse:
    """Show a report to the official, and take the acceptance or the return of a filed one."""
    found = _found(request, report_id, OFFICIAL)
    lines, user, now = lines_in_force(found.contract), signed_in(request), clock.moment()
    form = ReturnReportForm(request.POST if "return" in request.POST else None, lines=lines)
    here = redirect("contracting:report", report_id)
    if "accept" in request.POST:
        taken(
            request,
            lambda: accept_report(report_id=report_id, user=user, now=now),
            _("The report is accepted. Its words and units are public; a number of people below five never is."),
        )
        return here
    if form.is_bound and tried(
        request,
        form,
        lambda: return_report(
            report_id=report_id, user=user, reason=form.cleaned_data["reason"], remarks=form.remarks, now=now
        ),
        _("The report is returned with your remarks."),
    ):
        return here
    status = 422 if form.errors else 200
    return _read(request, found, OFFICIAL, form=form, status=status, may_decide=found.state == ReportState.FILED)


@provider_page
@require_http_methods(METHODS)
def own_report(request: HttpRequest, report_id: int) -> HttpResponse:
    """Let the provider write a report that waits or was returned; show any other one."""
    found = _found(request, report_id, PROVIDER)
    if found.state not in ReportState.open:
        return _read(request, found, PROVIDER)
    data = request.POST if request.method == "POST" else None
    form = ReportForm(data, report=found, lines=lines_in_force(found.contract))
    stale = None
    if form.is_bound and form.is_valid():
        try:
            return _kept(request, found, form)
        except StaleReportError as conflict:
            stale = conflict.report
            form.add_error(
                None, _("Somebody saved this report meanwhile. What you typed is still here: compare and save.")
            )
        except StepRefused as refusal:
            form.add_error(None, str(refusal.reason))
    return _sheet(request, form, found, stale)


def _sheet(
    request: HttpRequest, form: ReportForm, found: ServiceReport, stale: ServiceReport | None = None
) -> HttpResponse:
    """Draw the sheet with what was typed; it is compared with the version that is known now."""
    context = {
        "form": form,
        "report": found,
        "stale": stale,
        "version": (stale or found).version,
        "key": uuid4(),
        "today": day_of(clock.moment()),
    }
    status = 409 if stale else 422 if form.errors else 200
    return page(request, "delivery/report_form.html", found.contract, PROVIDER, status=status, **context)


def _kept(request: HttpRequest, found: ServiceReport, form: ReportForm) -> HttpResponse:
    """Save what was typed, and file it where the button says so and nothing is missing."""
    user, now = signed_in(request), clock.moment()
    version = form.cleaned_data["version"]
    saved = save_report(report_id=found.pk, user=user, version=version, facts=form.facts, now=now)
    if "file" not in request.POST:
        messages.success(request, _("The report is saved. The commissioner does not see it before it is filed."))
        return redirect("contractor:report", found.pk)
    gaps = gaps_of(saved)
    for gap in gaps:
        place = f"{gap.field}-0-units" if gap.field.startswith("line-") else gap.field
        form.add_error(place, gap.text)
    if gaps:
        return _sheet(request, form, saved)
    file_report(report_id=found.pk, user=user, key=key_of(request), now=now)
    messages.success(request, _("The report is filed. You hear by e-mail whether it is accepted."))
    return redirect("contractor:report", found.pk)


@provider_page
@require_POST
def report_act(request: HttpRequest, report_id: int) -> HttpResponse:
    """Begin the act of an accepted report, or go on with the one there is."""
    found, user = _found(request, report_id, PROVIDER), signed_in(request)
    try:
        act = make_from_report(report_id=found.pk, user=user, key=key_of(request), now=clock.moment())
    except StepRefused as refusal:
        messages.error(request, str(refusal.reason))
        return redirect("contractor:report", report_id)
    return redirect("contractor:act", act.pk)


def _found(request: HttpRequest, report_id: int, side: str) -> ServiceReport:
    rows = ServiceReport.objects.prefetch_related("rows")
    found: ServiceReport = of_own_or_404(request, rows, report_id, side)
    return found


def _read(request: HttpRequest, found: ServiceReport, side: str, *, status: int = 200, **more: Any) -> HttpResponse:
    """Draw a report as it stands; what the provider still writes is not the official's to read."""
    is_hidden = side == OFFICIAL and found.state in ReportState.open
    filings = list(found.filings.order_by("-number"))
    context = {
        "report": found,
        "lines": [] if is_hidden else read_lines(found, lines_in_force(found.contract)),
        "is_hidden": is_hidden,
        "is_late": is_late(found, day_of(clock.moment())),
        "filings": filings,
        "act": found.acts.exclude(state=ActState.WITHDRAWN).first(),
        "key": uuid4(),
        **more,
    }
    return page(request, "delivery/report.html", found.contract, side, status=status, **context)
