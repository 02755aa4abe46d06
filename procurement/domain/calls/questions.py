"""Questions about an announcement: public with their answers, asked in time, holding the close within a limit."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from portal.accounts import rules as accounts
from portal.accounts.models import Organisation
from portal.kernel import audit, norms
from portal.kernel.calendar import UnknownDay
from portal.kernel.workflow import StepRefused
from procurement import notifications
from procurement.domain.calls.freezing import RuleSet, rules_of
from procurement.domain.calls.steps import lock_competition, not_before_bidders, official_of
from procurement.domain.wording import required_text
from procurement.enums import CompetitionState
from procurement.models import Competition, Question
from procurement.signals import competition_changed
from procurement.workflow import QUESTION

if TYPE_CHECKING:
    from portal.accounts.models import User

ANSWER: Final = "question-answer"
LONGEST: Final = 4000
A_DAY: Final = timedelta(days=1)
# the role by which the log calls whoever asks: who it was is not said
ASKER: Final = "person"
_OPEN: Final = (CompetitionState.PUBLISHED, CompetitionState.CLOSED)


@transaction.atomic
def ask(
    *, competition_id: int, user: User, organisation_id: int | None, text: str, key: UUID, now: datetime
) -> Question:
    """Ask; only signed-in people with a confirmed address, until the end of questions. Raises `StepRefused`.

    The same `key` is the same question. An organisation is named by its own people alone, and shown to nobody.
    """
    competition = lock_competition(competition_id)
    known = Question.objects.filter(asking_key=key).first()
    if known is not None:
        return _own(known, competition, user)
    _require_may_ask(user)
    organisation = _organisation(user, organisation_id)
    _require_open(competition, now)
    _refuse_flood(user, now)
    text = required_text(text, empty=_("Write your question."), longest=LONGEST)
    last = competition.questions.aggregate(last=Max("number"))["last"] or 0
    question = Question.objects.create(
        competition=competition,
        number=last + 1,
        text=text,
        asked_by=user,
        organisation=organisation,
        asked_at=now,
        asking_key=key,
        answer_due_on=_answer_due(rules_of(competition), now),
    )
    _tell(question, "ask", ASKER, "", text, now)
    return question


def asking_ends_at(competition: Competition) -> datetime | None:
    """Return until when questions are accepted (exclusive): the end of questions, else that of proposals."""
    return competition.questions_until or competition.closes_at


def may_ask(competition: Competition, now: datetime) -> bool:
    ends = asking_ends_at(competition)
    return competition.state == CompetitionState.PUBLISHED and ends is not None and now < ends


@transaction.atomic
def answer(*, question_id: int, user: User, text: str, now: datetime) -> Question:
    """Answer in public, for everybody at once; an answer is given once and not edited."""
    return _reply(question_id, user, "answer", text, now)


@transaction.atomic
def decline(*, question_id: int, user: User, text: str, now: datetime) -> Question:
    """Say why a question is not about this competition; it holds nothing any more."""
    return _reply(question_id, user, "decline", text, now)


def _reply(question_id: int, user: User, step: str, text: str, now: datetime) -> Question:
    competition = lock_competition(Question.objects.values_list("competition", flat=True).get(pk=question_id))
    actor = official_of(competition, user)
    question = Question.objects.select_for_update(of=("self",)).get(pk=question_id)
    question.competition, now = competition, not_before_bidders(competition, now)
    if competition.state not in _OPEN:
        raise StepRefused(_("Questions are not answered any more."))
    text = required_text(text, empty=_("Write the answer: it is published."), longest=LONGEST)
    transition = QUESTION.step(step, state=question.state, comment=text)
    question.state, question.answer = transition.target, text
    question.answered_by, question.answered_at = user, now
    question.save(update_fields=["state", "answer", "answered_by", "answered_at"])
    _tell(question, step, actor.role, transition.clause, text, now)
    return question


def _own(known: Question, competition: Competition, user: User) -> Question:
    if known.asked_by_id != user.pk or known.competition_id != competition.pk:
        raise StepRefused(_("Ask your question anew."))
    return known


def _require_may_ask(user: Any) -> None:
    """Let in who has signed in with an address that is known to be theirs."""
    if not user.is_authenticated or not user.is_active:
        raise PermissionDenied
    if not user.emailaddress_set.filter(verified=True).exists():
        raise StepRefused(_("Confirm your address first: the answer will be sent there."))


def _organisation(user: User, organisation_id: int | None) -> Organisation | None:
    if organisation_id is None:
        return None
    organisation = Organisation.objects.get(pk=organisation_id)
    if not accounts.can_edit_for(user, organisation):
        raise PermissionDenied
    return organisation


def _require_open(competition: Competition, now: datetime) -> None:
    if not may_ask(competition, now):
        raise StepRefused(_("Questions are not accepted any more."))


def _refuse_flood(user: User, now: datetime) -> None:
    """Keep one person from holding an end by questions that nobody can answer in time; each is a letter, too."""
    if Question.objects.filter(asked_by=user, asked_at__gt=now - A_DAY).count() >= settings.QUESTIONS_A_DAY:
        raise StepRefused(_("You have asked very many questions today. Go on tomorrow."))


def _answer_due(rules: RuleSet, now: datetime) -> date | None:
    term = rules.term(ANSWER)
    if term is None:
        return None
    try:
        return norms.due(term, now, rules.calendar).on
    except UnknownDay:
        return None


def _tell(question: Question, step: str, role: str, clause: str, text: str, now: datetime) -> None:
    """Log the digest of what was written, write the letters, tell the layers above after commit."""
    competition = question.competition
    audit.append(
        tag=f"procurement:question:{step}",
        subject=f"procurement.competition:{competition.number}",
        payload={"question": question.number, "digest": audit.digest_of({"text": text})},
        actor_role=role,
        at=now,
        clause=clause,
    )
    notifications.note_question(question=question, step=step, now=now)
    transaction.on_commit(
        partial(competition_changed.send, sender=Competition, competition_id=competition.pk, step=step)
    )
