"""A clock that a test sets and that goes on by itself: every thread of the process reads it, the served pages too."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from portal.kernel import clock


class PassingTime:
    """What `timezone.now` and the portal's one clock say; what lives by `time.time`, codes of sign-in, stays real."""

    def __init__(self, at: datetime) -> None:
        self.move_to(at)

    def now(self) -> datetime:
        return datetime.now(UTC) + self._ahead

    def move_to(self, at: datetime) -> None:
        self._ahead: timedelta = at - datetime.now(UTC)


@pytest.fixture
def passing_time(monkeypatch) -> PassingTime:
    """Let it be noon in Kyiv on 20 January 2027, until the test moves the clock."""
    time = PassingTime(datetime(2027, 1, 20, 10, 0, tzinfo=UTC))
    monkeypatch.setattr(timezone, "now", time.now)
    monkeypatch.setattr(clock, "moment", time.now)
    return time
