"""Recusals as members have to do with them: anybody raises one about another, the chair or the deputy decides."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from portal.kernel import clock
from portal.kernel.workflow import StepRefused
from procurement.domain.evaluation.matching import applicants_of
from procurement.domain.evaluation.recusals import decide_recusal, judge_of, presiding_of, raise_recusal
from procurement.interfaces.interest_desk import active_members, interest_lines, line_of
from procurement.interfaces.interest_forms import DecideForm, RaiseForm
from procurement.models import Recusal
from procurement.views.commission.access import Seat, commission_page, page, reader_or_404, signed_in

METHODS = ["GET", "HEAD", "POST"]


@commission_page
@require_safe
def recusals(request: HttpRequest, pk: int) -> HttpResponse:
    """Show who presides what waits for a decision; other members have no such page."""
    seat = reader_or_404(request, pk)
    _require_presiding(request, seat)
    for_one = reverse("commission:recusal", args=[pk, 0]).removesuffix("0/")
    return page(request, "commission/recusals.html", seat, lines=interest_lines(seat.competition), for_one=for_one)


@commission_page
@require_http_methods(METHODS)
def recusal(request: HttpRequest, pk: int, key: int) -> HttpResponse:
    """Decide one recusal."""
    seat = reader_or_404(request, pk)
    _require_presiding(request, seat)
    rows = Recusal.objects.select_related("member", "organisation").filter(competition=seat.competition)
    found = get_object_or_404(rows, pk=key)
    found.competition = seat.competition
    if judge_of(found, signed_in(request)) is None:
        raise Http404
    form = DecideForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        confirm, reason = form.cleaned_data["answer"] == "confirm", form.cleaned_data["reason"]
        try:
            decide_recusal(recusal_id=key, confirm=confirm, reason=reason, user=signed_in(request), now=clock.moment())
        except StepRefused as refusal:
            form.add_error(None, str(refusal.reason))
        else:
            messages.success(request, _("Decided. The member and those who evaluate are told."))
            return redirect("commission:recusals", pk)
    status = 422 if form.errors else 200
    return page(request, "commission/recusal.html", seat, status=status, form=form, line=line_of(found))


@commission_page
@require_http_methods(METHODS)
def raise_one(request: HttpRequest, pk: int) -> HttpResponse:
    """Say that another member is tied to an applicant."""
    seat = reader_or_404(request, pk)
    others = active_members(seat.competition).exclude(pk=seat.member.pk)
    sent = request.POST if request.method == "POST" else None
    form = RaiseForm(sent, members=others, applicants=applicants_of(seat.competition))
    if form.is_bound and form.is_valid():
        try:
            raise_recusal(competition_id=pk, user=signed_in(request), now=clock.moment(), **form.values)
        except StepRefused as refusal:
            form.add_error(None, str(refusal.reason))
        else:
            messages.success(request, _("The recusal is proposed. Until it is decided, the member sees no proposal."))
            return redirect("commission:competition", pk)
    return page(request, "commission/recusal_raise.html", seat, status=422 if form.errors else 200, form=form)


def _require_presiding(request: HttpRequest, seat: Seat) -> None:
    if presiding_of(seat.competition, signed_in(request)) is None:
        raise Http404
