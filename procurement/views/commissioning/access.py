"""Who opens a commissioner's page, and for which hromada; what belongs to another hromada does not exist for them."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING, Any, Final, cast
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ObjectDoesNotExist, PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.cache import patch_cache_control

from portal.kernel.workflow import StepRefused
from procurement import rules
from procurement.enums import CompetitionState
from procurement.models import Competition
from procurement.queries.commissioning import hromadas_seen_by
from registry.models import Territory

if TYPE_CHECKING:
    from portal.accounts.models import User

View = Callable[..., HttpResponseBase]

# the name of the parameter, of the form's hidden field and of what the session remembers
HROMADA: Final = "hromada"
REMEMBERED: Final = "commissioning_hromada"
SAFE: Final = frozenset({"GET", "HEAD"})


class ChooseHromadaError(Exception):
    """The official answers for several hromadas and has not said which one the page is about."""


class MovedOnError(Exception):
    """The competition is past the page that was asked for: its own page says where it stands."""

    def __init__(self, pk: int) -> None:
        super().__init__(str(pk))
        self.pk = pk


def commissioning_page(view: View) -> View:
    """Let in officials who order services, and auditors to look on; keep the page out of every store.

    Nobody learns that another hromada's thing exists: whatever is refused for want of a right is not found. The second
    factor was asked for before (`SecondFactorMiddleware`).
    """

    @login_required
    @wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not rules.is_commissioning_official(request.user) or not _may_send(request):
            raise Http404
        try:
            response = view(request, *args, **kwargs)
        except (PermissionDenied, ObjectDoesNotExist) as error:
            raise Http404 from error
        except ChooseHromadaError:
            response = redirect(f"{reverse('commissioning:home')}?{urlencode({'next': request.get_full_path()})}")
        except MovedOnError as moved:
            response = redirect("commissioning:call", moved.pk)
        except StepRefused as refusal:
            # what became impossible while the page was open, where the page itself does not say it
            messages.error(request, str(refusal.reason))
            response = redirect("commissioning:home")
        patch_cache_control(response, private=True, no_store=True)
        return response

    return wrapped


def _may_send(request: HttpRequest) -> bool:
    """Say whether the account may send anything: an auditor acts in no hromada."""
    return request.method in SAFE or rules.hromadas_of(request.user).exists()


def signed_in(request: HttpRequest) -> User:
    return cast("User", request.user)


def chosen_hromada(request: HttpRequest) -> Territory | None:
    """Return the hromada that the form or the address names, else the one chosen before, else the only one there is.

    A named one that the official does not answer for is not found.
    """
    seen = hromadas_seen_by(signed_in(request)).select_related("oblast")
    named = request.POST.get(HROMADA) or request.GET.get(HROMADA)
    if named:
        found = get_object_or_404(seen, code=named.replace("\x00", ""))
        if request.session.get(REMEMBERED) != found.code:
            request.session[REMEMBERED] = found.code
        return found
    if remembered := request.session.get(REMEMBERED):
        found = seen.filter(code=remembered).first()
        if found is not None:
            return found
    few = list(seen[:2])
    return few[0] if len(few) == 1 else None


def hromada_of(request: HttpRequest) -> Territory:
    """Return the hromada that the page is about; who has not chosen is asked to and then led back."""
    found = chosen_hromada(request)
    if found is None:
        raise ChooseHromadaError
    return found


def competition_or_404(request: HttpRequest, pk: int, *states: str) -> Competition:
    """Return a competition of the official's hromadas, in one of the states if any are named."""
    rows = Competition.objects.visible_to(signed_in(request)).select_related(
        "hromada__oblast", "commissioner__organisation", "profile", "decision", "form", "rubric", "draft_contract"
    )
    found = get_object_or_404(rows, pk=pk)
    if states and found.state not in states:
        raise Http404
    return found


def opened_or_moved(request: HttpRequest, pk: int) -> Competition:
    """Return a competition whose proposals are opened; raises `MovedOnError` before that."""
    found = competition_or_404(request, pk)
    if found.state not in CompetitionState.readable:
        raise MovedOnError(pk)
    return found


def page(request: HttpRequest, template: str, hromada: Territory, *, status: int = 200, **context: Any) -> HttpResponse:
    """Draw a page of the hromada in the frame that all of them share; `may_act` is false for who only looks on."""
    told = {"hromada": hromada, "may_act": rules.can_commission(request.user, hromada), **context}
    return render(request, template, told, status=status)
