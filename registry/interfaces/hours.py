"""Opening hours as the register keeps them, `{"mon": [["09:00", "18:00"]], "note": "…"}`, read from what is typed."""

from __future__ import annotations

import re
from typing import Final

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from registry.queries.hours import DAYS, day_text, hours_lines

__all__ = ["DAYS", "day_text", "hours_lines", "read_day"]

_SPAN: Final = re.compile(r"^(\d{1,2})(?:[:.](\d{2}))?\s*[-–—]\s*(\d{1,2})(?:[:.](\d{2}))?$")
_MIDNIGHT: Final = 24 * 60


def read_day(text: str) -> list[list[str]]:
    """Read «9–13, 14:00-18:00» into spans of the day; raise `ValidationError` for anything else."""
    spans: list[list[str]] = []
    last = 0
    for piece in filter(None, (piece.strip() for piece in re.split(r"[,;]", text))):
        found = _SPAN.match(piece)
        if not found:
            raise ValidationError(_("Write hours like 09:00–18:00; a break as 09:00–13:00, 14:00–18:00."))
        start, end = (_minutes(*found.group(place, place + 1)) for place in (1, 3))
        if start < last or end <= start or end > _MIDNIGHT:
            raise ValidationError(_("These hours are not in order: %(hours)s."), params={"hours": piece})
        spans.append([_clock(start), _clock(end)])
        last = end
    return spans


def _minutes(hour: str, minute: str | None) -> int:
    return int(hour) * 60 + int(minute or 0)


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02d}:{minutes % 60:02d}"
