"""Where a competition stands at a moment, computed from the clock on every read; nothing here writes."""

from __future__ import annotations

from datetime import datetime

from procurement.enums import Phase
from procurement.models import Competition


def ends_at(competition: Competition, now: datetime) -> datetime | None:
    """Return the moment from which proposals are not accepted any more, as it is known at `now` (exclusive).

    It is `closes_at`, unless a question asked in time had no answer at that moment: then the close is held until the
    answer and the grace of the profile (rule `question-grace`), at most until `hold_until`.
    """
    raise NotImplementedError


def phase(competition: Competition, now: datetime) -> Phase:
    raise NotImplementedError
