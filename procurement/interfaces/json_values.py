"""How moments, days and places are written in JSON, the same in every answer."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from portal.kernel.calendar import KYIV
from registry.models import Territory


def written(value: Any) -> Any:
    """Return a moment in Kyiv's time and a day as ISO 8601 has them; anything else as it is."""
    if isinstance(value, datetime):
        return value.astimezone(KYIV).isoformat(timespec="seconds")
    return value.isoformat() if isinstance(value, date) else value


def place_json(place: Territory) -> dict[str, str]:
    return {"code": place.code, "name": place.label}
