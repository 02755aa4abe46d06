"""What the clock does about competitions: it closes what is over, and tells those who should not miss the end."""

from __future__ import annotations

from datetime import datetime

from portal.kernel import due
from procurement.domain.calls.clock import close_what_is_over, remind_of_ends, tell_of_openings


@due.handles("competitions")
def run_competitions(now: datetime) -> str:
    closed = close_what_is_over(now=now)
    return f"competitions closed: {closed}, to be opened now: {tell_of_openings(now=now)}"


@due.handles("competition-reminders")
def remind_of_competitions(now: datetime) -> str:
    bidders, officials = remind_of_ends(now=now)
    return f"proposals reminded of the end: {bidders}, questions reminded of: {officials}"
