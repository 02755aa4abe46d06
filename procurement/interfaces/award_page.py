"""What an official reads before deciding: who would win, how firmly, who did not agree or did not sign."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from procurement.domain.evaluation.outcomes import Outcome
from procurement.domain.evaluation.ranked import amount_of
from procurement.enums import RankOutcome
from procurement.interfaces.minutes_paper import MinutesPaper, Signed
from procurement.interfaces.minutes_scores import sensitivity_words
from procurement.models import Minutes
from procurement.ranking import sensitivity
from registry.templatetags.register import money


@dataclass(frozen=True, slots=True)
class AwardLine:
    """A proposal in the ranking that the decision rests on."""

    lot: str
    place: str
    number: str
    applicant: str
    total: str
    asked: str
    outcome: str
    has_won: bool


class AwardPage:
    """The outcome that follows now, of the minutes' ranking or of one made anew after a winner failed."""

    def __init__(self, minutes: Minutes, outcome: Outcome) -> None:
        self.minutes, self.outcome = minutes, outcome

    @cached_property
    def paper(self) -> MinutesPaper:
        return MinutesPaper.of(self.minutes)

    @property
    def lines(self) -> list[AwardLine]:
        names = self.paper.bids.applicants
        sums = [amount_of(row) for row in self.outcome.rows]
        return [
            AwardLine(
                lot=row["lot"],
                place=row["place"],
                number=row["proposal"],
                applicant=names.get(int(row["proposal"]), ""),
                total=row["total"],
                asked="" if asked is None else money(asked),
                outcome=RankOutcome.words(row["outcome"]),
                has_won=row["outcome"] == RankOutcome.WINNER,
            )
            for row, asked in zip(self.outcome.rows, sums, strict=True)
        ]

    @property
    def winners(self) -> list[AwardLine]:
        return [line for line in self.lines if line.has_won]

    @property
    def has_lots(self) -> bool:
        return len(self.paper.lots) > 1

    @property
    def sensitivity(self) -> list[str]:
        """Say how much hangs on whom in the ranking that the decision would rest on."""
        if not self.outcome.rows:
            return []
        found = sensitivity(self.outcome.texts.scores, self.outcome.texts.rubric)
        return sensitivity_words(found, self.paper.scores.names)

    @property
    def opinions(self) -> list[Signed]:
        return [one for one in self.paper.signed if one.opinion]
