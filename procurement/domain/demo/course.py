"""One evaluation of the demonstration while it is told: who takes part, and what day it is by now."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

from portal.accounts.models import User
from procurement.enums import CommissionState
from procurement.models import CommissionMember, Competition, CompetitionCommission, Proposal

_DAY: Final = timedelta(days=1)
Told = Mapping[str, Any]


@dataclass(slots=True)
class Course:
    """What a commission does in one competition, on days counted from the opening; `told` is its story."""

    competition: Competition
    told: Told
    user: User
    now: datetime
    body: CompetitionCommission
    members: list[CommissionMember]
    days: int = 0
    barred: set[int] = field(default_factory=set)

    @classmethod
    def of(cls, competition: Competition, told: Told, user: User, now: datetime) -> Course:
        """Begin with the commission that the demonstration has appointed for whoever announced the competition."""
        body = CompetitionCommission.objects.get(
            commissioner=competition.commissioner, state=CommissionState.APPOINTED, is_demo=True
        )
        members = list(body.members.active().select_related("user"))
        return cls(competition, told, user, now, body, members)

    def proposal(self, number: int) -> Proposal:
        rows = Proposal.objects.select_related("organisation", "created_by")
        return rows.get(competition=self.competition, number=number)

    def at(self, days: int, *, hours: int = 0) -> datetime:
        """Return the moment so many days and hours after the opening, and never one that has not come."""
        assert self.competition.opened_at is not None
        return min(self.competition.opened_at + days * _DAY + timedelta(hours=hours), self.now)

    def later(self) -> datetime:
        """Return the next day, which it is from now on."""
        self.days += 1
        return self.at(self.days)
