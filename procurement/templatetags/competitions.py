"""How the pages of competitions write moments and what an opening found."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django import template
from django.utils.translation import gettext as _

from procurement.domain.seal.sealing import merkle_root
from procurement.interfaces import moments
from procurement.models import Opening
from procurement.queries.announcements import Commitment

register = template.Library()


@dataclass(frozen=True, slots=True)
class Findings:
    """What an opening found: how many proposals, what did not open and why, the digest over all digests."""

    count: int | None
    faults: list[tuple[str, str]]
    missing: list[str]
    root: str


@dataclass(frozen=True, slots=True)
class Counted:
    """What anybody can count again of an opening: its digests, those the log has not, whether the root is theirs."""

    digests: frozenset[str]
    unlogged: list[str]
    is_root: bool

    @property
    def holds(self) -> bool:
        return self.is_root and not self.unlogged


@register.filter
def counted_in(opening: Opening | None, commitments: Iterable[Commitment]) -> Counted | None:
    """Hold the record of an opening against the digests of the public log; nothing where the record has none."""
    findings = opening.findings if opening else {}
    told, root = [str(one) for one in findings.get("commitments") or ()], findings.get("merkle_root")
    logged = {one.digest for one in commitments}
    if not told or not root:
        return None
    return Counted(frozenset(told), [one for one in told if one not in logged], merkle_root(told) == root)


@register.filter
def in_words(value: date | datetime | None) -> str:
    return moments.in_words(value)


@register.filter
def findings(opening: Opening) -> Findings:
    """Read what was found, whichever of it the record has."""
    found = opening.findings
    faults = [
        (_("Proposal № %(number)s") % {"number": row.get("proposal", "—")}, str(row.get("fault", "")))
        for row in found.get("faults") or ()
    ]
    missing = [str(digest) for digest in found.get("missing") or ()]
    return Findings(found.get("count"), faults, missing, str(found.get("merkle_root", "")))
