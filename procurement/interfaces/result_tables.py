"""The published texts of a ranking as tables for people: places, points by criterion and member, the path of ties."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import cached_property
from typing import Any, Final

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from portal.kernel.models.reference import in_language
from procurement.domain.evaluation.ranked import ranked
from procurement.enums import RankOutcome

TONES: Final = {RankOutcome.WINNER: "ok", RankOutcome.RESERVE: "", RankOutcome.UNDECIDED: "sun"}
# proposal's number, lot's number
Key = tuple[int, int]
# criterion, lot, proposal
NoteKey = tuple[str, int, int]


@dataclass(frozen=True, slots=True)
class Criterion:
    """A criterion of the rubric that the scores were given by."""

    code: str
    name: str
    weight: str
    most: str
    threshold: Decimal | None


@dataclass(frozen=True, slots=True)
class Points:
    """What one member gave for a criterion of a proposal; no points are "not applicable"."""

    member: str
    points: Decimal | None
    reason: str

    @property
    def words(self) -> str:
        return written(self.points) if self.points is not None else _("not applicable")


@dataclass(frozen=True, slots=True)
class CriterionLine:
    """One criterion of one proposal: its value in the ranking, what each member gave and why, the commission's note."""

    criterion: Criterion
    value: Decimal | None
    given: tuple[Points, ...]
    note: str

    @property
    def words(self) -> str:
        return written(self.value) if self.value is not None else _("not applicable")

    @property
    def is_below(self) -> bool:
        least = self.criterion.threshold
        return least is not None and (self.value or Decimal(0)) < least


@dataclass(frozen=True, slots=True)
class RankLine:
    """A proposal in the ranking of a lot."""

    lot: int
    place: str
    number: int
    name: str
    total: Decimal
    asked: Decimal | None
    outcome: str
    # the step of the tie path that told it from an equal one
    tie: str
    criteria: tuple[CriterionLine, ...]

    @property
    def total_words(self) -> str:
        return written(self.total)

    @property
    def outcome_words(self) -> str:
        return RankOutcome.words(self.outcome)

    @property
    def tone(self) -> str:
        return TONES.get(self.outcome, "bad")

    @property
    def has_won(self) -> bool:
        return self.outcome == RankOutcome.WINNER


@dataclass(frozen=True)
class LotTable:
    """The ranking of one lot with all that it was made from."""

    number: int
    title: str
    budget: Decimal | None
    threshold: Decimal | None
    criteria: tuple[Criterion, ...]
    lines: tuple[RankLine, ...]

    @cached_property
    def winners(self) -> tuple[RankLine, ...]:
        return tuple(line for line in self.lines if line.has_won)

    def line_of(self, proposal: int) -> RankLine | None:
        return next((line for line in self.lines if line.number == proposal), None)


def written(value: Decimal) -> str:
    """Write points as they stand in the file, with the decimal sign of the language."""
    exponent = value.as_tuple().exponent
    return number_format(value, -exponent if isinstance(exponent, int) and exponent < 0 else 0)


def lot_tables(
    texts: Mapping[str, str],
    names: Mapping[int, str],
    reasons: Mapping[tuple[str, str, int, int], str] | None = None,
    notes: Mapping[NoteKey, str] | None = None,
) -> list[LotTable]:
    """Return the tables of all lots from the texts `scores`, `rubric` and `ranking` of a decision.

    `names` are the applicants by the numbers of their proposals; `reasons` by (member, criterion, lot, proposal).
    """
    if not texts.get("ranking"):
        return []
    rubric = json.loads(texts["rubric"])
    criteria = tuple(_criterion(row) for row in rubric["rubric"]["criteria"])
    given = _given(texts["scores"], reasons or {})
    rows = ranked(texts["ranking"])
    return [
        LotTable(
            number=int(lot["number"]),
            title=str(lot.get("title") or ""),
            budget=_number(lot.get("budget")),
            threshold=_number(rubric["rubric"].get("threshold")),
            criteria=criteria,
            lines=tuple(
                _line(row, criteria, given, names, notes or {}) for row in rows if row["lot"] == str(lot["number"])
            ),
        )
        for lot in rubric["lots"]
    ]


