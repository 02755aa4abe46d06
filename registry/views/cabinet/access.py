"""Who opens a page of the cabinet: whoever speaks for the organisation; to others the application does not exist."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING, Any, cast
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.cache import patch_cache_control

from portal.accounts.models import Organisation
from portal.kernel.workflow import StepRefused
from registry import rules
from registry.enums import ApplicationKind, ApplicationState
from registry.models import Application

if TYPE_CHECKING:
    from portal.accounts.models import User

View = Callable[..., HttpResponseBase]


class MovedOnError(Exception):
    """The application is past the page that was asked for: its own page says where it stands."""

    def __init__(self, pk: UUID) -> None:
        super().__init__(str(pk))
        self.pk = pk


def cabinet_page(view: View) -> View:
    """Ask for sign-in, keep the page out of every store, and let no refusal tell that there is something."""

    @login_required
    @wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            response = view(request, *args, **kwargs)
        except (PermissionDenied, Application.DoesNotExist, Organisation.DoesNotExist) as error:
            raise Http404 from error
        except MovedOnError as moved:
            response = redirect("cabinet:application", pk=moved.pk)
        except StepRefused as refusal:
            # what became impossible while the page was open, where the page itself does not say it
            messages.error(request, str(refusal.reason))
            response = redirect("cabinet")
        patch_cache_control(response, private=True, no_store=True)
        return response

    return wrapped


def signed_in(request: HttpRequest) -> User:
    return cast("User", request.user)


def application_or_404(request: HttpRequest, pk: UUID, *states: str) -> Application:
    """Return the application for those who may write for its organisation, in one of the states if any are named.

    A page of another state that is only looked at leads to where the application stands now (`MovedOnError`).
    """
    rows = Application.objects.exclude(kind=ApplicationKind.INITIATIVE).select_related(
        "organisation", "entry", "decision", "profile", "receipt", "created_by", "submitted_by"
    )
    application = get_object_or_404(rows, pk=pk)
    if not rules.can_draft_application(request.user, application):
        raise Http404
    if states and application.state not in states:
        if request.method in {"GET", "HEAD"}:
            raise MovedOnError(application.pk)
        raise Http404
    return application


def is_draft(application: Application) -> bool:
    return application.state == ApplicationState.DRAFT


def page(
    request: HttpRequest, template: str, application: Application, *, status: int = 200, **context: Any
) -> HttpResponse:
    """Draw a page of the application in the frame that all of them share."""
    told = {"application": application, "organisation": application.organisation, "place": "organisations", **context}
    return render(request, template, told, status=status)
