"""A member's own sheet: the overview, one proposal at a time, filing."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from portal.kernel import clock
from portal.kernel.workflow import StepRefused
from procurement.domain.evaluation.score_cells import KeptScores, Told
from procurement.domain.evaluation.scoring import file_sheet, keep_scores
from procurement.enums import RoundState, SheetState
from procurement.interfaces.member_reading import proposal_name
from procurement.interfaces.score_sheet import (
    Base,
    ItemLine,
    SheetPage,
    changed,
    disagreements_of,
    read_posted,
    sheet_page,
)
from procurement.models import ScoreSheet
from procurement.queries.scoring import Cell
from procurement.views.commission.access import Seat, commission_page, page, sheet_or_404, signed_in
from registry.interfaces.application_reading import read_base, read_number


def is_writable(sheet: ScoreSheet) -> bool:
    """Say whether the sheet is a draft at a stage that takes drafts."""
    return sheet.state == SheetState.DRAFT and sheet.round.state in (RoundState.SCORING, RoundState.DISCUSSION)


@commission_page
@require_safe
def sheet(request: HttpRequest, pk: int) -> HttpResponse:
    seat, found = sheet_or_404(request, pk)
    return _overview(request, seat, found)


@commission_page
@require_http_methods(["GET", "HEAD", "POST"])
def score(request: HttpRequest, pk: int, lot: int, number: int) -> HttpResponse:
    """Score one proposal by all criteria; every button saves first."""
    seat, found = sheet_or_404(request, pk)
    whole = sheet_page(found)
    line = whole.line(lot, number)
    if line is None:
        raise Http404
    if not is_writable(found):
        return redirect("commission:sheet", pk)
    if request.method != "POST":
        return _one(request, seat, whole, line)
    base, told = read_base(request.POST.get("base", "")), read_posted(line, request.POST)
    kept = keep(request, found, base, changed(told, base))
    if kept.conflicts:
        return ask_which(request, seat, kept, request.path)
    if kept.refused:
        found.refresh_from_db(fields=["version", "saved_at"])
        base |= {cell: (found.version, one) for cell, one in kept.values.items()}
        return _one(request, seat, whole, line, base=base, told=told, errors=kept.refused)
    return redirect(_onward(request, pk, whole, line))


@commission_page
@require_POST
def file(request: HttpRequest, pk: int) -> HttpResponse:
    """File the whole sheet; where something is missing the overview says what."""
    seat, found = sheet_or_404(request, pk)
    version = read_number(request.POST.get("version"))
    try:
        file_sheet(sheet_id=found.pk, user=signed_in(request), version=version, now=clock.moment())
    except StepRefused as refusal:
        return _overview(request, seat, found, reason=str(refusal.reason))
    messages.success(request, _("Your scores are filed. Now you see what the others have filed."))
    return redirect("commission:scores", pk)


def keep(request: HttpRequest, found: ScoreSheet, base: Base, told: dict[Cell, Told]) -> KeptScores:
    """Save cells, each by the version that its field was read at."""
    kept = KeptScores(found)
    versions = sorted({base.get(cell, (0, None))[0] for cell in told})
    for version in versions:
        cells = {cell: one for cell, one in told.items() if base.get(cell, (0, None))[0] == version}
        done = keep_scores(sheet_id=found.pk, user=signed_in(request), version=version, cells=cells, now=clock.moment())
        kept.values |= done.values
        kept.refused |= done.refused
        kept.conflicts += done.conflicts
        kept.sheet = done.sheet
    return kept


def ask_which(request: HttpRequest, seat: Seat, kept: KeptScores, onward: str) -> HttpResponse:
    """Ask which of two versions stays."""
    contested = disagreements_of(sheet_page(kept.sheet), kept.conflicts)
    context = {"contested": contested, "sheet": kept.sheet, "onward": onward}
    return page(request, "commission/conflicts.html", seat, status=409, **context)


def _overview(request: HttpRequest, seat: Seat, found: ScoreSheet, *, reason: str = "") -> HttpResponse:
    told = sheet_page(found)
    lines = [(proposal_name(line.item.proposal, blind=seat.is_blind), line) for line in told.lines]
    context = {"told": told, "lines": lines, "may_write": is_writable(found), "reason": reason}
    return page(request, "commission/sheet.html", seat, status=422 if reason else 200, **context)


def _one(
    request: HttpRequest,
    seat: Seat,
    whole: SheetPage,
    line: ItemLine,
    *,
    base: Base | None = None,
    told: dict[Cell, Told] | None = None,
    errors: dict[Cell, str] | None = None,
) -> HttpResponse:
    """Draw the page of one proposal; what was typed stands in it again, a fault beside its criterion."""
    begun = whole.base_json(line, base)
    for control in line.controls:
        control.told = (told or {}).get(control.path, control.told)
        control.error = (errors or {}).get(control.path, "")
    before, after = whole.beside(line)
    context: dict[str, Any] = {
        "whole": whole,
        "line": line,
        "name": proposal_name(line.item.proposal, blind=seat.is_blind),
        "before": before,
        "after": after,
        "place": whole.lines.index(line) + 1,
        "base_json": begun,
        "errors": [(control.path, control.error) for control in line.controls if control.error],
    }
    return page(request, "commission/score.html", seat, status=422 if errors else 200, **context)


def _onward(request: HttpRequest, pk: int, whole: SheetPage, line: ItemLine) -> str:
    """Return where the pressed button leads: the next proposal, or the overview at the end."""
    _before, after = whole.beside(line)
    if "overview" in request.POST or after is None:
        return reverse("commission:sheet", args=[pk])
    return reverse("commission:score", args=[pk, *after.key])
