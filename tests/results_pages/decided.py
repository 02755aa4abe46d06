"""Competitions with a published decision, from a round of rows on by the steps that people take."""

from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from portal.kernel.calendar import day_of
from procurement.domain.evaluation import appeals, awards, decisions, minutes
from procurement.enums import AppealRemedy, RoundState
from procurement.models import Appeal, AwardDecision, Competition, EvaluationRound, Proposal
from tests.factories.evaluation import make_round
from tests.factories.ordering import make_official_who_orders
from tests.factories.rule_profiles import make_ground

DAY = timedelta(days=1)


def make_decided(*, delay: timedelta = 3 * DAY, **values: Any) -> Competition:
    """Return a competition whose first proposal won, decided so long after the scores were compared."""
    round_ = make_round(state=RoundState.DISCUSSION, **values)
    return decide(round_, round_.discussed_at + delay)


def decide(round_: EvaluationRound, at: datetime, **values: Any) -> Competition:
    """Draw up the minutes, let more than half sign them, and decide, all at one moment."""
    official = round_.competition.created_by
    drawn = minutes.make_minutes(round_id=round_.pk, user=official, now=at)
    members = round_.commission.members.order_by("order")
    for member in members[: len(members) // 2 + 1]:
        minutes.sign_minutes(minutes_id=drawn.pk, user=member.user, opinion="", now=at)
    publish(round_.competition, at, **values)
    return Competition.objects.get(pk=round_.competition_id)


def publish(competition: Competition, at: datetime, **values: Any) -> AwardDecision:
    told = {"act_number": "88-р", "act_on": day_of(at), **values}
    return decisions.decide(competition_id=competition.pk, user=competition.created_by, now=at, **told)


def make_left(**values: Any) -> Competition:
    """Return a competition that was decided without a winner: nobody reached the threshold."""
    round_ = make_round(state=RoundState.DISCUSSION, **values)
    for sheet in round_.sheets.all():
        sheet.scores.update(points=1)
    ground = make_ground("no_award")
    return decide(round_, round_.discussed_at + 3 * DAY, ground_id=ground.pk, reason="Жодна не набрала бала.")


def decide_again(competition: Competition) -> AwardDecision:
    """Let the winner refuse and publish a decision in place of the one in force."""
    earlier = competition.decisions.latest("number")
    award = earlier.awards.get()
    at = earlier.at + DAY
    awards.refuse(award_id=award.pk, user=award.proposal.created_by, reason="Немає персоналу.", now=at)
    ground = make_ground("superseding")
    return publish(competition, earlier.at + 5 * DAY, ground_id=ground.pk, reason="Переможець відмовився.")


def make_appeal(competition: Competition, *, at: datetime, proposal: Proposal | None = None) -> Appeal:
    proposal = proposal or competition.proposals.order_by("-number").first()
    return appeals.file_appeal(
        competition_id=competition.pk,
        organisation_id=proposal.organisation_id,
        user=proposal.created_by,
        scope="scoring",
        text="Довідку про досвід не враховано.",
        remedy_asked="Оцінити заново.",
        file=None,
        key=uuid4(),
        now=at,
    )


def answer_appeal(appeal: Appeal, *, at: datetime, upheld: bool = True, remedy: str = AppealRemedy.ANEW) -> Appeal:
    """Decide it as somebody who had no part in what it is about."""
    other = make_official_who_orders(appeal.competition.hromada)
    appeals.accept(appeal_id=appeal.pk, user=other, now=at)
    told = {"upheld": upheld, "remedy": remedy if upheld else "", "answer": "Комісія не врахувала довідку."}
    return appeals.decide_appeal(appeal_id=appeal.pk, user=other, now=at, **told)


def make_reopened(**values: Any) -> Competition:
    """Return a competition whose decision was annulled by an upheld appeal; the next round has begun."""
    competition = make_decided(**values)
    decision = competition.decisions.get()
    appeal = make_appeal(competition, at=decision.at + DAY)
    answer_appeal(appeal, at=decision.at + 10 * DAY)
    return Competition.objects.get(pk=competition.pk)
