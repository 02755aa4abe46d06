"""The quorum by the frozen policy, recomputed from who is appointed, recused and present; sittings and attendance."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from procurement.models import EvaluationRound, Sitting

if TYPE_CHECKING:
    from portal.accounts.models import User


@dataclass(frozen=True, slots=True)
class Quorum:
    """How many there are: of the appointed, `able` may take part (not recused), `needed` must; `words` say the rule."""

    appointed: int
    recused: int
    able: int
    needed: int
    words: str

    def holds(self, present: int) -> bool:
        return self.needed <= present <= self.able


def quorum_of(round_: EvaluationRound) -> Quorum:
    """Return the quorum now: needed is counted from all appointed by `quorum_share` and `quorum_strict` of the frozen
    policy; without a share in the data it is not guessed: `needed` is all who are appointed, and `words` say so.
    """
    raise NotImplementedError


def record_sitting(
    *, round_id: int, user: User, at: datetime, place: str, agenda: str, present: Mapping[int, bool], now: datetime
) -> Sitting:
    """Record a sitting with who came (member's key → came); a recused member cannot be present. The quorum is kept with
    it. Raises `StepRefused`.
    """
    raise NotImplementedError


def require_quorate_sitting(round_: EvaluationRound) -> Sitting:
    """Return the last sitting of the round if it had a quorum and has it still with today's recusals; raises
    `StepRefused` naming the rule.
    """
    raise NotImplementedError
