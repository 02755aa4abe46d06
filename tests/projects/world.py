"""A competition of social projects under local rules with a defence, played by the steps themselves."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from portal.accounts.models import User
from portal.kernel import clock
from portal.kernel.calendar import day_of
from procurement.domain.evaluation import admission, awards, clarifications, decisions, defences
from procurement.domain.evaluation.interests import declare
from procurement.domain.evaluation.minutes import make_minutes, sign_minutes
from procurement.domain.evaluation.quorum import record_sitting
from procurement.domain.evaluation.rounds import begin_admission, begin_discussion, begin_round, begin_scoring
from procurement.domain.evaluation.scoring import file_sheet, save_scores
from procurement.domain.evaluation.steps import rubric_of
from procurement.enums import CheckResult
from procurement.models import AwardDecision, Competition, CompetitionPolicy, EvaluationRound, Proposal
from tests.factories.evaluation import make_commission, make_opened, make_opened_proposal
from tests.factories.rule_profiles import make_profile, make_rules

# projects of a budget year are called before 1 October of the year before: the table of terms says so
NOW = datetime(2026, 9, 14, 9, 0, tzinfo=UTC)
PERIOD = {"service_from": date(2027, 5, 1), "service_to": date(2027, 9, 30)}
LOCAL = (
    "legal_forms",
    "commission_min",
    "quorum_share",
    "quorum_strict",
    "admission",
    "takes_clarifications",
    "asked_path",
    "appeal_stops",
    "in_project_register",
    "needs_register",
    "names_members",
)


def project(name: str, asked: str, *, goal: str = "Люди з інвалідністю працюють у громаді.") -> dict[str, Any]:
    """Return the answers of an application that asks for this sum and brings a tenth of it."""
    return {
        "about/registered_on": "2019-05-14",
        "about/experience": "Шість проєктів у громаді.",
        "project/name": name,
        "project/priority": "Зайнятість",
        "project/problem": "Немає роботи.",
        "project/goal": goal,
        "project/group": "Дорослі з інвалідністю",
        "project/people": "24",
        "project/from": "2027-05-01",
        "project/to": "2027-09-30",
        "budget/lines/1/line": "Оплата праці",
        "budget/lines/1/quantity": "1",
        "budget/lines/1/price": asked,
        "budget/lines/1/from_budget": asked,
    }


def make_local_rules(*, defence: bool = True, **terms: Any) -> None:
    """Write Dykanka's own rules of project competitions: the national ones, and a defence."""
    make_rules()
    national = CompetitionPolicy.objects.get(profile__procedure="social-project", profile__authority="")
    policy = {name: getattr(national, name) for name in LOCAL} | {"has_defence": defence}
    make_profile(procedure="social-project", policy=policy, **{"clarification_answer": 3, **terms})


@dataclass
class ProjectWorld:
    competition: Competition
    official: User
    at: datetime

    @property
    def round(self) -> EvaluationRound:
        return self.competition.rounds.order_by("-number").first()

    def proposal(self, number: int) -> Proposal:
        return self.competition.proposals.get(number=number)

    def step(self, **more: Any) -> datetime:
        self.at += timedelta(**(more or {"hours": 1}))
        return self.at


def make_called(**values: Any) -> Competition:
    """Return an opened competition of projects without proposals, announced in time."""
    return make_opened(**{"procedure": "social-project", "proposals": 0, "now": NOW, **PERIOD, **values})


def make_project_world(asked: Sequence[str], **values: Any) -> ProjectWorld:
    """Return an opened competition of projects with one lot: 648 000 to give, at most 324 000 to one project."""
    competition = make_called(**values)
    for number, sum_ in enumerate(asked, 1):
        make_opened_proposal(competition, content=project(f"Проєкт {number}", sum_))
    make_commission(competition)
    return ProjectWorld(competition, competition.created_by, competition.opened_at)


def declare_all(world: ProjectWorld) -> None:
    begin_round(competition_id=world.competition.pk, user=world.official, now=world.step())
    for member in world.competition.commission.members.all():
        declare(competition_id=world.competition.pk, user=member.user, ties=[], now=world.step(minutes=5))
    came = {member.pk: True for member in world.competition.commission.members.all()}
    at = world.step()
    record_sitting(
        round_id=world.round.pk,
        user=world.official,
        at=at,
        place="мала зала",
        agenda="Допуск",
        present=came,
        now=world.step(),
    )
    begin_admission(round_id=world.round.pk, user=world.official, now=world.step())


def correct(world: ProjectWorld, number: int, values: dict[str, str]) -> None:
    """Ask for one correction of the named fields and let the applicant answer."""
    found = world.round.admissions.get(proposal__number=number)
    asked = clarifications.ask(
        admission_id=found.pk,
        user=world.official,
        fields=list(values),
        text="Уточніть названі поля.",
        due_at=None,
        now=world.step(),
    )
    now = world.step()
    with clock.standing_at(now):
        clarifications.answer(
            clarification_id=asked.pk,
            user=found.proposal.created_by,
            values=values,
            files={},
            note="",
            now=now,
        )


def admit_all(world: ProjectWorld) -> None:
    items = [item["code"] for item in CompetitionPolicy.objects.filter(in_project_register=True).first().admission]
    results = {code: {"result": CheckResult.MET, "note": ""} for code in items}
    for found in world.round.admissions.all():
        admission.save_checks(admission_id=found.pk, user=world.official, results=results, now=world.step(minutes=5))
        admission.admit(admission_id=found.pk, user=world.official, now=world.step(minutes=5))
    begin_scoring(round_id=world.round.pk, user=world.official, now=world.step())


def defend_all(world: ProjectWorld) -> None:
    for found in world.round.admissions.select_related("proposal"):
        held_at = world.step() + timedelta(days=2)
        row = defences.schedule(
            round_id=world.round.pk,
            proposal_id=str(found.proposal_id),
            at=held_at,
            place="мала зала",
            user=world.official,
            now=world.at,
        )
        world.at = held_at + timedelta(hours=1)
        defences.record(defence_id=row.pk, held=True, note="Запитали про сталість.", user=world.official, now=world.at)


def score_all(world: ProjectWorld, points: dict[int, str]) -> None:
    """Let every member give these points to each proposal by every criterion."""
    criteria = [one["code"] for one in rubric_of(world.competition)["criteria"]]
    for sheet in world.round.sheets.select_related("member__user"):
        cells = {
            f"1:{number}:{criterion}": {"points": given, "reason": "Підтверджено."}
            for number, given in points.items()
            for criterion in criteria
        }
        now = world.step(minutes=10)
        saved = save_scores(sheet_id=sheet.pk, user=sheet.member.user, version=sheet.version, cells=cells, now=now)
        file_sheet(sheet_id=sheet.pk, user=sheet.member.user, version=saved.version, now=now)


def decide_round(world: ProjectWorld) -> AwardDecision:
    begin_discussion(round_id=world.round.pk, user=world.official, now=world.step())
    minutes = make_minutes(round_id=world.round.pk, user=world.official, now=world.step())
    for member in world.competition.commission.members.order_by("order"):
        sign_minutes(minutes_id=minutes.pk, user=member.user, opinion="", now=world.step(minutes=5))
    now = world.step(days=1)
    decision = decisions.decide(
        competition_id=world.competition.pk, user=world.official, act_number="44", act_on=day_of(now), now=now
    )
    world.competition.refresh_from_db()
    return decision


def accept_all(world: ProjectWorld) -> None:
    decision = decisions.decision_in_force(world.competition)
    for award in decision.awards.select_related("proposal"):
        awards.accept(award_id=award.pk, user=award.proposal.created_by, now=world.step())
