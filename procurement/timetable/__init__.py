"""The timetable of a competition judged against frozen rules: pure functions over points, terms and a calendar.

No number stands here. A rule whose term is not set yields no date and breaks nothing: the page says that it is not set.
"""

from procurement.timetable.frozen import FrozenRule, calendar_as_json, calendar_from_json
from procurement.timetable.judging import (
    Finding,
    Plan,
    Verdict,
    event_of,
    in_words,
    is_known,
    judge,
    last_day,
    term_words,
)
from procurement.timetable.windowing import Window, windows

__all__ = [
    "Finding",
    "FrozenRule",
    "Plan",
    "Verdict",
    "Window",
    "calendar_as_json",
    "calendar_from_json",
    "event_of",
    "in_words",
    "is_known",
    "judge",
    "last_day",
    "term_words",
    "windows",
]
