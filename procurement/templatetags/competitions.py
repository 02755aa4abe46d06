"""How the pages of competitions write moments and what an opening found."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django import template
from django.utils.translation import gettext as _

from procurement.interfaces import moments
from procurement.models import Opening

register = template.Library()


@dataclass(frozen=True, slots=True)
class Findings:
    """What an opening found: how many proposals, what did not open and why, the digest over all digests."""

    count: int | None
    faults: list[tuple[str, str]]
    missing: list[str]
    root: str


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
