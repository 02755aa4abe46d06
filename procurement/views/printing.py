"""Papers handed out from the press, and what is said while it is busy."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from procurement.models import Competition, Contract
from registry.interfaces.press import PressBusyError
from registry.views.printing import pdf_file, press_busy

# the address of the page above a paper, and the words of the link to it
Above = tuple[str, str]


def above_competition(competition: Competition) -> Above:
    return reverse("procurement:competition", args=[competition.number]), _("Back to the competition")


def above_contract(contract: Contract, page: str = "procurement:contract") -> Above:
    """Return the public page of the contract, or the one in a cabinet that `page` names."""
    key = contract.number if page == "procurement:contract" else contract.pk
    return reverse(page, args=[key]), _("Back to the contract")


def hand_out(request: HttpRequest, make: Callable[[], bytes], name: str, above: Above) -> HttpResponse:
    """Hand out the paper, or say that the press is busy."""
    try:
        content = make()
    except PressBusyError:
        return paper_busy(request, above)
    response = pdf_file(content, name)
    response["X-Content-Type-Options"] = "nosniff"
    return response


def paper_busy(request: HttpRequest, above: Above) -> HttpResponse:
    """Ask to come back for the very same paper."""
    back, words = above
    return press_busy(request, "procurement/busy.html", again=request.get_full_path(), back=back, back_words=words)
