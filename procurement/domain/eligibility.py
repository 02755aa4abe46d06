"""Whether an organisation may submit in a competition, said before it writes a word; the profile decides."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from portal.accounts.models import Organisation
from procurement.models import Competition


@dataclass(frozen=True, slots=True)
class Requirement:
    """One condition: met, not met, or not known from the register; in words, with its citation."""

    code: str
    met: bool | None
    text: str
    citation: str = ""


def requirements_of(competition: Competition, organisation: Organisation, now: datetime) -> list[Requirement]:
    raise NotImplementedError


def may_submit(competition: Competition, organisation: Organisation, now: datetime) -> bool:
    """Say whether no condition is unmet; one that is not known does not bar, the commission judges it."""
    raise NotImplementedError
