"""What pages behind a closed door share: sign-in, nothing kept or reported, and no refusal that tells of anything."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING, Any, cast

from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist, PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.views.decorators.debug import sensitive_post_parameters

from portal.accounts.access import cabinet_page
from portal.kernel.workflow import StepRefused

if TYPE_CHECKING:
    from portal.accounts.models import User

View = Callable[..., HttpResponseBase]


class MovedOnError(Exception):
    """The thing is past the page that was asked for: its own page says where it stands."""


def closed_door(*, thing: str, home: str) -> Callable[[View], View]:
    """Return what guards a view: `thing` names the page of what the address's `pk` is about, `home` the one above it.

    Who may not, finds nothing there; what became impossible while the page was open is told on the page of the thing.
    """

    def guard(view: View) -> View:
        @cabinet_page
        @sensitive_post_parameters()
        @wraps(view)
        def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            try:
                return view(request, *args, **kwargs)
            except (PermissionDenied, ObjectDoesNotExist) as error:
                raise Http404 from error
            except MovedOnError:
                return _back(kwargs)
            except StepRefused as refusal:
                messages.error(request, str(refusal.reason))
                return _back(kwargs)

        return wrapped

    def _back(kwargs: dict[str, Any]) -> HttpResponse:
        return redirect(thing, pk=kwargs["pk"]) if "pk" in kwargs else redirect(home)

    return guard


def signed_in(request: HttpRequest) -> User:
    return cast("User", request.user)
