"""Who opens a page of a proposal: the bidder's own people; to everybody else, officials too, there is no such page."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING, Any, cast
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.debug import sensitive_post_parameters

from portal.accounts.access import cabinet_page
from portal.accounts.models import Organisation
from portal.kernel import clock
from portal.kernel.workflow import StepRefused
from procurement import rules
from procurement.interfaces.proposal_reading import Draft, open_draft
from procurement.interfaces.proposal_status import ProposalStatus, status_of
from procurement.models import CoApplicant, Competition, Proposal

if TYPE_CHECKING:
    from portal.accounts.models import User

View = Callable[..., HttpResponseBase]


class MovedOnError(Exception):
    """The proposal is past the page that was asked for: its own page says where it stands."""


def proposal_page(view: View) -> View:
    """Ask for sign-in, keep the page out of every store and every report of errors, let no refusal tell of anything."""

    @cabinet_page
    @sensitive_post_parameters()
    @wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            return view(request, *args, **kwargs)
        except (
            PermissionDenied,
            Proposal.DoesNotExist,
            Competition.DoesNotExist,
            Organisation.DoesNotExist,
            CoApplicant.DoesNotExist,
        ) as error:
            raise Http404 from error
        except MovedOnError:
            return redirect("proposals:proposal", pk=kwargs["pk"])
        except StepRefused as refusal:
            # what became impossible while the page was open, where the page itself does not say it
            messages.error(request, str(refusal.reason))
            return redirect("proposals:proposal", pk=kwargs["pk"]) if "pk" in kwargs else redirect("cabinet")

    return wrapped


def signed_in(request: HttpRequest) -> User:
    return cast("User", request.user)


def proposal_or_404(request: HttpRequest, pk: UUID) -> Proposal:
    """Return the proposal for its own people and for those of co-applicants who agreed."""
    rows = Proposal.objects.select_related("competition", "organisation", "competition_version")
    proposal = get_object_or_404(rows, pk=pk)
    if not rules.can_view_proposal(signed_in(request), proposal):
        raise Http404
    return proposal


def open_or_moved(proposal: Proposal) -> tuple[Draft, ProposalStatus]:
    """Return a proposal that may be worked on now; one that may not leads to where it stands (`MovedOnError`)."""
    status = status_of(proposal, clock.moment())
    draft = open_draft(proposal) if status.is_open else None
    if draft is None:
        raise MovedOnError
    return draft, status


def page(request: HttpRequest, template: str, proposal: Proposal, *, status: int = 200, **context: Any) -> HttpResponse:
    """Draw a page of the proposal in the frame that all of them share."""
    told = {"proposal": proposal, "competition": proposal.competition, "organisation": proposal.organisation, **context}
    return render(request, template, told, status=status)
