"""A decided competition as rows: signed minutes, a decision, its awards; and who may complain of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from portal.accounts.models import User
from procurement.domain.evaluation.appeals import file_appeal
from procurement.enums import AwardOutcome, AwardState, CompetitionState, MinutesState, RoundState
from procurement.models import Appeal, Award, AwardDecision, Competition, EvaluationRound, Minutes, Proposal
from tests.factories.accounts import make_official
from tests.factories.evaluation import make_opened, make_round

RANKING = "lot,place,proposal,total,asked,outcome,tie\n1,1,1,24.00,306000.00,winner,\n1,2,2,18.00,307800.00,reserve,\n"
TEXT = "Бали за досвід поставлено без підстав."
ASKED = "Переглянути бали за цим критерієм."


@dataclass
class Decided:
    """A decision by `official`, whom the case may not be decided by; `judge` orders services there too."""

    competition: Competition
    round: EvaluationRound
    decision: AwardDecision
    award: Award
    official: User
    judge: User
    now: datetime

    @property
    def winner(self) -> Proposal:
        return self.competition.proposals.get(number=1)

    @property
    def loser(self) -> Proposal:
        return self.competition.proposals.get(number=2)

    def appeal(self, proposal: Proposal | None = None, **values: Any) -> Appeal:
        return appeal_of(proposal or self.loser, **{"now": self.now, **values})


def appeal_of(proposal: Proposal, *, now: datetime, **values: Any) -> Appeal:
    told = {
        "competition_id": proposal.competition_id,
        "organisation_id": proposal.organisation_id,
        "user": proposal.created_by,
        "scope": "scoring",
        "text": TEXT,
        "remedy_asked": ASKED,
        "file": None,
        "key": uuid4(),
        **values,
    }
    return file_appeal(**told, now=now)


def make_decided(*, proposals: int = 2, **values: Any) -> Decided:
    """Return a competition in which the first proposal has won the only lot and not answered yet."""
    round_ = make_round(make_opened(proposals=proposals, **values), state=RoundState.DISCUSSION)
    return decide(round_)


def decide(round_: EvaluationRound) -> Decided:
    competition = round_.competition
    at = competition.opened_at + timedelta(days=7)
    official = competition.created_by
    minutes = Minutes.objects.create(
        round=round_,
        state=MinutesState.SIGNED,
        content={},
        ranking=RANKING,
        digest="1" * 64,
        made_at=at,
        made_by=official,
        signed_at=at,
    )
    decision = AwardDecision.objects.create(
        competition=competition,
        round=round_,
        minutes=minutes,
        number=competition.decisions.count() + 1,
        outcome=AwardOutcome.AWARD,
        act_number="18",
        act_on=at.date(),
        ranking=RANKING,
        content={},
        digest="2" * 64,
        at=at,
        by=official,
    )
    proposal = competition.proposals.get(number=1)
    award = Award.objects.create(
        decision=decision,
        lot=competition.lots.get(number=1),
        proposal=proposal,
        place=1,
        amount="306000.00",
        state=AwardState.OFFERED,
    )
    EvaluationRound.objects.filter(pk=round_.pk).update(state=RoundState.DECIDED, minuted_at=at, decided_at=at)
    Competition.objects.filter(pk=competition.pk).update(state=CompetitionState.AWARDED)
    competition.refresh_from_db()
    round_.refresh_from_db()
    judge = make_official("commissioner", competition.hromada)
    return Decided(competition, round_, decision, award, official, judge, at + timedelta(days=2))
