"""The letters of a step of an evaluation: who reads what; carried out by the worker, after the commit.

Each writer looks at the row as it is now: what has been overtaken meanwhile is not said any more.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any, Final

from django.conf import settings
from django.db import models, transaction
from django.utils import translation

from portal.accounts.letters import post
from portal.accounts.models import User
from portal.kernel import outbox
from portal.kernel.calendar import day_of
from portal.kernel.models import OutboxMessage
from procurement import commission_letters, evaluation_letters
from procurement.domain.news import bidder_news
from procurement.domain.news.bidder_news import Told
from procurement.enums import MinutesState, RoundState, SheetState
from procurement.evaluation_notifications import EVALUATION
from procurement.models import (
    Admission,
    Appeal,
    Award,
    AwardDecision,
    Clarification,
    Defence,
    EvaluationRound,
    EvaluationStep,
    Minutes,
    Recusal,
    ScoreSheet,
)
from procurement.queries.evaluation_readers import applicants_told, members_told, officials_told

Writer = Callable[[Any, datetime], Told]

_COMPETITION: Final = ("competition__commissioner__organisation", "competition__hromada")
_OF_PROPOSAL: Final = ("proposal__organisation", *(f"proposal__{name}" for name in _COMPETITION))
_OF_ROUND: Final = ("round__commission", *(f"round__{name}" for name in _COMPETITION))
_ROWS: Final[dict[str, tuple[type[models.Model], tuple[str, ...]]]] = {
    "evaluationround": (EvaluationRound, ("commission", *_COMPETITION)),
    "recusal": (Recusal, ("member__user", *_COMPETITION)),
    "clarification": (Clarification, tuple(f"admission__{name}" for name in _OF_PROPOSAL)),
    "admission": (Admission, ("ground", *_OF_PROPOSAL)),
    "defence": (Defence, (*_OF_PROPOSAL, *_OF_ROUND)),
    "scoresheet": (ScoreSheet, ("member__user", *_OF_ROUND)),
    "minutes": (Minutes, _OF_ROUND),
    "awarddecision": (AwardDecision, ("round", "ground", *_COMPETITION)),
    "award": (Award, ("lot", *_OF_PROPOSAL, *(f"decision__{name}" for name in _COMPETITION))),
    "appeal": (Appeal, ("organisation", "ground", *_COMPETITION)),
}


@outbox.handles(EVALUATION)
def write_of_evaluation(message: OutboxMessage) -> None:
    """Write all letters of the step or none, in the portal's first language; nothing of them is kept once they left."""
    content = message.payload
    model, related = _ROWS[content["thing"]]
    row = model._default_manager.select_related(*related).get(pk=content["id"])  # noqa: SLF001
    write = WRITERS[content["thing"], content["step"]]
    with transaction.atomic(), translation.override(settings.LANGUAGE_CODE):
        for number, (readers, letter) in enumerate(write(row, datetime.fromisoformat(content["at"]))):
            for user in readers if letter is not None else ():
                post(f"{message.key}:{number}:{user.pk}", user.email, letter, forget=True)  # type: ignore[arg-type]


# --- readers and pieces ----------------------------------------------------------------------------------------------


def _members(round_: EvaluationRound) -> list[User]:
    return [member.user for member in members_told(round_) if member.user is not None]


def _one(user: User | None) -> list[User]:
    return [user] if user is not None and user.is_active else []


def _why(row: models.Model, step: str, at: datetime) -> str:
    """Return what was said with the step."""
    rows = EvaluationStep.objects.filter(thing=row._meta.model_name, key=str(row.pk), step=step, at=at)  # noqa: SLF001
    return rows.values_list("comment", flat=True).first() or ""


# --- the round and its members ---------------------------------------------------------------------------------------


def _declare(round_: EvaluationRound, _at: datetime) -> Told:
    yield _members(round_), commission_letters.declare(round_)


def _declare_again(round_: EvaluationRound, _at: datetime) -> Told:
    if round_.state == RoundState.DECLARATIONS:
        declared = round_.competition.declarations.filter(replaced_at__isnull=True)
        done = set(declared.values_list("member__user", flat=True))
        yield [user for user in _members(round_) if user.pk not in done], commission_letters.declare(round_, again=True)


def _score(round_: EvaluationRound, _at: datetime) -> Told:
    yield _members(round_), commission_letters.score(round_)


def _score_again(round_: EvaluationRound, _at: datetime) -> Told:
    if round_.state == RoundState.SCORING:
        open_ = set(round_.sheets.filter(state=SheetState.DRAFT).values_list("member__user", flat=True))
        yield [user for user in _members(round_) if user.pk in open_], commission_letters.score(round_, again=True)


