"""What pages may do: the desk's policy, looser than the portal's own, and what of the device any page may use.

Wagtail writes styles and scripts into its pages, hence two policies of content.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from csp.constants import HEADER
from csp.decorators import csp_replace
from django.conf import settings
from django.http import HttpRequest, HttpResponseBase

DESK: Final = "/admin/"


class DeskPolicyMiddleware:
    """Puts `DESK_POLICY` in place of the portal's policy on every answer of the desk."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._of_the_portal = get_response
        self._of_the_desk = csp_replace(settings.DESK_POLICY)(get_response)

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if not request.path.startswith(DESK):
            return self._of_the_portal(request)
        response = self._of_the_desk(request)
        # a preview is answered by the portal inside the desk and brings the portal's policy, which forbids the frame
        del response[HEADER]
        return response


class PermissionsPolicyMiddleware:
    """Says on every answer which abilities of the device its page may ask for."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._get_response = get_response
        self._said = ", ".join(f"{name}={who}" for name, who in settings.PERMISSIONS_POLICY.items())

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self._get_response(request)
        response["Permissions-Policy"] = self._said
        return response
