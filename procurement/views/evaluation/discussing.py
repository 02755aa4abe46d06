"""What members and officials do on a page of the discussion: notes, returned sheets, equals told apart."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, cast

from django.contrib import messages
from django.http import HttpRequest
from django.utils.translation import gettext as _

from portal.kernel import clock
from portal.kernel.workflow import StepRefused
from procurement.domain.evaluation.rankings import record_tie_break
from procurement.domain.evaluation.scoring import put_note, return_sheet
from procurement.interfaces.discussion import Discussion, Equals, discussion_of
from procurement.models import EvaluationRound
from registry.interfaces.application_reading import read_number

if TYPE_CHECKING:
    from portal.accounts.models import User

LONGEST = 5000


def take(request: HttpRequest, round_: EvaluationRound, *, blind: bool) -> Discussion | None:
    """Do what the form asks; return the page with the fault beside its field, or nothing where it is done."""
    act = next((name for name in _ACTS if name in request.POST), "")
    return _ACTS[act](request, round_, blind) if act else discussion_of(round_, _user(request), blind=blind)


def _note(request: HttpRequest, round_: EvaluationRound, blind: bool) -> Discussion | None:
    path, text = request.POST["note"], _text(request, "text")
    lot, _colon, rest = path.partition(":")
    number, _colon, criterion = rest.partition(":")
    try:
        put_note(
            round_id=round_.pk,
            lot=read_number(lot),
            proposal=read_number(number),
            criterion=criterion,
            text=text,
            user=_user(request),
            now=clock.moment(),
        )
    except StepRefused as refusal:
        told = discussion_of(round_, _user(request), blind=blind)
        row = told.comparison.row(path)
        told.error = str(refusal.reason)
        if row is not None:
            row.typed, row.error = text, str(refusal.reason)
        return told
    messages.success(request, _("The note is written down."))
    return None


def _return(request: HttpRequest, round_: EvaluationRound, blind: bool) -> Discussion | None:
    key, reason = read_number(request.POST["return"]), _text(request, "reason")
    sheet = round_.sheets.get(pk=key)
    try:
        return_sheet(sheet_id=sheet.pk, user=_user(request), reason=reason, now=clock.moment())
    except StepRefused as refusal:
        told = discussion_of(round_, _user(request), blind=blind)
        told.refused_return, told.error, told.typed = key, str(refusal.reason), reason
        return told
    messages.success(request, _("The sheet is returned to its member; what was filed is kept."))
    return None


def _tie(request: HttpRequest, round_: EvaluationRound, blind: bool) -> Discussion | None:
    lot, kind, reason = read_number(request.POST["tie"]), request.POST.get("kind", ""), _text(request, "reason")
    told = discussion_of(round_, _user(request), blind=blind)
    equals = next((one for one in told.equals if one.lot == lot), None)
    if equals is None:
        told.error = _("No proposals are equal in this lot any more.")
        return told
    typed = {number: request.POST.get(f"place-{number}", "") for number, _name, _place in equals.proposals}
    equals.kind, equals.reason = kind, reason
    equals.proposals = [(number, name, typed[number]) for number, name, _place in equals.proposals]
    try:
        record_tie_break(
            round_id=round_.pk,
            lot=lot,
            kind=kind,
            order=_order(typed, equals),
            reason=reason,
            user=_user(request),
            now=clock.moment(),
        )
    except StepRefused as refusal:
        equals.error = told.error = str(refusal.reason)
        return told
    messages.success(request, _("The order of the equal proposals is recorded."))
    return None


def _order(typed: Mapping[int, str], equals: Equals) -> list[int]:
    """Return the numbers from the first place on; raises `StepRefused` where two have the same."""
    if sorted(typed.values()) != equals.places:
        raise StepRefused(_("Give each of them a place of its own."))
    return sorted(typed, key=lambda number: typed[number])


def _user(request: HttpRequest) -> User:
    return cast("User", request.user)


def _text(request: HttpRequest, name: str) -> str:
    text: str = request.POST.get(name, "").replace("\x00", "").replace("\r\n", "\n").strip()
    return text[:LONGEST]


_ACTS: dict[str, Callable[[HttpRequest, EvaluationRound, bool], Discussion | None]] = {
    "note": _note,
    "return": _return,
    "tie": _tie,
}
