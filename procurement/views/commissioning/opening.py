"""The opening of proposals: those present, the recorded act, and what the proposals say from then on."""

from __future__ import annotations

from functools import wraps
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from portal.kernel.vault import VaultError
from portal.kernel.workflow import StepRefused
from procurement import rules
from procurement.domain.calls.calling import close
from procurement.domain.calls.phases import phase
from procurement.domain.evaluation.contents import answered_clarification, read_file
from procurement.domain.seal.attempts import note_refused
from procurement.domain.seal.opening import open_proposals
from procurement.domain.seal.proving import prove_digests, prove_opening
from procurement.enums import CompetitionState, Phase, ProposalState
from procurement.interfaces.call_forms import PresentFormSet
from procurement.interfaces.clarified import clarified_lines
from procurement.interfaces.member_reading import read_opened
from procurement.models import Competition, Opening, Proposal
from procurement.views.commissioning.access import (
    MovedOnError,
    View,
    commissioning_page,
    competition_or_404,
    page,
    signed_in,
)
from procurement.views.commissioning.running import METHODS

FIRST_ROWS = 3


def noting_attempts(view: View) -> View:
    """Write down who presses the button without the right or too early, whom the page itself lets come no further."""

    @wraps(view)
    def wrapped(request: HttpRequest, pk: int) -> HttpResponseBase:
        if request.method == "POST" and "add" not in request.POST and request.user.is_authenticated:
            found, now = Competition.objects.filter(pk=pk).first(), timezone.now()
            # of the others the step itself tells
            if found and (phase(found, now) != Phase.CLOSED or not rules.can_run_competition(request.user, found)):
                note_refused(competition=found, user=request.user, now=now)
        return view(request, pk)

    return wrapped


@noting_attempts
@commissioning_page
@require_http_methods(METHODS)
def opening(request: HttpRequest, pk: int) -> HttpResponse:
    """Record those present and open; afterwards show the record and the list of what was opened."""
    found = competition_or_404(request, pk)
    if found.state in CompetitionState.readable:
        return _record(request, found)
    if phase(found, timezone.now()) != Phase.CLOSED:
        raise MovedOnError(pk)
    if request.method != "POST":
        return _ask(request, found, PresentFormSet(initial=[{}] * FIRST_ROWS, prefix="person"))
    data = request.POST.copy()
    if "add" in data:
        counted = data.get("person-TOTAL_FORMS", "")
        number = int(counted) if counted.isascii() and counted.isdecimal() and len(counted) < 3 else 0  # noqa: PLR2004
        data["person-TOTAL_FORMS"] = str(number + 1)
        return _ask(request, found, PresentFormSet(data, prefix="person"))
    people = PresentFormSet(data, prefix="person")
    reason = _open(request, found, people) if people.is_valid() else ""
    if people.is_valid() and not reason:
        messages.success(request, _("The proposals are opened; the act is in the decision log."))
        return redirect("commissioning:opening", pk)
    return _ask(request, found, people, status=422, reason=reason, checked=True)


def _open(request: HttpRequest, found: Competition, people: Any) -> str:
    """Open; return the reason why it is not done, or nothing."""
    now = timezone.now()
    try:
        # the clock has closed it; the portal may not have written that down yet
        close(competition_id=found.pk, now=now)
        open_proposals(competition_id=found.pk, user=signed_in(request), present=people.present, now=now)
    except StepRefused as refusal:
        return str(refusal.reason)
    except VaultError:
        return _(
            "The sealing key of the portal is not there or does not fit, so nothing was opened and nothing is lost. "
            "The administrator of the portal has to bring the key."
        )
    return ""


def _ask(
    request: HttpRequest, found: Competition, people: Any, *, status: int = 200, reason: str = "", checked: bool = False
) -> HttpResponse:
    now = timezone.now()
    context = {
        "competition": found,
        "people": people,
        "reason": reason,
        "checked": checked,
        "may_open": bool(rules.can_run_competition(request.user, found)),
        "is_due": found.opening_at is None or found.opening_at <= now,
    }
    return page(request, "commissioning/opening.html", found.hromada, status=status, **context)


def _record(request: HttpRequest, found: Competition) -> HttpResponse:
    """Show the act with what proves it, and the proposals to those who may read them."""
    may_read = bool(rules.can_read_opened(request.user, found))
    act = Opening.objects.select_related("by").get(competition=found)
    act.competition = found
    context: dict[str, Any] = {
        "competition": found,
        "opening": act,
        "proposals": _opened(found) if may_read else [],
        "may_read": may_read,
        "proof": prove_opening(act) if may_read else None,
        "digests": None if may_read else prove_digests(act),
    }
    return page(request, "commissioning/opened.html", found.hromada, **context)


def _opened(found: Competition) -> list[Proposal]:
    """Return what was opened, and what was submitted but did not open, without their contents."""
    rows = found.proposals.filter(state=ProposalState.OPENED) | found.proposals.exclude(fault="")
    rows = rows.select_related("organisation").prefetch_related("lots__lot")
    return list(rows.defer("content", "draft", "draft_key").order_by("number"))


@commissioning_page
@require_safe
def opened_proposal(request: HttpRequest, pk: int, proposal: UUID) -> HttpResponse:
    """Show what one opened proposal says, an answered clarification laid over it, with its files."""
    found = _one(request, pk, proposal)
    told = read_opened(found, blind=False)
    if told is None:
        raise Http404
    answered = answered_clarification(found)
    context: dict[str, Any] = {
        "competition": found.competition,
        "proposal": found,
        "sections": told.sections,
        "files": told.files,
        "clarification": answered,
        "changes": clarified_lines(answered) if answered else [],
    }
    return page(request, "commissioning/opened_proposal.html", found.competition.hromada, **context)


@commissioning_page
@require_safe
def opened_file(request: HttpRequest, pk: int, proposal: UUID, file: UUID) -> HttpResponse:
    """Hand out a file of an opened proposal; no browser opens it as a page of this site."""
    found = _one(request, pk, proposal)
    try:
        about, content = read_file(found, str(file))
    except (KeyError, VaultError) as error:
        raise Http404 from error
    response = HttpResponse(content, content_type=about.get("type") or "application/octet-stream")
    response["Content-Disposition"] = content_disposition_header(True, str(about.get("name", "file"))) or "attachment"
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


def _one(request: HttpRequest, pk: int, proposal: UUID) -> Proposal:
    """Return an opened proposal for those who may read it (`rules.can_read_opened`); to others it does not exist."""
    competition = competition_or_404(request, pk, *CompetitionState.readable)
    if not rules.can_read_opened(request.user, competition):
        raise Http404
    rows = Proposal.objects.select_related("organisation", "competition__hromada", "competition_version")
    return get_object_or_404(rows, pk=proposal, competition=competition, content__isnull=False)