def _discuss(round_: EvaluationRound, _at: datetime) -> Told:
    yield _members(round_), commission_letters.discuss(round_)


def _decide(round_: EvaluationRound, _at: datetime) -> Told:
    if round_.state == RoundState.MINUTED:
        yield officials_told(round_.competition), commission_letters.decide(round_)


def _signed(minutes: Minutes, at: datetime) -> Told:
    yield from _decide(minutes.round, at)


def _undone(step: str) -> Writer:
    def write(round_: EvaluationRound, at: datetime) -> Told:
        reason = _why(round_, step, at)
        yield _members(round_), commission_letters.anew(round_, reason)
        # a cancelled competition has letters of its own
        if reason and round_.competition.rounds.filter(number__gt=round_.number).exists():
            for proposal, people in applicants_told(round_.competition, day_of(at)):
                yield people, evaluation_letters.evaluated_anew(proposal, reason)

    return write


def _recusal_raised(row: Recusal, _at: datetime) -> Told:
    yield _one(row.member.user), commission_letters.recusal(row)
    yield officials_told(row.competition), commission_letters.recusal_to_decide(row)


def _recusal_decided(row: Recusal, _at: datetime) -> Told:
    yield _one(row.member.user), commission_letters.recusal(row)


def _sheet_returned(sheet: ScoreSheet, at: datetime) -> Told:
    yield _one(sheet.member.user), commission_letters.sheet_returned(sheet, _why(sheet, "return", at))


def _sheet_lapsed(sheet: ScoreSheet, _at: datetime) -> Told:
    yield _one(sheet.member.user), commission_letters.sheet_lapsed(sheet)


def _sign(minutes: Minutes, _at: datetime) -> Told:
    yield _members(minutes.round), commission_letters.sign(minutes)


def _sign_again(minutes: Minutes, _at: datetime) -> Told:
    if minutes.state == MinutesState.DRAFT:
        signed = set(minutes.signatures.values_list("member__user", flat=True))
        rest = [user for user in _members(minutes.round) if user.pk not in signed]
        yield rest, commission_letters.sign(minutes, again=True)


def _minutes_withdrawn(minutes: Minutes, at: datetime) -> Told:
    yield _members(minutes.round), commission_letters.minutes_withdrawn(minutes, _why(minutes, "withdraw", at))


WRITERS: Final[dict[tuple[str, str], Writer]] = {
    ("evaluationround", "begin"): _declare,
    ("evaluationround", "remind_declare"): _declare_again,
    ("evaluationround", "score"): _score,
    ("evaluationround", "remind_score"): _score_again,
    ("evaluationround", "discuss"): _discuss,
    ("minutes", "sign"): _signed,
    ("evaluationround", "remind_decide"): _decide,
    ("evaluationround", "annul"): _undone("annul"),
    ("evaluationround", "end"): _undone("end"),
    ("recusal", "propose"): _recusal_raised,
    ("recusal", "confirm"): _recusal_decided,
    ("recusal", "dismiss"): _recusal_decided,
    ("clarification", "ask"): bidder_news.clarify,
    ("clarification", "remind"): bidder_news.clarify_again,
    ("clarification", "answer"): bidder_news.clarified,
    ("clarification", "lapse"): bidder_news.not_clarified,
    ("admission", "admit"): bidder_news.admission_decided,
    ("admission", "reject"): bidder_news.admission_decided,
    ("admission", "reconsider"): bidder_news.admission_reconsidered,
    ("defence", "schedule"): bidder_news.defence_appointed,
    ("scoresheet", "return"): _sheet_returned,
    ("scoresheet", "lapse"): _sheet_lapsed,
    ("minutes", "make"): _sign,
    ("minutes", "remind"): _sign_again,
    ("minutes", "withdraw"): _minutes_withdrawn,
    ("awarddecision", "decide"): bidder_news.decided,
    ("award", "accept"): bidder_news.award_answered,
    ("award", "refuse"): bidder_news.award_answered,
    ("award", "lapse"): bidder_news.award_answered,
    ("award", "remind"): bidder_news.award_waits,
    ("appeal", "file"): bidder_news.appeal_filed,
    ("appeal", "remind"): bidder_news.appeal_waits,
    ("appeal", "accept"): bidder_news.appeal_considered,
    ("appeal", "leave"): bidder_news.appeal_decided,
    ("appeal", "uphold"): bidder_news.appeal_decided,
    ("appeal", "dismiss"): bidder_news.appeal_decided,
    ("appeal", "withdraw"): bidder_news.appeal_withdrawn,
}
