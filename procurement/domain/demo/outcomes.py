"""What an evaluation of the demonstration leads to: minutes, decision, answers of winners, an appeal."""

from __future__ import annotations

from typing import Final
from uuid import uuid4

from portal.kernel.calendar import day_of
from procurement.domain.demo.commissions import second_official
from procurement.domain.demo.course import Course, Told
from procurement.domain.evaluation import appeals, awards, decisions, minutes
from procurement.models import AwardDecision, EvaluationRound, ProcedureGround

# the place of the member who has a separate opinion
_CRITIC: Final = 3


def minute(course: Course, held: EvaluationRound, told: Told) -> None:
    """Draw up the minutes and have them signed by as many as the story says, one of them with an opinion."""
    made = minutes.make_minutes(round_id=held.pk, user=course.user, now=course.later())
    for place, member in enumerate(course.members):
        if member.pk in course.barred or place >= told.get("signed", len(course.members)):
            continue
        assert member.user is not None
        opinion = told.get("opinion", "") if member.order == _CRITIC else ""
        minutes.sign_minutes(
            minutes_id=made.pk, user=member.user, opinion=opinion, now=course.at(course.days, hours=1 + place)
        )


def decide(course: Course, told: Told) -> Told | None:
    """Decide and tell what follows; return the story of one more round where an upheld appeal begins it."""
    made = _order(course, told.get("decision") or {})
    if answer := told.get("answer"):
        _answer(course, made, answer)
    if again := told.get("again"):
        course.days += 3
        _order(course, again)
    appeal = told.get("appeal")
    return _appeal(course, appeal) if appeal else None


def _order(course: Course, told: Told) -> AwardDecision:
    course.days += 1
    slug = told.get("ground")
    ground = ProcedureGround.objects.get(slug=slug) if slug else None
    return decisions.decide(
        competition_id=course.competition.pk,
        user=course.user,
        act_number=f"{100 + course.competition.pk % 400}/{course.days}",
        act_on=day_of(course.at(course.days)),
        ground_id=ground.pk if ground else None,
        reason=told.get("reason", ""),
        now=course.at(course.days),
    )


def _answer(course: Course, made: AwardDecision, answer: Told) -> None:
    for award in made.awards.select_related("proposal__created_by"):
        at, user = course.at(course.days, hours=5), award.proposal.created_by
        if answer.get("refuse"):
            awards.refuse(award_id=award.pk, user=user, reason=answer["refuse"], now=at)
        else:
            awards.accept(award_id=award.pk, user=user, now=at)


def _appeal(course: Course, told: Told) -> Told | None:
    """File the appeal of a bidder and have it decided; return the story of the round that it begins, if it does."""
    proposal = course.proposal(told["proposal"])
    course.days += 2
    filed = appeals.file_appeal(
        competition_id=course.competition.pk,
        organisation_id=proposal.organisation_id,
        user=proposal.created_by,
        scope=told["scope"],
        text=told["text"],
        remedy_asked=told["asked"],
        file=None,
        key=uuid4(),
        now=course.at(course.days),
    )
    if not told.get("answer"):
        return None
    other = second_official(course.user)
    appeals.accept(appeal_id=filed.pk, user=other, now=course.at(course.days, hours=4))
    course.days += 3
    appeals.decide_appeal(
        appeal_id=filed.pk,
        user=other,
        upheld=told["upheld"],
        remedy=told["remedy"],
        answer=told["answer"],
        now=course.at(course.days),
    )
    story: Told | None = told.get("round")
    return story
