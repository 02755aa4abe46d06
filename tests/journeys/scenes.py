"""Competitions at the point where they leave the straight way: the worlds of the side exits."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from portal.accounts.models import User
from procurement.enums import RoundState
from procurement.models import Award, AwardDecision, CommissionMember, Competition, EvaluationRound, Proposal
from tests.factories.accounts import give_second_factor, make_official
from tests.factories.evaluation import make_opened, make_round
from tests.factories.ordering import NOW
from tests.factories.procurement import make_bidder, make_published
from tests.factories.proposals import begin, fill_proposal
from tests.factories.registry import make_territories
from tests.journeys.ordering import TITLE, bring_the_post
from tests.passing_time import PassingTime
from tests.results_pages.decided import decide

CRITERIA = ("provider-criteria", "finances", "experience", "staff", "recipients", "cost")


@dataclass
class Scene:
    """A competition at the point where a side exit begins, with the official who runs it."""

    competition: Competition
    official: User

    @property
    def number(self) -> str:
        return str(self.competition.number)

    @property
    def round(self) -> EvaluationRound:
        """The last round, as it is now."""
        return self.competition.rounds.select_related("competition", "commission").latest("number")

    @property
    def members(self) -> list[CommissionMember]:
        return list(self.round.commission.members.select_related("user").order_by("order"))

    @property
    def state(self) -> str:
        return str(Competition.objects.values_list("state", flat=True).get(pk=self.competition.pk))

    @property
    def decisions(self) -> list[AwardDecision]:
        return list(self.competition.decisions.select_related("supersedes", "ground").order_by("number"))

    @property
    def last_award(self) -> Award:
        return Award.objects.filter(decision__competition=self.competition).latest("pk")

    def proposal(self, number: int) -> Proposal:
        return self.competition.proposals.select_related("organisation", "created_by").get(number=number)

    def name(self, number: int) -> str:
        return str(self.proposal(number).organisation.name)

    def email(self, number: int) -> str:
        """Return the address of who may sign for a proposal."""
        return str(self.proposal(number).created_by.email)


def make_orderer() -> User:
    """Return an official who orders services in the hromada of the journeys and has a second factor."""
    official = make_official("commissioner", make_territories().dykanska)
    give_second_factor(official)
    return official


def make_scene(time: PassingTime, state: str, **values: Any) -> Scene:
    """Return a round in this state (`values` as of `make_opened`); the clock stands two days after its beginning."""
    official = make_orderer()
    # nothing is closed before its time
    time.move_to(NOW + timedelta(days=30))
    competition = make_opened(user=official, title=TITLE, **values)
    scene = Scene(competition, official)
    time.move_to(make_round(competition, state=state).began_at + timedelta(days=2))
    give_second_factor(scene.members[0].user)
    return scene


def make_draft(time: PassingTime) -> tuple[Scene, Proposal]:
    """Return an announced competition an hour before its end and a proposal to it that is written and not submitted."""
    official = make_orderer()
    scene = Scene(make_published(user=official, title=TITLE), official)
    at = scene.competition.published_at + timedelta(days=1)
    organisation, person = make_bidder()
    draft = fill_proposal(begin(scene.competition, organisation, person, now=at), person, now=at)
    time.move_to(scene.competition.closes_at - timedelta(hours=1))
    return scene, draft


def make_scene_decided(time: PassingTime, **values: Any) -> Scene:
    """Return a competition whose first proposal has won; the letters that say so have been sent."""
    scene = make_scene(time, RoundState.DISCUSSION, **values)
    decide(scene.round, time.now())
    bring_the_post(time.now)
    return scene


def all_points(scene: Scene, number: int, points: str) -> dict[tuple[int, int, str], str]:
    """Return that every member gives so many points to a proposal for each criterion, as `fill_sheets` is told."""
    return {(number, member.order, code): points for member in scene.members for code in CRITERIA}


def given(points: Mapping[int, str]) -> dict[int, dict[str, tuple[str, str]]]:
    """Return a whole sheet with the same points for each criterion, by the numbers of proposals."""
    reason = "Підтверджено документами."
    return {number: dict.fromkeys(CRITERIA, (told, reason)) for number, told in points.items()}
