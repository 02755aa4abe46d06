"""What a member declares and reads: the applicants' names, then the proposals and their files."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from portal.kernel import clock
from portal.kernel.vault import VaultError
from portal.kernel.workflow import StepRefused
from procurement import rules
from procurement.domain.evaluation.contents import read_file
from procurement.domain.evaluation.interests import applicants_of, declare
from procurement.enums import CompetitionState
from procurement.interfaces.member_declaration import DeclarationPage
from procurement.interfaces.member_reading import file_name, proposal_name, read_opened
from procurement.views.commission.access import (
    Seat,
    commission_page,
    page,
    proposal_or_404,
    reader_or_404,
    seat_or_404,
    signed_in,
)


@commission_page
@require_http_methods(["GET", "HEAD", "POST"])
def declaration(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask for ties to the applicants; a tie leads to a recusal, and then the competition is closed to the member."""
    seat = seat_or_404(request, pk)
    said = seat.member.declarations.filter(competition=seat.competition, replaced_at__isnull=True).first()
    posted = request.POST if request.method == "POST" else None
    asked = DeclarationPage.of(applicants_of(seat.competition), said, posted)
    is_open = seat.competition.state == CompetitionState.OPENED
    if request.method != "POST" or not is_open:
        return page(request, "commission/declare.html", seat, asked=asked, said=said, is_open=is_open)
    reason = "" if asked.errors else _declare(request, seat, asked)
    if asked.errors or reason:
        context = {"asked": asked, "said": said, "is_open": is_open, "reason": reason}
        return page(request, "commission/declare.html", seat, status=422, **context)
    if rules.was_recused(signed_in(request), seat.competition):
        words = _("Your declaration is recorded. Your recusal is proposed: until it is decided you take no part.")
        messages.info(request, words)
        return redirect("commission:home")
    messages.success(request, _("Your declaration is recorded."))
    return redirect("commission:competition", pk)


def _declare(request: HttpRequest, seat: Seat, asked: DeclarationPage) -> str:
    """Record the declaration; return the reason why it is not done, or nothing."""
    try:
        declare(competition_id=seat.competition.pk, user=signed_in(request), ties=asked.ties, now=clock.moment())
    except StepRefused as refusal:
        return str(refusal.reason)
    return ""


@commission_page
@require_safe
def proposal(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """Show what one proposal says, the clarified answers in their places."""
    seat = reader_or_404(request, pk)
    found = proposal_or_404(seat, number)
    opened = read_opened(found, blind=seat.is_blind)
    if opened is None:
        raise Http404
    name = proposal_name(found, blind=seat.is_blind)
    lots = [row.lot for row in found.lots.select_related("lot").order_by("lot__number")]
    return page(request, "commission/proposal.html", seat, proposal=found, name=name, opened=opened, lots=lots)


@commission_page
@require_safe
def file(request: HttpRequest, pk: int, number: int, file: UUID) -> HttpResponse:
    """Hand out a file of a proposal; no browser opens it as a page of this site."""
    seat = reader_or_404(request, pk)
    found = proposal_or_404(seat, number)
    try:
        about, content = read_file(found, str(file))
        name = file_name(found, str(file), blind=seat.is_blind)
    except (KeyError, VaultError) as error:
        raise Http404 from error
    response = HttpResponse(content, content_type=about.get("type") or "application/octet-stream")
    response["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response
