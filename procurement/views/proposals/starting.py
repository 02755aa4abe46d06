"""Before a word is written: the conditions of the competition, and which of them an organisation meets."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from portal.accounts.models import Organisation
from portal.accounts.rules import mandates_of
from portal.kernel import clock
from portal.kernel.calendar import day_of
from portal.kernel.workflow import StepRefused
from procurement.domain.calls.phases import ends_at, phase
from procurement.domain.proposals.drafts import start_proposal
from procurement.domain.proposals.eligibility import requirements_of
from procurement.enums import Phase
from procurement.interfaces.moments import left_words
from procurement.models import Competition, Proposal
from procurement.views.proposals.access import proposal_page, signed_in


@proposal_page
@require_http_methods(["GET", "HEAD", "POST"])
def start(request: HttpRequest, number: str) -> HttpResponse:
    """Show the conditions for the organisation chosen; begin its proposal, or go on with the one there is."""
    competition = get_object_or_404(
        Competition.objects.public().select_related("commissioner__organisation"),
        # PostgreSQL takes no text with a NUL
        number=number.replace("\x00", ""),
    )
    organisations = _organisations(request)
    chosen = _chosen(request, organisations)
    if request.method == "POST" and chosen is not None:
        try:
            proposal = start_proposal(
                user=signed_in(request), competition_number=number, organisation_id=chosen.pk, now=clock.moment()
            )
        except StepRefused as refusal:
            messages.error(request, str(refusal.reason))
        else:
            return redirect("proposals:proposal", proposal.pk)
    return _page(request, competition, organisations, chosen)


def _organisations(request: HttpRequest) -> list[Organisation]:
    held = mandates_of(signed_in(request), day_of(clock.moment()))
    return list(Organisation.objects.filter(pk__in=held.values("organisation")).order_by("name", "pk"))


def _chosen(request: HttpRequest, organisations: list[Organisation]) -> Organisation | None:
    """Return the organisation that is asked about; who speaks for one alone is asked nothing."""
    wanted = request.POST.get("organisation") or request.GET.get("organisation") or ""
    found = next((one for one in organisations if str(one.pk) == wanted), None)
    return found or (organisations[0] if len(organisations) == 1 else None)


def _page(
    request: HttpRequest, competition: Competition, organisations: list[Organisation], chosen: Organisation | None
) -> HttpResponse:
    now = clock.moment()
    requirements = requirements_of(competition, chosen, now) if chosen else []
    ends = ends_at(competition, now)
    context = {
        "competition": competition,
        "organisations": organisations,
        "chosen": chosen,
        "requirements": requirements,
        "barred": any(one.met is False for one in requirements),
        "phase": phase(competition, now),
        "accepting": phase(competition, now) in Phase.accepting,
        "ends": ends,
        "left": left_words(ends, now) if ends else "",
        "now": now,
        "proposal": Proposal.objects.filter(competition=competition, organisation=chosen).first() if chosen else None,
    }
    return render(request, "cabinet/proposals/start.html", context)
