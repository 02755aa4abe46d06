"""What is said to whom about competitions, questions and proposals at each step; letters go out after the commit.

A step writes one message of the outbox for each kind of readers, however many they are; the worker turns it into
letters. Nothing of a rolled-back step is ever sent, and a step told twice is told once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime
from typing import Final

from django.conf import settings
from django.db import transaction
from django.utils import translation
from django.utils.dateparse import parse_datetime

from portal.accounts.letters import Letter, post
from portal.accounts.models import User
from portal.kernel import outbox
from portal.kernel.calendar import day_of
from portal.kernel.models import OutboxMessage
from procurement import letters, proposal_letters
from procurement.enums import ProposalState
from procurement.models import Competition, CompetitionVersion, Proposal, Question
from procurement.queries.readers import bidders_of, commissioners_of, people_of_all

# for those who asked for news without an account; `procurement.domain.news.alert_news` carries it out
NEWS: Final = "competition-news"
_COMPETITION, _QUESTION, _PROPOSAL = "competition-letters", "question-letters", "proposal-letters"

# steps that make a version: the version says what they are about
_VERSIONED: Final = frozenset({"publish", "change", "extend"})
# steps that may be made again; their news are told apart by the moment
_REPEATED: Final = frozenset({"award", "leave", "reopen"})
_NEWS: Final = frozenset({*_VERSIONED, *_REPEATED, "cancel", "void", "open"})
_TO_BIDDER: Final[dict[str, Callable[[Proposal, CompetitionVersion], Letter]]] = {
    "change": letters.changed,
    "extend": letters.extended,
}
_TO_BIDDERS: Final[dict[str, Callable[[Competition], Letter]]] = {
    "cancel": letters.cancelled,
    "void": letters.void,
    "open": letters.opened,
}
_TO_OFFICIALS: Final[dict[str, Callable[[Competition], Letter]]] = {
    "close": letters.closed,
    "opening_due": letters.opening_due,
}


# a question that came, and one that waits still shortly before its answer is due
_TO_WHO_ANSWERS: Final = frozenset({"ask", "remind"})


def note_competition_step(*, competition: Competition, step: str, now: datetime) -> None:
    """Tell of a step of the competition, or of opening_due, in the transaction of the step.

    Of award, leave and reopen only those hear here who asked for news: bidders get letters of their own
    (`evaluation_notifications`).
    """
    mark = f"{step}:{now.isoformat()}" if step in _REPEATED else step
    about = f"{competition.pk}:{competition.version if step in _VERSIONED else mark}"
    content = {"competition": competition.pk, "step": step, "version": competition.version, "at": now.isoformat()}
    if step in _TO_BIDDER or step in _TO_BIDDERS or step in _TO_OFFICIALS:
        outbox.enqueue(_COMPETITION, f"procurement:competition:{about}", content)
    if step in _NEWS:
        outbox.enqueue(NEWS, f"procurement:news:{about}", content)


def note_question(*, question: Question, step: str, now: datetime) -> None:
    """Tell officials of ask or remind, whoever asked and the bidders of answer or decline, as the step is written."""
    content = {"question": question.pk, "step": step, "at": now.isoformat()}
    outbox.enqueue(_QUESTION, f"procurement:question:{question.pk}:{step}", content)


def note_proposal_step(*, proposal: Proposal, step: str, now: datetime) -> None:
    """Tell its own people of submit, replace, confirm, withdraw, lapse or remind, in the transaction of the step.

    A reminder is told once a day however often it is asked for.
    """
    moment = day_of(now).isoformat() if step == "remind" else now.isoformat()
    content = {"proposal": str(proposal.pk), "step": step, "at": now.isoformat(), "forget": True}
    outbox.enqueue(_PROPOSAL, f"procurement:proposal:{proposal.pk}:{step}:{moment}", content)


# --- carried out by the worker -------------------------------------------------------------------------------------


@contextmanager
def _writing() -> Iterator[None]:
    """Write all letters of a message or none, in the portal's first language."""
    with transaction.atomic(), translation.override(settings.LANGUAGE_CODE):
        yield


@outbox.handles(_COMPETITION)
def _write_of_competition(message: OutboxMessage) -> None:
    content = message.payload
    competition = Competition.objects.select_related("commissioner__organisation", "hromada", "end_ground").get(
        pk=content["competition"]
    )
    step = content["step"]
    with _writing():
        if step in _TO_OFFICIALS:
            _send(message.key, commissioners_of(competition), _TO_OFFICIALS[step](competition))
            return
        version = competition.versions.select_related("ground").get(number=content["version"])
        version.competition = competition
        for proposal, people in bidders_of(competition, _day(content["at"])):
            if step == "open" and proposal.state != ProposalState.OPENED:
                continue
            letter = _TO_BIDDER[step](proposal, version) if step in _TO_BIDDER else _TO_BIDDERS[step](competition)
            _send(f"{message.key}:{proposal.pk}", people, letter)


@outbox.handles(_QUESTION)
def _write_of_question(message: OutboxMessage) -> None:
    content = message.payload
    questions = Question.objects.select_related("asked_by", "competition__commissioner__organisation")
    question = questions.select_related("competition__hromada").get(pk=content["question"])
    with _writing():
        if content["step"] in _TO_WHO_ANSWERS:
            _send(message.key, commissioners_of(question.competition), letters.asked(question))
            return
        readers = {question.asked_by_id: question.asked_by} if question.asked_by.is_active else {}
        for _proposal, people in bidders_of(question.competition, _day(content["at"])):
            readers |= {user.pk: user for user in people}
        _send(message.key, list(readers.values()), letters.answered(question))


@outbox.handles(_PROPOSAL)
def _write_of_proposal(message: OutboxMessage) -> None:
    content = message.payload
    proposals = Proposal.objects.select_related("organisation", "competition__commissioner__organisation")
    proposal = proposals.get(pk=content["proposal"])
    with _writing():
        letter = _letter_of_proposal(proposal, content["step"], _moment(content["at"]))
        people = people_of_all([proposal.organisation_id], _day(content["at"]))[proposal.organisation_id]
        if letter is not None:
            _send(message.key, people, letter)


def _letter_of_proposal(proposal: Proposal, step: str, at: datetime) -> Letter | None:
    if step in ("submit", "replace"):
        # the one that this step made: there may be a later one by now
        revision = proposal.revisions.filter(at__lte=at).select_related("receipt").order_by("-number").first()
        return proposal_letters.submitted(proposal, revision, replaced=step == "replace")
    if step == "remind" and proposal.state not in (ProposalState.DRAFT, ProposalState.UNCONFIRMED):
        return None
    return {
        "confirm": proposal_letters.confirmed,
        "withdraw": proposal_letters.withdrawn,
        "lapse": proposal_letters.lapsed,
        "remind": proposal_letters.remind,
    }[step](proposal)


def _send(key: str, readers: list[User], letter: Letter) -> None:
    """Write the same letter to each of them, and keep nothing of it once it has left."""
    for user in readers:
        post(f"{key}:{user.pk}", user.email, letter, forget=True)


def _moment(text: str) -> datetime:
    read = parse_datetime(text)
    assert read is not None
    return read


def _day(text: str) -> date:
    return day_of(_moment(text))
