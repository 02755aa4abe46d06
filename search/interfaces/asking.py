"""One question of a page or of the API, read and answered."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Final

from django.db import DatabaseError
from django.http import QueryDict

from registry.views.paging import Pages
from search.answering import COUNTED, Answer, Question, answer
from search.domain.asked import note_question
from search.engines import engine
from search.engines.interface import EngineAway
from search.enums import AskedOutcome
from search.interfaces.questions import LONGEST_TEXT, PAGE_SIZE, ReadQuestion, parameters, read_question
from search.lexicon import lexicon

# nobody reads further, and no engine has to count further
DEEPEST: Final = 10_000


@dataclass(slots=True)
class Asked:
    """A question with its answer; without one where the engine is away."""

    read: ReadQuestion
    answer: Answer | None = None

    @property
    def pages(self) -> Pages:
        total = min(self.answer.total, DEEPEST) if self.answer else 0
        return Pages(total, self.read.question.page, PAGE_SIZE, lambda page: parameters(self.read, page=page))


def ask(params: QueryDict, *, now: datetime, position: str = "") -> Asked:
    """Read and answer the question of an address; a page past the end means the last one."""
    asked = Asked(ReadQuestion(Question(text=params.get("q", "").replace("\x00", " ").strip()[:LONGEST_TEXT])))
    try:
        words = lexicon()
        asked.read = read_question(params, words, now=now, position=position)
        asked.answer = answer(asked.read.question, engine=engine(), lexicon=words, counted=COUNTED)
        page = min(asked.read.question.page, asked.pages.count)
        if page != asked.read.question.page or asked.read.question.page * PAGE_SIZE > DEEPEST:
            asked.read.question = replace(asked.read.question, page=page)
            asked.answer = answer(asked.read.question, engine=engine(), lexicon=words, counted=COUNTED)
    except EngineAway:
        asked.answer = None
    return asked


def note(asked: Asked, *, today: date) -> None:
    """Count a question that was not met; what was narrowed by ticking tells nothing of the words."""
    found, read = asked.answer, asked.read
    if found is None or found.results or not read.text or read.is_narrowed or read.question.page > 1:
        return
    outcome = AskedOutcome.RELAXED if found.is_relaxed else AskedOutcome.NOTHING
    try:
        note_question(read.text, found.place.code if found.place else "", outcome, today)
    except DatabaseError:
        # a page is worth more than its count
        return
