"""What the clock does about quality: it closes surveys that are over and reminds of the yearly evaluation."""

from __future__ import annotations

from datetime import datetime

from portal.kernel import due
from procurement.domain.quality.surveys import close_what_is_over
from procurement.domain.quality.yearly import remind_of_yearly


@due.handles("surveys")
def close_surveys(now: datetime) -> str:
    return f"surveys closed: {close_what_is_over(now=now)}"


@due.handles("quality-reminders")
def remind_of_quality(now: datetime) -> str:
    return f"letters about internal evaluations: {remind_of_yearly(now=now)}"
