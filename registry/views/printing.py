"""Printed papers as answers: the file itself, or that the press is busy."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from registry.interfaces.press import PATIENCE


def pdf_file(content: bytes, name: str, *, disposition: str = "inline") -> HttpResponse:
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = f'{disposition}; filename="{name}.pdf"'
    return response


def press_busy(request: HttpRequest, template: str, **context: Any) -> HttpResponse:
    """Ask to come back when somebody else's paper is printed."""
    response = render(request, template, context, status=503)
    response["Retry-After"] = str(int(PATIENCE))
    return response
