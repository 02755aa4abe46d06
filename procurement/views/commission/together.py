"""What members do together: scores side by side and what is said to them, the minutes and their signatures."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from portal.kernel import clock
from portal.kernel.workflow import StepRefused
from procurement import rules
from procurement.domain.evaluation.minutes import is_open_to_sign, sign_minutes
from procurement.enums import MinutesState
from procurement.interfaces.discussion import discussion_of
from procurement.interfaces.minutes_paper import MinutesPaper
from procurement.models import Minutes
from procurement.views.commission.access import Seat, commission_page, page, reader_or_404, round_of, signed_in
from procurement.views.evaluation.discussing import take
from procurement.views.evaluation.papers import minutes_answer


@commission_page
@require_http_methods(["GET", "HEAD", "POST"])
def scores(request: HttpRequest, pk: int) -> HttpResponse:
    """Show what the others filed, once all own is filed; in the discussion notes are written here."""
    seat = reader_or_404(request, pk)
    round_ = round_of(seat)
    if not rules.can_see_scores(signed_in(request), round_):
        raise Http404
    if request.method != "POST":
        told = discussion_of(round_, signed_in(request), blind=seat.is_blind)
        return page(request, "commission/scores.html", seat, told=told)
    refused = take(request, round_, blind=seat.is_blind)
    if refused is None:
        return redirect("commission:scores", pk)
    return page(request, "commission/scores.html", seat, status=422, told=refused)


@commission_page
@require_http_methods(["GET", "HEAD", "POST"])
def minutes(request: HttpRequest, pk: int) -> HttpResponse:
    """Read the minutes and sign them, with a separate opinion or without."""
    seat = reader_or_404(request, pk)
    found = _minutes(seat)
    if request.method != "POST":
        return _minutes_page(request, seat, found)
    opinion = request.POST.get("opinion", "").replace("\x00", "").strip()
    try:
        _require_read(request, found)
        sign_minutes(minutes_id=found.pk, user=signed_in(request), opinion=opinion, now=clock.moment())
    except StepRefused as refusal:
        return _minutes_page(request, seat, found, reason=str(refusal.reason), opinion=opinion)
    messages.success(request, _("You signed the minutes."))
    return redirect("commission:minutes", pk)


@commission_page
@require_safe
def minutes_paper(request: HttpRequest, pk: int) -> HttpResponse:
    """Hand the minutes out as a paper, to whoever may read them here."""
    seat = reader_or_404(request, pk)
    found = _minutes(seat)
    return minutes_answer(request, MinutesPaper.of(found))


def _require_read(request: HttpRequest, found: Minutes) -> None:
    """Let nobody sign other minutes than those that were shown."""
    if request.POST.get("digest") != found.digest:
        raise StepRefused(_("The minutes have changed since you read them. Read them once more."))


def _minutes(seat: Seat) -> Minutes:
    found = round_of(seat).minutes.exclude(state=MinutesState.WITHDRAWN).first()
    if found is None:
        raise Http404
    found.round = round_of(seat)
    return found


def _minutes_page(
    request: HttpRequest, seat: Seat, found: Minutes, *, reason: str = "", opinion: str = ""
) -> HttpResponse:
    paper = MinutesPaper.of(found)
    own = next((one for one in paper.signatures if one.member_id == seat.member.pk), None)
    context = {
        "minutes": found,
        "paper": paper,
        "own": own,
        "may_sign": own is None and is_open_to_sign(found) and seat.member.pk in paper.signing.may_sign,
        "reason": reason,
        "opinion": opinion,
    }
    return page(request, "commission/minutes.html", seat, status=422 if reason else 200, **context)
