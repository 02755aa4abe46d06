"""What is said to whom about an evaluation: members, bidders, officials; letters go out after the commit.

A step writes one message of the outbox, however many read of it; `domain.news.evaluation_news` turns it into letters.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final

from django.db import models

from portal.kernel import outbox
from portal.kernel.models import OutboxMessage
from procurement.models import Competition

EVALUATION: Final = "evaluation-letters"

# the steps of each thing that somebody is told of, by the names of `workflow`; of the others nobody is
TOLD: Final[dict[str, frozenset[str]]] = {
    "evaluationround": frozenset({"begin", "score", "discuss", "annul", "end"}),
    "recusal": frozenset({"propose", "confirm", "dismiss"}),
    "clarification": frozenset({"ask", "answer", "lapse"}),
    "admission": frozenset({"admit", "reject", "reconsider"}),
    "defence": frozenset({"schedule"}),
    "scoresheet": frozenset({"return", "lapse"}),
    "minutes": frozenset({"make", "sign", "withdraw"}),
    "awarddecision": frozenset({"decide"}),
    "award": frozenset({"accept", "refuse", "lapse"}),
    "appeal": frozenset({"file", "accept", "leave", "uphold", "dismiss", "withdraw"}),
}
# what the clock reminds of
REMINDED: Final[dict[str, frozenset[str]]] = {
    "evaluationround": frozenset({"remind_declare", "remind_score", "remind_decide"}),
    "clarification": frozenset({"remind"}),
    "minutes": frozenset({"remind"}),
    "award": frozenset({"remind"}),
    "appeal": frozenset({"remind"}),
}


def note_evaluation(*, competition: Competition | None, about: models.Model, step: str, now: datetime) -> None:
    """Tell of a step with a round, recusal, admission, sheet, minutes, decision, award, appeal, … in its transaction.

    Steps that stand in the table above are told, of the others nobody is.
    """
    if competition is not None and step in TOLD.get(_name(about), ()):
        _enqueue(competition, about, step, now.isoformat(), now)


def remind_evaluation(*, competition: Competition, about: models.Model, step: str, mark: str, now: datetime) -> bool:
    """Remind of what waits, once for each `mark` (the step of reminding); return whether it is told now."""
    key = _key(about, step, mark)
    if OutboxMessage.objects.filter(key=key).exists():
        return False
    _enqueue(competition, about, step, mark, now)
    return True


def _enqueue(competition: Competition, about: models.Model, step: str, mark: str, now: datetime) -> None:
    content = {
        "competition": competition.pk,
        "thing": _name(about),
        "id": str(about.pk),
        "step": step,
        "at": now.isoformat(),
        "forget": True,
    }
    outbox.enqueue(EVALUATION, _key(about, step, mark), content)


def _key(about: models.Model, step: str, mark: str) -> str:
    return f"procurement:{_name(about)}:{about.pk}:{step}:{mark}"


def _name(about: models.Model) -> str:
    return str(about._meta.model_name)  # noqa: SLF001