def tie_path(rubric_text: str) -> list[str]:
    """Return in sentences how equal totals are told apart by the rubric, in their order."""
    if not rubric_text:
        return []
    rubric = json.loads(rubric_text)["rubric"]
    names = {row["code"]: _criterion(row).name for row in rubric["criteria"]}
    return [_step_words(step, names) for step in rubric.get("ties") or ()]


def tie_words(line: RankLine, lot: LotTable) -> str:
    """Say by which step of the tie path the proposal was told from an equal one."""
    names = {one.code: one.name for one in lot.criteria}
    by, _colon, code = line.tie.partition(":")
    return _step_words({"by": by, "criterion": code}, names) if line.tie else ""


def rounding_words(rubric_text: str) -> str:
    """Say by what rule totals are rounded."""
    if not rubric_text:
        return ""
    rule = json.loads(rubric_text)["rubric"].get("rounding") or {}
    name = {
        "half_up": _("half up"),
        "half_even": _("half to even"),
        "down": _("down"),
        "up": _("up"),
    }.get(str(rule.get("rule")), str(rule.get("rule") or ""))
    words = {"digits": rule.get("digits", 0), "rule": name}
    return _("Totals are rounded once, to %(digits)s digits after the point, %(rule)s.") % words if rule else ""


# --- reading the texts ---------------------------------------------------------------------------------------------


def _criterion(row: Mapping[str, Any]) -> Criterion:
    return Criterion(
        code=str(row["code"]),
        name=in_language(str(row.get("name_uk") or row["code"]), str(row.get("name_en") or "")),
        weight=str(row.get("weight") or ""),
        most=str(row.get("max") or ""),
        threshold=_number(row.get("threshold")),
    )


def _given(text: str, reasons: Mapping[tuple[str, str, int, int], str]) -> dict[NoteKey, tuple[Points, ...]]:
    found: dict[NoteKey, list[Points]] = {}
    for row in ranked(text):
        lot, proposal = int(row["lot"]), int(row["proposal"])
        reason = reasons.get((row["member"], row["criterion"], lot, proposal), "")
        points = Points(row["member"], _number(row["points"]), reason)
        found.setdefault((row["criterion"], lot, proposal), []).append(points)
    return {key: tuple(points) for key, points in found.items()}


def _line(
    row: Mapping[str, str],
    criteria: Iterable[Criterion],
    given: Mapping[NoteKey, tuple[Points, ...]],
    names: Mapping[int, str],
    notes: Mapping[NoteKey, str],
) -> RankLine:
    lot, number = int(row["lot"]), int(row["proposal"])
    return RankLine(
        lot=lot,
        place=row["place"],
        number=number,
        name=names.get(number, ""),
        total=_number(row["total"]) or Decimal(0),
        asked=_number(row["asked"]),
        outcome=row["outcome"],
        tie=row["tie"],
        criteria=tuple(
            CriterionLine(
                one,
                _number(row.get(one.code)),
                given.get((one.code, lot, number), ()),
                notes.get((one.code, lot, number), ""),
            )
            for one in criteria
        ),
    )


def _step_words(step: Mapping[str, Any], names: Mapping[str, str]) -> str:
    code = str(step.get("criterion") or "")
    by = str(step.get("by") or "")
    if by == "criterion" and code:
        return _("more points for “%(name)s”") % {"name": names.get(code, code)}
    return {
        "criterion": _("more points for the criterion that the rubric names first"),
        "asked": _("a higher sum asked for") if step.get("order") == "higher" else _("a lower sum asked for"),
        "earlier": _("submitted earlier"),
        "casting": _("the casting vote of the chair, or a drawing of lots"),
    }.get(by, by)


def _number(text: Any) -> Decimal | None:
    if text in (None, ""):
        return None
    try:
        return Decimal(str(text))
    except InvalidOperation:
        return None
