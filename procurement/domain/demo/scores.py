"""Scoring in an evaluation of the demonstration: defences, sheets, notes on what lies far apart, a broken tie."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from procurement.domain.demo.course import Course, Told
from procurement.domain.demo.material import texts
from procurement.domain.evaluation import defences, rankings, scoring
from procurement.domain.evaluation.steps import policy_of, rubric_of
from procurement.enums import AdmissionState, SheetState
from procurement.models import EvaluationRound, ScoreSheet


def defend(course: Course, held: EvaluationRound) -> None:
    """Hold a defence of each admitted proposal where the policy has them."""
    if not policy_of(course.competition)["has_defence"]:
        return
    for row in held.admissions.filter(state=AdmissionState.ADMITTED):
        made = defences.schedule(
            round_id=held.pk,
            proposal_id=str(row.proposal_id),
            at=course.at(course.days, hours=4),
            place=texts()["commission"]["place"],
            user=course.user,
            now=course.at(course.days),
        )
        defences.record(
            defence_id=made.pk,
            held=True,
            note=texts()["commission"]["defence"],
            user=course.user,
            now=course.at(course.days, hours=5),
        )


def score(course: Course, held: EvaluationRound, told: Told) -> None:
    """Have as many members score as the story says, each alone, hour by hour."""
    criteria = [one["code"] for one in rubric_of(course.competition)["criteria"]]
    sheets = held.sheets.filter(state=SheetState.DRAFT).select_related("member__user")
    for place, sheet in enumerate(sheets):
        if place >= told.get("filed", len(course.members)):
            break
        cells = _cells(course, held, sheet, criteria, told["points"])
        user, at = sheet.member.user, course.at(course.days, hours=3 + place)
        assert user is not None
        saved = scoring.save_scores(sheet_id=sheet.pk, user=user, version=sheet.version, cells=cells, now=at)
        scoring.file_sheet(sheet_id=sheet.pk, user=user, version=saved.version, now=at)
    course.days += 2


def _cells(
    course: Course, held: EvaluationRound, sheet: ScoreSheet, criteria: Sequence[str], points: Mapping[str, str]
) -> dict[str, dict[str, str]]:
    """Return the points of a member: those of the story, one of them a point off now and then."""
    cells = {}
    reasons = texts()["commission"]["reasons"]
    for row in held.admissions.filter(state=AdmissionState.ADMITTED).select_related("proposal"):
        told = points[str(row.proposal.number)]
        for lot in row.proposal.lots.values_list("lot__number", flat=True):
            for place, code in enumerate(criteria):
                value = int(told[place])
                # the same members lean the same way: harder ones and milder ones
                if (sheet.member.order + place) % 7 == 0 and not course.told.get("exact"):
                    value = max(value - 1, 0)
                cells[f"{lot}:{row.proposal.number}:{code}"] = {
                    "points": str(value),
                    "reason": reasons[value],
                }
    return cells


def note(course: Course, held: EvaluationRound) -> None:
    """Write a note wherever the spread asks for one."""
    for one in rankings.spreads_of(held):
        if one.needs_note:
            scoring.put_note(
                round_id=held.pk,
                lot=one.lot,
                proposal=one.proposal,
                criterion=one.criterion,
                text=texts()["commission"]["note"],
                user=course.user,
                now=course.at(course.days),
            )


def break_tie(course: Course, held: EvaluationRound, told: Told) -> None:
    """Record the casting vote, or the drawing, that the story tells of."""
    if tie := told.get("tie"):
        chair = course.members[0].user
        assert chair is not None
        rankings.record_tie_break(
            round_id=held.pk,
            lot=1,
            kind=tie["kind"],
            order=tie["order"],
            reason=tie["reason"],
            user=chair,
            now=course.at(course.days, hours=1),
        )
