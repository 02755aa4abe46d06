"""Opening hours as the register keeps them, `{"mon": [["09:00", "18:00"]], "note": "…"}`, written for a reader."""

from typing import Any, Final

from django.utils.translation import pgettext_lazy

DAYS: Final = {
    "mon": pgettext_lazy("day", "Monday"),
    "tue": pgettext_lazy("day", "Tuesday"),
    "wed": pgettext_lazy("day", "Wednesday"),
    "thu": pgettext_lazy("day", "Thursday"),
    "fri": pgettext_lazy("day", "Friday"),
    "sat": pgettext_lazy("day", "Saturday"),
    "sun": pgettext_lazy("day", "Sunday"),
}


def day_text(spans: list[list[str]] | None) -> str:
    """Return the spans of a day, «09:00–13:00, 14:00–18:00»."""
    return ", ".join(f"{start}–{end}" for start, end in spans or [])


def hours_lines(hours: dict[str, Any]) -> list[tuple[str, str]]:
    """Return the known days with their hours, for a reader."""
    lines = [(str(label), day_text(hours[day])) for day, label in DAYS.items() if hours.get(day)]
    return [*lines, ("", str(hours["note"]))] if hours.get("note") else lines
