"""The policy of the desk, which is looser than the portal's own: Wagtail writes styles and scripts into its pages."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

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
        answer = self._of_the_desk if request.path.startswith(DESK) else self._of_the_portal
        return answer(request)
