"""A hromada with an opened competition, its commission of five, an official, and one applicant to be tied to."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest
from django.test import Client

from portal.accounts.models import Organisation, User
from procurement.models import CommissionMember, Competition, CompetitionCommission, EvaluationRound
from tests.factories.accounts import make_official
from tests.factories.evaluation import make_commission, make_opened, make_round
from tests.factories.registry import Territories, make_territories


@dataclass
class Hall:
    """`members` by their order: chair, secretary, deputy, member, member; `applicants` by the number of the proposal."""

    places: Territories
    official: User
    client: Client
    competition: Competition
    commission: CompetitionCommission
    members: list[CommissionMember]
    applicants: list[Organisation]
    now: datetime

    def round(self, state: str = "declarations") -> EvaluationRound:
        return make_round(self.competition, state=state)


@pytest.fixture
def hall(db, sign_in) -> Hall:
    places = make_territories()
    official = make_official("commissioner", places.dykanska)
    competition = make_opened(user=official, proposals=2)
    commission = make_commission(competition)
    return Hall(
        places,
        official,
        sign_in(official),
        competition,
        commission,
        list(commission.members.select_related("user", "commission")),
        [one.organisation for one in competition.proposals.order_by("number").select_related("organisation")],
        competition.opened_at + timedelta(hours=2),
    )
