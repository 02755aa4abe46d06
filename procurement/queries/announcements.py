"""What everybody may read of one competition: its versions, questions without who asked, files, digests of the log."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from portal.kernel.models import LogEntry
from procurement.enums import QuestionState
from procurement.models import (
    Competition,
    CompetitionDocument,
    CompetitionVersion,
    Opening,
    Question,
)

LONGEST_NUMBER: Final = 20
SUBJECT: Final = "procurement.competition:"
SUBMISSION: Final = "procurement:proposal:submit"
# what everybody may know of a question: not who asked, nor for whom
OF_QUESTION: Final = (
    "number",
    "state",
    "text",
    "asked_at",
    "answer_due_on",
    "answer",
    "answered_at",
    "competition",
)


@dataclass(frozen=True, slots=True)
class Commitment:
    """The digest of a submission as the decision log has it: nobody can tell from it whose it is or what it says."""

    seq: int
    at: datetime
    digest: str


def announced(number: str) -> Competition | None:
    """Return an announced competition; one in preparation does not exist for the public."""
    if len(number) > LONGEST_NUMBER or not number.isprintable():
        return None
    rows = Competition.objects.public().select_related(
        "commissioner__organisation", "hromada__oblast", "profile", "end_ground", "decision__budget_act"
    )
    return rows.filter(number=number).first()


def versions_of(competition: Competition) -> list[CompetitionVersion]:
    """Return the versions of the announcement, the first one first."""
    return list(competition.versions.select_related("ground", "code").order_by("number"))


def questions_of(competition: Competition) -> list[Question]:
    return list(competition.questions.only(*OF_QUESTION).order_by("number"))


def number_unanswered(questions: Iterable[Question]) -> int:
    return sum(question.state == QuestionState.ASKED for question in questions)


def files_of(competition: Competition) -> list[CompetitionDocument]:
    return list(competition.documents.select_related("document").order_by("pk"))


def opening_of(competition: Competition) -> Opening | None:
    return Opening.objects.filter(competition=competition).first()


def commitments_of(competition: Competition) -> list[Commitment]:
    """Return the digests of submissions that the public log holds of this competition, in the order of the log."""
    rows = LogEntry.objects.filter(subject=f"{SUBJECT}{competition.number}", tag=SUBMISSION).order_by("seq")
    told: Iterable[tuple[int, Any, str]] = ((row.seq, row.at, _digest_in(row.payload)) for row in rows)
    return [Commitment(seq, at, digest) for seq, at, digest in told if digest]


def _digest_in(payload: Any) -> str:
    try:
        read = json.loads(payload)
    except ValueError:
        return ""
    digest = read.get("commitment", "") if isinstance(read, dict) else ""
    return digest if isinstance(digest, str) else ""
