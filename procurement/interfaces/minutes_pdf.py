"""Signed minutes as a file, printed once for each of their states and languages; what their code says at any time."""

from __future__ import annotations

from typing import Final

from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from portal.kernel.models import VerificationCode
from portal.kernel.pdf import render_pdf
from portal.kernel.verification import Present
from procurement.enums import RoundState
from procurement.interfaces.minutes_paper import MinutesPaper
from procurement.models import Minutes
from registry.interfaces.press import print_once, print_unkept

# an edition of the template: papers printed by another one are printed anew
EDITION: Final = 1


def paper_name(paper: MinutesPaper) -> str:
    """Return the name under which the paper is kept: it holds all that what is printed depends on."""
    minutes = paper.minutes
    if minutes.code is None:
        raise ValueError(f"minutes {minutes.pk} are not signed and have no code")
    parts = ("minutes", minutes.code.code, get_language() or "", str(len(paper.signatures)), paper.standing)
    return "-".join((*parts, str(EDITION)))


def minutes_pdf(paper: MinutesPaper) -> bytes:
    """Return the minutes as they were printed, or print them; raises `PressBusyError`.

    A draft has no code yet and is not kept.
    """
    if paper.minutes.code is None:
        return print_unkept(lambda: _print(paper))
    return print_once(paper_name(paper), lambda: _print(paper))


def _print(paper: MinutesPaper) -> bytes:
    code = paper.minutes.code
    context = {"paper": paper, "kind": _("Minutes of a competition commission")}
    return render_pdf("procurement/pdf/minutes.html", context, title=paper.title, code=code.code if code else "")


def present_minutes(code: VerificationCode) -> Present:
    """Say how printed minutes stand to the competition today, for the page that verifies their code."""
    minutes = Minutes.objects.select_related("round__competition").filter(code=code).first()
    if minutes is None:
        return Present(holds=False)
    competition, state = minutes.round.competition, minutes.round.state
    links = ((_("The competition as it is today"), reverse("procurement:competition", args=[competition.number])),)
    if state == RoundState.ANNULLED:
        words = _("An appeal was upheld: this evaluation is annulled and the commission evaluates anew.")
        return Present(holds=False, words=(words,), links=links)
    if state == RoundState.ENDED:
        return Present(holds=False, words=(_("This evaluation ended without a decision."),), links=links)
    if state == RoundState.MINUTED:
        words = _("The minutes are signed; the commissioner has not decided on them yet, so they are not public.")
        return Present(holds=True, words=(words,), links=links)
    return Present(holds=True, words=(_("These minutes are in force, a decision rests on them."),), links=links)
