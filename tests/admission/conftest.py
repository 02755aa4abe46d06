"""A round at admission with three proposals, the official who checks them, and keys of its own."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from portal.accounts.models import User
from procurement.domain.seal import keys
from procurement.models import Admission, Competition, EvaluationRound
from tests.factories.accounts import make_official
from tests.factories.evaluation import make_opened, make_round
from tests.factories.registry import make_territories


@pytest.fixture(autouse=True)
def _own_keys(settings, tmp_path):
    settings.PRIVATE_ROOT = tmp_path / "private"
    settings.SEALING_KEY_FILE = tmp_path / "keys" / "sealing.key"
    settings.DRAFT_KEY_FILE = tmp_path / "keys" / "drafts.key"
    keys.make_missing_keys()


@dataclass
class Desk:
    """`official` runs the competition; `now` is a moment after its opening."""

    official: User
    round: EvaluationRound
    now: datetime

    @property
    def competition(self) -> Competition:
        return self.round.competition

    def admission(self, number: int = 1) -> Admission:
        return self.round.admissions.select_related("proposal").get(proposal__number=number)


def make_desk(*, proposals: int = 3, state: str = "admission", **values) -> Desk:
    official = make_official("commissioner", make_territories().dykanska)
    # opened the day before yesterday by the clock of this machine
    opened = make_opened(user=official, proposals=proposals, now=timezone.now() - timedelta(days=26), **values)
    return Desk(official, make_round(opened, state=state), opened.opened_at + timedelta(hours=2))


@pytest.fixture
def desk(db) -> Desk:
    return make_desk()
