"""How proposals stay sealed until they are opened, and what could still go wrong, in plain words."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from registry.views.caching import public_page


@public_page
def sealing(request: HttpRequest) -> HttpResponse:
    return render(request, "procurement/competitions/sealing.html")
