"""Before scoring in an evaluation of the demonstration: sittings, declarations, admission, clarification."""

from __future__ import annotations

from datetime import timedelta

from portal.kernel import clock
from procurement.domain.demo.course import Course, Told
from procurement.domain.demo.material import texts
from procurement.domain.evaluation import admission, clarifications, interests, quorum
from procurement.domain.evaluation.steps import policy_of
from procurement.enums import CheckResult, RecusalSource, RecusalState
from procurement.models import Admission, EvaluationRound, ProcedureGround


def sit(course: Course, held: EvaluationRound) -> None:
    """Hold a sitting to which everybody comes who may."""
    words = texts()["commission"]
    quorum.record_sitting(
        round_id=held.pk,
        user=course.user,
        at=course.at(course.days),
        place=words["place"],
        agenda=words["agenda"],
        present={member.pk: member.pk not in course.barred for member in course.members},
        now=course.at(course.days),
    )


def declare(course: Course) -> None:
    """Have every member declare; the one whom the story names is tied, and recused by the official."""
    recuse = course.told.get("recuse")
    for member in course.members:
        ties = []
        if recuse and member.order == recuse["member"]:
            organisation = course.proposal(recuse["proposal"]).organisation
            ties = [{"organisation": organisation.pk, "kind": recuse["kind"], "text": recuse["text"]}]
        assert member.user is not None
        interests.declare(competition_id=course.competition.pk, user=member.user, ties=ties, now=course.at(0, hours=2))
    for recusal in course.competition.recusals.filter(state=RecusalState.PROPOSED):
        holds = recuse is not None and recusal.source == RecusalSource.DECLARED
        interests.decide_recusal(
            recusal_id=recusal.pk,
            confirm=holds,
            reason=recuse["reason"] if recuse and holds else texts()["commission"]["dismissed"],
            user=course.user,
            now=course.at(0, hours=3),
        )
        if holds:
            course.barred.add(recusal.member_id)


def admit(course: Course, held: EvaluationRound) -> None:
    """Check and admit what came, but for what the story rejects or leaves waiting for a clarification."""
    rejected = {one["proposal"]: one for one in course.told.get("reject") or ()}
    for row in held.admissions.select_related("proposal__organisation"):
        number = row.proposal.number
        if number == (course.told.get("clarify") or {}).get("proposal") and not _clarify(course, row):
            continue
        refused = rejected.get(number)
        check(course, row, refused)
        if refused:
            ground = ProcedureGround.objects.get(slug=refused["ground"])
            admission.reject(
                admission_id=row.pk,
                user=course.user,
                ground_id=ground.pk,
                reason=refused["reason"],
                now=course.at(course.days, hours=3),
            )
        else:
            admission.admit(admission_id=row.pk, user=course.user, now=course.at(course.days, hours=3))


def check(course: Course, row: Admission, refused: Told | None) -> None:
    """Tick every item of the frozen list; of what is refused, one is not met."""
    unmet = (refused or {}).get("item")
    results = {
        item["code"]: {
            "result": CheckResult.NOT_MET if item["code"] == unmet else CheckResult.MET,
            "note": refused["reason"] if refused and item["code"] == unmet else "",
        }
        for item in policy_of(course.competition)["admission"]
    }
    admission.save_checks(admission_id=row.pk, user=course.user, results=results, now=course.at(course.days, hours=2))


def _clarify(course: Course, row: Admission) -> bool:
    """Ask for a clarification, and have it answered if the story says how; say whether it was."""
    told = course.told["clarify"]
    asked = clarifications.ask(
        admission_id=row.pk,
        user=course.user,
        fields=[told["field"]],
        text=told["text"],
        due_at=course.at(course.days) + timedelta(days=told.get("days", 3)),
        now=course.at(course.days),
    )
    if not told.get("answer"):
        return False
    course.days += 1
    at = course.at(course.days)
    with clock.standing_at(at):
        clarifications.answer(
            clarification_id=asked.pk,
            user=row.proposal.created_by,
            values={told["field"]: told["answer"]},
            files={},
            note="",
            now=at,
        )
    return True
