"""What members, officials, bidders and the clock may try with an evaluation, each by the use case of the portal."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from portal.accounts.models import User
from procurement.domain.evaluation import (
    admission,
    appeals,
    awards,
    clarifications,
    decisions,
    interests,
    minutes,
    quorum,
    rankings,
    rounds,
    scoring,
)
from procurement.domain.evaluation.steps import policy_of, rubric_of
from procurement.enums import CheckResult, GroundUse
from procurement.models import (
    Admission,
    Appeal,
    Award,
    Clarification,
    CommissionMember,
    Competition,
    EvaluationRound,
    Minutes,
    ProcedureGround,
    Recusal,
    ScoreSheet,
)

Press = Callable[[], Any]


def ground(use: GroundUse) -> int:
    return ProcedureGround.objects.filter(use=use).order_by("order").values_list("pk", flat=True)[0]


def declaring(competition: Competition, member: CommissionMember, organisation: int | None, now: datetime) -> Press:
    ties = [{"organisation": organisation, "kind": "relative", "text": "Сестра"}] if organisation else []
    return lambda: interests.declare(competition_id=competition.pk, user=member.user, ties=ties, now=now)


def judging_recusal(recusal: Recusal, user: User, *, confirm: bool, now: datetime) -> Press:
    return lambda: interests.decide_recusal(
        recusal_id=recusal.pk, confirm=confirm, reason="Перевірено.", user=user, now=now
    )


def sitting(held: EvaluationRound, user: User, present: dict[int, bool], now: datetime) -> Press:
    return lambda: quorum.record_sitting(
        round_id=held.pk, user=user, at=now, place="зала", agenda="розгляд", present=present, now=now
    )


def going_on(held: EvaluationRound, step: str, user: User, now: datetime) -> Press:
    steps = {
        "admission": rounds.begin_admission,
        "scoring": rounds.begin_scoring,
        "discussion": rounds.begin_discussion,
    }
    return lambda: steps[step](round_id=held.pk, user=user, now=now)


def admitting(row: Admission, user: User, what: str, now: datetime) -> Press:
    """Return a press that checks and admits, refuses, or takes up again."""

    def check(result: str) -> None:
        items = policy_of(row.round.competition)["admission"]
        results = {one["code"]: {"result": CheckResult.MET, "note": ""} for one in items}
        results[items[0]["code"]] = {"result": result, "note": "Перевірено."}
        admission.save_checks(admission_id=row.pk, user=user, results=results, now=now)

    def admit() -> Any:
        check(CheckResult.MET)
        return admission.admit(admission_id=row.pk, user=user, now=now)

    def reject() -> Any:
        check(CheckResult.NOT_MET)
        return admission.reject(
            admission_id=row.pk, user=user, ground_id=ground(GroundUse.REJECTION), reason="Не відповідає.", now=now
        )

    def reconsider() -> Any:
        return admission.reconsider(admission_id=row.pk, user=user, reason="Помилка.", now=now)

    return {"admit": admit, "reject": reject, "reconsider": reconsider}[what]


def asking(row: Admission, user: User, now: datetime) -> Press:
    return lambda: clarifications.ask(
        admission_id=row.pk,
        user=user,
        fields=["service/quality"],
        text="Уточніть.",
        due_at=now + timedelta(days=1),
        now=now,
    )


def answering(row: Clarification, user: User, now: datetime) -> Press:
    return lambda: clarifications.answer(
        clarification_id=row.pk, user=user, values={"service/quality": "Щомісяця."}, files={}, note="", now=now
    )


def scoring_all(sheet: ScoreSheet, user: User, points: list[str], now: datetime) -> Press:
    """Return a press that fills in a whole sheet and files it."""

    def press() -> Any:
        criteria = [one["code"] for one in rubric_of(sheet.round.competition)["criteria"]]
        cells = {}
        for place, row in enumerate(sheet.round.admissions.filter(state="admitted").select_related("proposal")):
            for at, criterion in enumerate(criteria):
                value = points[(place * len(criteria) + at) % len(points)]
                cells[f"1:{row.proposal.number}:{criterion}"] = {"points": value, "reason": "Підтверджено."}
        saved = scoring.save_scores(sheet_id=sheet.pk, user=user, version=sheet.version, cells=cells, now=now)
        return scoring.file_sheet(sheet_id=sheet.pk, user=user, version=saved.version, now=now)

    return press


def returning(sheet: ScoreSheet, user: User, now: datetime) -> Press:
    return lambda: scoring.return_sheet(sheet_id=sheet.pk, user=user, reason="Описка.", now=now)


def noting(held: EvaluationRound, user: User, now: datetime) -> Press:
    def press() -> Any:
        asked = [one for one in rankings.spreads_of(held) if one.needs_note]
        for one in asked:
            scoring.put_note(
                round_id=held.pk,
                lot=one.lot,
                proposal=one.proposal,
                criterion=one.criterion,
                text="Обговорено.",
                user=user,
                now=now,
            )
        return asked

    return press


def breaking_tie(held: EvaluationRound, user: User, order: list[int], now: datetime) -> Press:
    return lambda: rankings.record_tie_break(
        round_id=held.pk, lot=1, kind="casting", order=order, reason="Голос голови.", user=user, now=now
    )


def making_minutes(held: EvaluationRound, user: User, now: datetime) -> Press:
    return lambda: minutes.make_minutes(round_id=held.pk, user=user, now=now)


def signing(paper: Minutes, user: User, now: datetime) -> Press:
    return lambda: minutes.sign_minutes(minutes_id=paper.pk, user=user, opinion="", now=now)


def withdrawing_minutes(paper: Minutes, user: User, now: datetime) -> Press:
    return lambda: minutes.withdraw_minutes(minutes_id=paper.pk, user=user, reason="Описка.", now=now)


def deciding(competition: Competition, user: User, use: GroundUse | None, now: datetime) -> Press:
    return lambda: decisions.decide(
        competition_id=competition.pk,
        user=user,
        act_number="12",
        act_on=now.date(),
        ground_id=ground(use) if use else None,
        reason="За протоколом." if use else "",
        now=now,
    )


def answering_award(award: Award, user: User, what: str, now: datetime) -> Press:
    return {
        "accept": lambda: awards.accept(award_id=award.pk, user=user, now=now),
        "refuse": lambda: awards.refuse(award_id=award.pk, user=user, reason="Немає людей.", now=now),
        "lapse": lambda: awards.lapse(award_id=award.pk, user=user, reason="Не підписали.", now=now),
    }[what]


def appealing(competition: Competition, user: User, organisation: int, now: datetime) -> Press:
    return lambda: appeals.file_appeal(
        competition_id=competition.pk,
        organisation_id=organisation,
        user=user,
        scope="decision",
        text="Не згодні.",
        remedy_asked="Оцінити ще раз.",
        file=None,
        key=uuid4(),
        now=now,
    )


def judging_appeal(appeal: Appeal, user: User, what: str, now: datetime) -> Press:
    return {
        "accept": lambda: appeals.accept(appeal_id=appeal.pk, user=user, now=now),
        "leave": lambda: appeals.leave(
            appeal_id=appeal.pk, user=user, ground_id=ground(GroundUse.LEAVING), answer="Пізно.", now=now
        ),
        "anew": lambda: appeals.decide_appeal(
            appeal_id=appeal.pk, user=user, upheld=True, remedy="anew", answer="Оцінити.", now=now
        ),
        "correct": lambda: appeals.decide_appeal(
            appeal_id=appeal.pk, user=user, upheld=True, remedy="correct", answer="Виправити.", now=now
        ),
        "dismiss": lambda: appeals.decide_appeal(
            appeal_id=appeal.pk, user=user, upheld=False, remedy="", answer="Необґрунтовано.", now=now
        ),
        "withdraw": lambda: appeals.withdraw(appeal_id=appeal.pk, user=user, now=now),
    }[what]
