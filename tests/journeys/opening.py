"""The world of an evaluation: proposals that are really sealed, a commission, and where its members come to what."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from portal.accounts.models import Organisation, User
from portal.kernel import due
from procurement.models import CommissionMember, Competition, CompetitionCommission, EvaluationRound
from tests.factories.accounts import give_second_factor, make_official
from tests.factories.evaluation import make_commission
from tests.factories.procurement import make_bidder, make_published
from tests.factories.proposals import begin, fill_proposal, submit
from tests.factories.registry import make_territories
from tests.journeys.ordering import bring_the_post
from tests.passing_time import PassingTime

AREA = "/cabinet/commission/"


@dataclass
class World:
    """A closed competition with proposals that are really sealed, an appointed commission, and who has an account."""

    official: User
    bidders: Sequence[tuple[Organisation, User]]
    competition: Competition
    commission: CompetitionCommission

    @property
    def members(self) -> list[CommissionMember]:
        return list(self.commission.members.order_by("order"))

    @property
    def round(self) -> EvaluationRound:
        return self.competition.rounds.get()

    @property
    def private(self) -> list[str]:
        """Return where a member comes to what proposals say and how they are scored."""
        files = [f"proposals/1/{key}/" for key in self.competition.proposals.get(number=1).content["files"]]
        parts = ["", "declaration/", "proposals/1/", "proposals/2/", *files, "sheet/", "sheet/1/1/", "scores/"]
        parts += ["minutes/", "minutes.pdf", "recusals/", "recusals/raise/"]
        return [f"{AREA}competitions/{self.competition.pk}/{part}" for part in parts]

    @property
    def public(self) -> list[str]:
        """Return what everybody may have once it is decided, and nobody before."""
        parts = ("results/", "minutes.pdf", "scores.csv", "ranking.csv", "dossier.zip")
        return [f"/competitions/{self.competition.number}/{part}" for part in parts]


def make_world(time: PassingTime, *, bidders: Mapping[str, str], members: int, **values: Any) -> World:
    """Announce, submit by name and tariff of each bidder, and let the clock come to the hour of the opening."""
    official = make_official("commissioner", make_territories().dykanska)
    give_second_factor(official)
    competition = make_published(user=official, now=time.now(), **values)
    time.move_to(time.now() + timedelta(days=1))
    people = []
    for name, tariff in bidders.items():
        organisation, person = make_bidder(name=name)
        proposal = begin(competition, organisation, person, now=time.now())
        told = {"about/title": name, "offer/lots/1/tariff": tariff}
        submit(fill_proposal(proposal, person, now=time.now(), **told), person, now=time.now())
        people.append((organisation, person))
    time.move_to(competition.opening_at + timedelta(minutes=1))
    assert not [done for done in due.run(time.now()) if done.error]
    bring_the_post(time.now)
    competition.refresh_from_db()
    commission = make_commission(members=members)
    for member in commission.members.select_related("user"):
        give_second_factor(member.user)
    return World(official, people, competition, commission)
