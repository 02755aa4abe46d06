"""What the members filed, side by side: how far apart the points lie, what is to be said to that, who is how strict."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal

from django.db.models import Count, Q
from django.utils.translation import gettext as _

from procurement import rules
from procurement.domain.evaluation.rankings import Spread, severity_of, spreads_of
from procurement.domain.evaluation.scale import NOT_APPLICABLE, Criterion, criteria_of
from procurement.domain.evaluation.score_cells import told_by
from procurement.domain.evaluation.steps import rubric_of
from procurement.domain.forms.words import amount_words
from procurement.enums import SheetState
from procurement.interfaces.member_reading import proposal_name
from procurement.models import ConsensusNote, EvaluationRound, Score, ScoreSheet
from procurement.queries.scoring import Cell, Item, cell_of, items_of


@dataclass(slots=True)
class Scorer:
    """A member with a sheet: how much of it is filled in, when it was filed, how the points lie against the others'."""

    sheet: ScoreSheet
    given: int
    count: int
    severity: str = ""

    @property
    def is_filed(self) -> bool:
        return self.sheet.state == SheetState.FILED

    @property
    def short(self) -> str:
        return self.sheet.member.name.split(" ")[0]


@dataclass(slots=True)
class Given:
    """What one member gave, and why."""

    scorer: Scorer
    points: str
    reason: str


@dataclass(slots=True)
class ComparedRow:
    """A criterion of a proposal: the members' points in their order, the mean, the spread, the commission's note."""

    path: Cell
    criterion: Criterion
    given: list[Given]
    mean: str
    spread: str
    needs_note: bool
    note: ConsensusNote | None
    typed: str = ""
    error: str = ""

    @property
    def lacks_note(self) -> bool:
        return self.needs_note and self.note is None

    @property
    def reasons(self) -> list[Given]:
        return [one for one in self.given if one.reason]


@dataclass(slots=True)
class ComparedItem:
    item: Item
    name: str
    rows: list[ComparedRow]


@dataclass(slots=True)
class Comparison:
    """`scorers` are all who have a sheet, `filed` those whose points stand in the table."""

    round: EvaluationRound
    scorers: list[Scorer]
    filed: list[Scorer] = field(default_factory=list)
    items: list[ComparedItem] = field(default_factory=list)
    lots: int = 1

    @property
    def lacking(self) -> list[tuple[ComparedItem, ComparedRow]]:
        return [(item, row) for item in self.items for row in item.rows if row.lacks_note]

    def row(self, path: Cell) -> ComparedRow | None:
        return next((row for item in self.items for row in item.rows if row.path == path), None)


def progress_of(round_: EvaluationRound) -> list[Scorer]:
    """Return who is how far, without a single point; a recused member is left out."""
    barred = rules.barred_members(round_.competition)
    complete = Q(scores__points__isnull=False) | (Q(scores__is_given=True) & ~Q(scores__reason=""))
    rows = round_.sheets.exclude(member__in=barred).select_related("member")
    rows = rows.annotate(given=Count("scores", filter=complete)).order_by("member__order", "member")
    count = len(items_of(round_)) * len(criteria_of(rubric_of(round_.competition)))
    return [Scorer(row, row.given, count) for row in rows]


def comparison_of(round_: EvaluationRound, *, blind: bool) -> Comparison:
    """Return the filed sheets side by side; whether the reader may see them, the caller has asked."""
    told = Comparison(round_, progress_of(round_))
    told.filed = [one for one in told.scorers if one.is_filed]
    rows, notes = _rows(told.filed), _notes(round_)
    spreads = {cell_of(one.lot, one.proposal, one.criterion): one for one in spreads_of(round_)}
    criteria = criteria_of(rubric_of(round_.competition))
    for item in items_of(round_):
        compared = ComparedItem(item, proposal_name(item.proposal, blind=blind), [])
        for criterion in criteria:
            path = item.cell(criterion.code)
            given = [_given(one, rows.get((one.sheet.pk, path))) for one in told.filed]
            compared.rows.append(_row(path, criterion, given, spreads.get(path), notes.get(path)))
        told.items.append(compared)
    told.lots = len({one.item.lot.pk for one in told.items})
    _weigh(told)
    return told


def _row(
    path: Cell, criterion: Criterion, given: list[Given], spread: Spread | None, note: ConsensusNote | None
) -> ComparedRow:
    if spread is None:
        return ComparedRow(path, criterion, given, "", "", False, note)
    mean, apart = _number(spread.mean), _number(spread.spread)
    return ComparedRow(path, criterion, given, mean, apart, spread.needs_note, note, note.text if note else "")


def _notes(round_: EvaluationRound) -> dict[Cell, ConsensusNote]:
    rows = round_.notes.select_related("lot", "proposal", "by").defer("proposal__content", "proposal__draft")
    return {cell_of(one.lot.number, one.proposal.number or 0, one.criterion): one for one in rows}


def _rows(scorers: Iterable[Scorer]) -> dict[tuple[int, Cell], Score]:
    rows = Score.objects.filter(sheet__in=[one.sheet.pk for one in scorers]).select_related("lot", "proposal")
    rows = rows.defer("proposal__content", "proposal__draft")
    return {(row.sheet_id, cell_of(row.lot.number, row.proposal.number or 0, row.criterion)): row for row in rows}


def _given(scorer: Scorer, row: Score | None) -> Given:
    told = told_by(row)
    points = _("n/a") if told["points"] == NOT_APPLICABLE else _number(row.points if row else None)
    return Given(scorer, points, told["reason"])


def _weigh(told: Comparison) -> None:
    """Say of each how much more or less they give than all do on the mean, over everything that is scored."""
    averages = {one.member_id: one.average for one in severity_of(told.round)}
    for scorer in told.filed:
        average = averages.get(scorer.sheet.member_id)
        scorer.severity = _signed(average) if average is not None else ""


def _signed(number: Decimal) -> str:
    sign = "+" if number > 0 else "−" if number < 0 else ""
    return f"{sign}{amount_words(abs(number), is_money=False)}"


def _number(number: Decimal | None) -> str:
    return "" if number is None else amount_words(number, is_money=False)
