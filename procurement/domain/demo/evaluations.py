"""Evaluations of the demonstration: commissions at work, each competition brought as far as its story tells."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import uuid4

from portal.accounts.models import User
from portal.kernel import clock
from portal.kernel.calendar import day_of
from procurement.domain.demo.commissions import second_official
from procurement.domain.demo.material import texts
from procurement.domain.evaluation import (
    admission,
    appeals,
    awards,
    clarifications,
    commissions,
    decisions,
    defences,
    interests,
    minutes,
    quorum,
    rankings,
    rounds,
    scoring,
)
from procurement.domain.evaluation.steps import policy_of, rubric_of
from procurement.enums import AdmissionState, CheckResult, CommissionState, RecusalSource, RecusalState, SheetState
from procurement.models import (
    Admission,
    AwardDecision,
    CommissionMember,
    Competition,
    CompetitionCommission,
    EvaluationRound,
    ProcedureGround,
    Proposal,
    ScoreSheet,
)

_DAY: Final = timedelta(days=1)
# the place of the member who has a separate opinion
_CRITIC: Final = 3
Told = Mapping[str, Any]


def evaluate(competition: Competition, told: Told, *, user: User, now: datetime) -> None:
    """Bring an opened competition as far as `told["stage"]` says: admission, scoring, minutes or decided."""
    _Evaluation(competition, told, user, now).run()


class _Evaluation:
    """What a commission did in one competition, on days counted from the opening."""

    def __init__(self, competition: Competition, told: Told, user: User, now: datetime) -> None:
        self.competition, self.told, self.user, self.now = competition, told, user, now
        self.days = 0
        body = CompetitionCommission.objects.get(
            commissioner=competition.commissioner, state=CommissionState.APPOINTED, is_demo=True
        )
        commissions.assign_commission(competition_id=competition.pk, commission_id=body.pk, user=user, now=self._at(0))
        self.members: list[CommissionMember] = list(body.members.active().select_related("user"))
        self.barred: set[int] = set()
        self.lot_numbers = {lot.pk: lot.number for lot in competition.lots.all()}

    def run(self) -> None:
        stage = self.told["stage"]
        held = rounds.begin_round(competition_id=self.competition.pk, user=self.user, now=self._at(0, hours=1))
        self._declare()
        self.days = 1
        self._sit(held)
        rounds.begin_admission(round_id=held.pk, user=self.user, now=self._at(1, hours=1))
        self._admit(held)
        if stage == "admission":
            return
        self._score_and_decide(held, self.told)

    def _score_and_decide(self, held: EvaluationRound, told: Told) -> None:
        """Go on from finished admissions to wherever the story of this round ends."""
        if held.admissions.filter(state=AdmissionState.ADMITTED).exists():
            rounds.begin_scoring(round_id=held.pk, user=self.user, now=self._later())
            self._defend(held)
            self._score(held, told)
            if told["stage"] == "scoring":
                return
            rounds.begin_discussion(round_id=held.pk, user=self.user, now=self._later())
            self._note(held)
            self._break_tie(held, told)
        if told["stage"] == "discussion":
            return
        self._minute(held, told)
        if told["stage"] == "minutes":
            return
        self._decide(told)

    # --- before scoring

    def _declare(self) -> None:
        recuse = self.told.get("recuse")
        for member in self.members:
            ties = []
            if recuse and member.order == recuse["member"]:
                organisation = self._proposal(recuse["proposal"]).organisation
                ties = [{"organisation": organisation.pk, "kind": recuse["kind"], "text": recuse["text"]}]
            assert member.user is not None
            interests.declare(competition_id=self.competition.pk, user=member.user, ties=ties, now=self._at(0, hours=2))
        for recusal in self.competition.recusals.filter(state=RecusalState.PROPOSED):
            holds = recuse is not None and recusal.source == RecusalSource.DECLARED
            interests.decide_recusal(
                recusal_id=recusal.pk,
                confirm=holds,
                reason=recuse["reason"] if recuse and holds else texts()["commission"]["dismissed"],
                user=self.user,
                now=self._at(0, hours=3),
            )
            if holds:
                self.barred.add(recusal.member_id)

    def _admit(self, held: EvaluationRound) -> None:
        rejected = {one["proposal"]: one for one in self.told.get("reject") or ()}
        for row in held.admissions.select_related("proposal__organisation"):
            number = row.proposal.number
            if number == (self.told.get("clarify") or {}).get("proposal") and not self._clarify(row):
                continue
            refused = rejected.get(number)
            self._check(row, refused)
            if refused:
                ground = ProcedureGround.objects.get(slug=refused["ground"])
                admission.reject(
                    admission_id=row.pk,
                    user=self.user,
                    ground_id=ground.pk,
                    reason=refused["reason"],
                    now=self._at(self.days, hours=3),
                )
            else:
                admission.admit(admission_id=row.pk, user=self.user, now=self._at(self.days, hours=3))

    def _check(self, row: Admission, refused: Told | None) -> None:
        unmet = (refused or {}).get("item")
        results = {
            item["code"]: {
                "result": CheckResult.NOT_MET if item["code"] == unmet else CheckResult.MET,
                "note": refused["reason"] if refused and item["code"] == unmet else "",
            }
            for item in policy_of(self.competition)["admission"]
        }
        admission.save_checks(admission_id=row.pk, user=self.user, results=results, now=self._at(self.days, hours=2))

    def _clarify(self, row: Admission) -> bool:
        """Ask for a clarification, and have it answered if the story says how; say whether it was."""
        told = self.told["clarify"]
        asked = clarifications.ask(
            admission_id=row.pk,
            user=self.user,
            fields=[told["field"]],
            text=told["text"],
            due_at=self._at(self.days) + timedelta(days=told.get("days", 3)),
            now=self._at(self.days),
        )
        if not told.get("answer"):
            return False
        self.days += 1
        at = self._at(self.days)
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

    # --- scoring

    def _defend(self, held: EvaluationRound) -> None:
        if not policy_of(self.competition)["has_defence"]:
            return
        for row in held.admissions.filter(state=AdmissionState.ADMITTED):
            made = defences.schedule(
                round_id=held.pk,
                proposal_id=str(row.proposal_id),
                at=self._at(self.days, hours=4),
                place=texts()["commission"]["place"],
                user=self.user,
                now=self._at(self.days),
            )
            defences.record(
                defence_id=made.pk,
                held=True,
                note=texts()["commission"]["defence"],
                user=self.user,
                now=self._at(self.days, hours=5),
            )

    def _score(self, held: EvaluationRound, told: Told) -> None:
        criteria = [one["code"] for one in rubric_of(self.competition)["criteria"]]
        sheets = held.sheets.filter(state=SheetState.DRAFT).select_related("member__user")
        for place, sheet in enumerate(sheets):
            if place >= told.get("filed", len(self.members)):
                break
            cells = self._cells(held, sheet, criteria, told["points"])
            user, at = sheet.member.user, self._at(self.days, hours=3 + place)
            assert user is not None
            saved = scoring.save_scores(sheet_id=sheet.pk, user=user, version=sheet.version, cells=cells, now=at)
            scoring.file_sheet(sheet_id=sheet.pk, user=user, version=saved.version, now=at)
        self.days += 2

    def _cells(
        self, held: EvaluationRound, sheet: ScoreSheet, criteria: Sequence[str], points: Mapping[str, str]
    ) -> dict[str, dict[str, str]]:
        """Return the points of a member: those of the story, one of them a point off now and then."""
        cells = {}
        reasons = texts()["commission"]["reasons"]
        for row in held.admissions.filter(state=AdmissionState.ADMITTED).select_related("proposal"):
            told = points[str(row.proposal.number)]
            for lot in row.proposal.lots.values_list("lot_id", flat=True):
                for place, code in enumerate(criteria):
                    value = int(told[place])
                    # the same members lean the same way: harder ones and milder ones
                    if (sheet.member.order + place) % 7 == 0 and not self.told.get("exact"):
                        value = max(value - 1, 0)
                    cells[f"{self.lot_numbers[lot]}:{row.proposal.number}:{code}"] = {
                        "points": str(value),
                        "reason": reasons[value],
                    }
        return cells

    def _note(self, held: EvaluationRound) -> None:
        for one in rankings.spreads_of(held):
            if one.needs_note:
                scoring.put_note(
                    round_id=held.pk,
                    lot=one.lot,
                    proposal=one.proposal,
                    criterion=one.criterion,
                    text=texts()["commission"]["note"],
                    user=self.user,
                    now=self._at(self.days),
                )

    def _break_tie(self, held: EvaluationRound, told: Told) -> None:
        if tie := told.get("tie"):
            chair = self.members[0].user
            assert chair is not None
            rankings.record_tie_break(
                round_id=held.pk,
                lot=1,
                kind=tie["kind"],
                order=tie["order"],
                reason=tie["reason"],
                user=chair,
                now=self._at(self.days, hours=1),
            )

    # --- minutes, decision, what follows

    def _minute(self, held: EvaluationRound, told: Told) -> None:
        made = minutes.make_minutes(round_id=held.pk, user=self.user, now=self._later())
        for place, member in enumerate(self.members):
            if member.pk in self.barred or place >= told.get("signed", len(self.members)):
                continue
            assert member.user is not None
            opinion = told.get("opinion", "") if member.order == _CRITIC else ""
            minutes.sign_minutes(
                minutes_id=made.pk, user=member.user, opinion=opinion, now=self._at(self.days, hours=1 + place)
            )

    def _decide(self, told: Told) -> None:
        made = self._order(told.get("decision") or {})
        if answer := told.get("answer"):
            self._answer(made, answer)
        if again := told.get("again"):
            self.days += 3
            self._order(again)
        if appeal := told.get("appeal"):
            self._appeal(appeal)

    def _order(self, told: Told) -> AwardDecision:
        self.days += 1
        slug = told.get("ground")
        ground = ProcedureGround.objects.get(slug=slug) if slug else None
        return decisions.decide(
            competition_id=self.competition.pk,
            user=self.user,
            act_number=f"{100 + self.competition.pk % 400}/{self.days}",
            act_on=day_of(self._at(self.days)),
            ground_id=ground.pk if ground else None,
            reason=told.get("reason", ""),
            now=self._at(self.days),
        )

    def _answer(self, made: AwardDecision, answer: Told) -> None:
        for award in made.awards.select_related("proposal__created_by"):
            at, user = self._at(self.days, hours=5), award.proposal.created_by
            if answer.get("refuse"):
                awards.refuse(award_id=award.pk, user=user, reason=answer["refuse"], now=at)
            else:
                awards.accept(award_id=award.pk, user=user, now=at)

    def _appeal(self, told: Told) -> None:
        """File the appeal of a bidder; have it decided, and the competition evaluated anew if that was so decided."""
        proposal = self._proposal(told["proposal"])
        self.days += 2
        filed = appeals.file_appeal(
            competition_id=self.competition.pk,
            organisation_id=proposal.organisation_id,
            user=proposal.created_by,
            scope=told["scope"],
            text=told["text"],
            remedy_asked=told["asked"],
            file=None,
            key=uuid4(),
            now=self._at(self.days),
        )
        if not told.get("answer"):
            return
        other = second_official(self.user)
        appeals.accept(appeal_id=filed.pk, user=other, now=self._at(self.days, hours=4))
        self.days += 3
        appeals.decide_appeal(
            appeal_id=filed.pk,
            user=other,
            upheld=told["upheld"],
            remedy=told["remedy"],
            answer=told["answer"],
            now=self._at(self.days),
        )
        if story := told.get("round"):
            self._anew({"stage": "decided", **story})

    def _anew(self, told: Told) -> None:
        """Evaluate again, in the round that the upheld appeal began."""
        self.competition.refresh_from_db()
        held = self.competition.rounds.order_by("-number")[0]
        self.days += 1
        self._sit(held)
        rounds.begin_admission(round_id=held.pk, user=self.user, now=self._at(self.days, hours=1))
        for row in held.admissions.filter(state=AdmissionState.PENDING):
            self._check(row, None)
            admission.admit(admission_id=row.pk, user=self.user, now=self._at(self.days, hours=2))
        self._score_and_decide(held, told)

    def _sit(self, held: EvaluationRound) -> None:
        words = texts()["commission"]
        quorum.record_sitting(
            round_id=held.pk,
            user=self.user,
            at=self._at(self.days),
            place=words["place"],
            agenda=words["agenda"],
            present={member.pk: member.pk not in self.barred for member in self.members},
            now=self._at(self.days),
        )

    # --- small things

    def _proposal(self, number: int) -> Proposal:
        rows = Proposal.objects.select_related("organisation", "created_by")
        return rows.get(competition=self.competition, number=number)

    def _at(self, days: int, *, hours: int = 0) -> datetime:
        """Return the moment so many days and hours after the opening, and never one that has not come."""
        assert self.competition.opened_at is not None
        return min(self.competition.opened_at + days * _DAY + timedelta(hours=hours), self.now)

    def _later(self) -> datetime:
        self.days += 1
        return self._at(self.days)
