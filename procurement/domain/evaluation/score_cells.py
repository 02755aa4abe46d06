"""The cells of one score sheet: kept one by one, counted, written down in the one form that is digested."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any, Final

from django.utils.translation import gettext as _

from procurement.domain.evaluation.scale import NOT_APPLICABLE, Criterion, criteria_of, points_text
from procurement.domain.evaluation.steps import rubric_of
from procurement.models import Score, ScoreSheet
from procurement.queries.scoring import Cell, Item, items_of, scores_by_cell
from registry.domain.draft_saving import Conflict

# what a cell says: {"points": "3" | "" | "na", "reason": text}
Told = dict[str, str]
EMPTY: Final[Told] = {"points": "", "reason": ""}
LONGEST_REASON: Final = 5000


@dataclass(slots=True)
class KeptScores:
    """What a save did: the sheet, what each cell sent says now, those refused with the reason, those contested."""

    sheet: ScoreSheet
    values: dict[Cell, Told] = field(default_factory=dict)
    refused: dict[Cell, str] = field(default_factory=dict)
    conflicts: list[Conflict] = field(default_factory=list)


def told_by(score: Score | None) -> Told:
    """Return what a row says as a page has it."""
    if score is None:
        return dict(EMPTY)
    if score.points is not None:
        return {"points": points_text(score.points), "reason": score.reason}
    return {"points": NOT_APPLICABLE if score.is_given else "", "reason": score.reason}


def places_of(sheet: ScoreSheet) -> dict[Cell, tuple[Item, Criterion]]:
    """Return every cell that the sheet has, in its order: lots, proposals, criteria."""
    criteria = criteria_of(rubric_of(sheet.round.competition))
    return {item.cell(one.code): (item, one) for item in items_of(sheet.round) for one in criteria}


def keep_cells(sheet: ScoreSheet, version: int, cells: Mapping[Cell, Mapping[str, Any]], now: datetime) -> KeptScores:
    """Write into a sheet that the caller holds; who names a version not made yet has read nothing of it."""
    places, rows = places_of(sheet), scores_by_cell(sheet)
    read = version if 0 <= version <= sheet.version else 0
    kept, done = KeptScores(sheet), []
    for cell, told in cells.items():
        if cell not in places:
            kept.refused[cell] = _("There is no such place in your sheet any more.")
            continue
        item, criterion = places[cell]
        mine, reason = _read(criterion, told)
        if reason:
            kept.refused[cell] = reason
            continue
        row = rows.get(cell)
        theirs = told_by(row)
        if mine != theirs and row is not None and row.version > read:
            kept.conflicts.append(Conflict(cell, mine, theirs, str(sheet.member), sheet.saved_at))
            continue
        kept.values[cell] = mine
        if mine != theirs:
            done.append(_filled(row or _row(sheet, item, criterion), mine))
    _write(sheet, done, now)
    return kept


def missing_cells(sheet: ScoreSheet) -> list[Cell]:
    """Return the cells without points, and those that have none on purpose but no reason for it."""
    rows = scores_by_cell(sheet)
    return [cell for cell in places_of(sheet) if not is_complete(told_by(rows.get(cell)))]


def is_complete(told: Mapping[str, str]) -> bool:
    """Say whether a cell may be filed as it is."""
    return bool(told["points"]) and (told["points"] != NOT_APPLICABLE or bool(told["reason"]))


def scores_record(sheet: ScoreSheet) -> dict[str, Any]:
    """Return the canonical record whose digest the log has of a filed sheet: anybody who has it can compare."""
    rows = scores_by_cell(sheet)
    scores = []
    for cell, (item, criterion) in places_of(sheet).items():
        told = told_by(rows.get(cell))
        place = {"lot": item.lot.number, "proposal": item.proposal.number, "criterion": criterion.code}
        scores.append({**place, **told})
    competition = sheet.round.competition.number
    return {"competition": competition, "round": sheet.round.number, "salt": sheet.salt, "scores": scores}


def _read(criterion: Criterion, told: Mapping[str, Any]) -> tuple[Told, str]:
    """Return what a cell is to say in its canonical form, or the reason why it cannot."""
    points = str(told.get("points") or "").strip()
    reason = str(told.get("reason") or "").replace("\x00", "").replace("\r\n", "\n").strip()
    if len(reason) > LONGEST_REASON:
        return {}, _("Shorten the reason: it is longer than %(most)d characters.") % {"most": LONGEST_REASON}
    if points in ("", NOT_APPLICABLE):
        return {"points": points, "reason": reason}, ""
    number = criterion.read(points)
    if number is None:
        return {}, _("“%(name)s” has no such points. Choose one of its values.") % {"name": criterion.name}
    return {"points": points_text(number), "reason": reason}, ""


def _row(sheet: ScoreSheet, item: Item, criterion: Criterion) -> Score:
    return Score(sheet=sheet, lot=item.lot, proposal=item.proposal, criterion=criterion.code)


def _filled(row: Score, told: Told) -> Score:
    points = told["points"]
    row.points = None if points in ("", NOT_APPLICABLE) else Decimal(points)
    row.is_given = bool(points)
    row.reason = told["reason"]
    return row


def _write(sheet: ScoreSheet, done: list[Score], now: datetime) -> None:
    if not done:
        return
    sheet.version, sheet.saved_at = sheet.version + 1, now
    for row in done:
        row.version = sheet.version
    Score.objects.bulk_create([row for row in done if row.pk is None])
    Score.objects.bulk_update([row for row in done if row.pk is not None], ["points", "is_given", "reason", "version"])
    sheet.save(update_fields=["version", "saved_at"])
