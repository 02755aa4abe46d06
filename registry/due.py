"""What becomes due in the register by the clock: each function says in words what it did."""

from __future__ import annotations

from datetime import datetime

from portal.kernel import due
from registry.domain.evidence import end_suspensions, lapse_evidence, restore_confirmed, tell_of_ending
from registry.domain.examination import lapse_correction
from registry.domain.freshness import materialise_freshness
from registry.domain.mistakes import forget_senders
from registry.domain.reminders import forget_sent_links, send_reminders


@due.handles("freshness")
def write_freshness(now: datetime) -> str:
    return f"cards whose freshness changed: {materialise_freshness(now=now)}"


@due.handles("reminders")
def ask_providers(now: datetime) -> str:
    """Write to providers, and take old letters with links out of the outbox."""
    forgotten = forget_sent_links(now=now)
    return f"cards asked about: {send_reminders(now=now)}, old links taken out of the outbox: {forgotten}"


@due.handles("evidence")
def follow_evidence(now: datetime) -> str:
    told = tell_of_ending(now=now)
    suspended = lapse_evidence(now=now)
    return f"documents told of: {told}, services suspended: {suspended}, given back: {restore_confirmed(now=now)}"


@due.handles("suspensions")
def end_timed_suspensions(now: datetime) -> str:
    return f"suspensions that ended: {end_suspensions(now=now)}"


@due.handles("corrections")
def lapse_corrections(now: datetime) -> str:
    return f"corrections that lapsed: {lapse_correction(now=now)}"


@due.handles("senders")
def forget_networks(now: datetime) -> str:
    return f"senders of reports forgotten: {forget_senders(now=now)}"
