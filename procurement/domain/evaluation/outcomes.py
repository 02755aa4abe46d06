"""What the ranking of a minuted round leads to, before anybody has decided: who wins, what is still equal."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from portal.kernel.workflow import StepRefused
from procurement.domain.evaluation.ranked import Row, lots_undecided, ranked, winners
from procurement.domain.evaluation.rankings import Frozen, freeze_ranking, standings_of
from procurement.enums import AwardOutcome, MinutesState
from procurement.models import EvaluationRound, Minutes


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the ranking alone leads to: its texts and rows, who wins, in which lots that is still undecided."""

    texts: Frozen
    rows: Sequence[Row]
    winners: Sequence[Row]
    undecided: Sequence[int]

    @property
    def kind(self) -> AwardOutcome:
        return AwardOutcome.AWARD if self.winners else AwardOutcome.NO_AWARD

    @property
    def step(self) -> str:
        return "award" if self.winners else "leave"


def outcome_of(round_: EvaluationRound) -> Outcome:
    """Return what a decision taken now would say: of the minutes' own ranking, or made anew with the failed aside."""
    minutes = signed_minutes_of(round_)
    standings = standings_of(round_)
    texts = freeze_ranking(round_, standings=standings) if standings else _texts_of(minutes)
    rows = ranked(texts.ranking)
    return Outcome(texts, rows, winners(rows), lots_undecided(rows))


def signed_minutes_of(round_: EvaluationRound) -> Minutes:
    """Return the signed minutes of the round; raises `StepRefused` where there are none."""
    found = round_.minutes.filter(state=MinutesState.SIGNED).first()
    if found is None:
        raise StepRefused(_("There are no signed minutes to decide on."))
    return found


def _texts_of(minutes: Minutes) -> Frozen:
    """Return the texts that the minutes have frozen."""
    inputs = minutes.inputs
    return Frozen(inputs.get("scores", ""), inputs.get("rubric", ""), minutes.ranking, minutes.inputs_digest)
