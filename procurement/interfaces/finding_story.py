"""What was said about a finding, by both sides, in the order in which it was said."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from procurement.models import Finding, FindingReply, FindingResult


@dataclass(frozen=True, slots=True)
class Said:
    """A reply of the provider, or a result by the official."""

    at: datetime
    reply: FindingReply | None = None
    result: FindingResult | None = None


def story_of(finding: Finding) -> list[Said]:
    """Return replies and results together, the earliest first."""
    said = [Said(one.at, reply=one) for one in finding.replies.all()]
    said += [Said(one.at, result=one) for one in finding.results.all()]
    return sorted(said, key=lambda one: one.at)
