"""What a device sends of a visit, read strictly: faults by the field they are about, nothing taken on trust.

A content is `{held_on, place, present, notes, was: {present, notes}, answers: {code: answer}}`, an answer
`{answer, note, at, base, finding: {kind, severity, citation, text, demand, due_on}}`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any, Final

from django.utils.dateparse import parse_date, parse_datetime
from django.utils.timezone import is_aware
from django.utils.translation import gettext as _

from portal.kernel.calendar import day_of
from procurement.contract_enums import CheckAnswer, Severity
from procurement.domain.monitoring.checklists import EXTRA, LONGEST_CODE, items_of
from procurement.domain.monitoring.merging import FINDING_FIELDS, MARK, Seen
from procurement.models import Visit

HEAD: Final = {"place": 300, "present": 2000, "notes": 8000}
_LONGEST: Final = {"kind": 60, "severity": 10, "citation": 300, "text": 4000, "demand": 2000, "due_on": 10}
LONGEST_NOTE: Final = 2000
MOST_EXTRA: Final = 60
# what no column takes: a null, and a half of a letter that JSON may name by its code
_BROKEN: Final = re.compile("[\x00\ud800-\udfff]")
_EXTRA: Final = re.compile(re.escape(EXTRA) + r"[a-z0-9]{1,32}")


class VisitFaultsError(Exception):
    """What was sent cannot be taken as it is: `faults` says why, by the name of the field."""

    def __init__(self, faults: Mapping[str, str]) -> None:
        super().__init__("; ".join(faults))
        self.faults = dict(faults)


@dataclass(slots=True)
class Sending:
    """What a device sent, clean: only what it names changes anything."""

    held_on: date | None = None
    head: dict[str, str] = field(default_factory=dict)
    was: dict[str, str] = field(default_factory=dict)
    answers: dict[str, Seen] = field(default_factory=dict)

    @property
    def content(self) -> dict[str, Any]:
        """What is kept of it, and nothing else that was in the parcel."""
        answers = {
            code: {**seen.told, "at": seen.at.isoformat(), "base": seen.base} for code, seen in self.answers.items()
        }
        return {"held_on": self.held_on.isoformat() if self.held_on else "", **self.head, "answers": answers}


def read_sending(content: Any, visit: Visit, now: datetime) -> Sending:
    """Return what was sent of this visit; raises `VisitFaultsError` with everything that is wrong."""
    faults: dict[str, str] = {}
    told = content if isinstance(content, dict) else {}
    read = Sending(held_on=_held_on(told, visit, now, faults))
    for name, longest in HEAD.items():
        if name in told:
            read.head[name] = _text(told[name], name, longest, faults)
    was = told.get("was") if isinstance(told.get("was"), dict) else {}
    read.was = {name: str(value).strip() for name, value in (was or {}).items() if name in HEAD}
    answers = told.get("answers")
    known = {item.code for item in items_of(visit.checklist)}
    for code, one in (answers if isinstance(answers, dict) else {}).items():
        if isinstance(one, dict) and (code in known or _is_extra(code, read)):
            read.answers[code] = _seen(code, one, now, faults)
    if faults:
        raise VisitFaultsError(faults)
    return read


def keepable(value: Any) -> str:
    """Return a text without what no database takes; what is not text is nothing."""
    return _BROKEN.sub("", value) if isinstance(value, str) else ""


def _is_extra(code: Any, read: Sending) -> bool:
    if not isinstance(code, str) or len(code) > LONGEST_CODE or not _EXTRA.fullmatch(code):
        return False
    return sum(known.startswith(EXTRA) for known in read.answers) < MOST_EXTRA


def _held_on(told: Mapping[str, Any], visit: Visit, now: datetime, faults: dict[str, str]) -> date | None:
    value = told.get("held_on")
    if not value:
        return None
    day = _day(value)
    contract = visit.contract
    if day is None:
        faults["held_on"] = _("Enter the day of the visit.")
    elif day > day_of(now):
        faults["held_on"] = _("The day of the visit has not come yet.")
    elif contract.concluded_on and day < contract.concluded_on:
        faults["held_on"] = _("On that day there was no contract yet.")
    elif contract.ended_on and day > contract.ended_on:
        faults["held_on"] = _("On that day the contract had ended.")
    return day


def _seen(code: str, one: Mapping[str, Any], now: datetime, faults: dict[str, str]) -> Seen:
    answer = one.get("answer")
    if answer not in CheckAnswer.values:
        faults[f"{code}-answer"] = _("Choose an answer from the list.")
    told = one.get("finding")
    finding: dict[str, str] = {}
    if answer == CheckAnswer.BREACH and isinstance(told, dict):
        finding = {name: _part(code, name, told[name], faults) for name in FINDING_FIELDS if told.get(name)}
    return Seen(
        answer=str(answer),
        at=min(_moment(one.get("at")) or now, now),
        note=_text(one.get("note", ""), f"{code}-note", LONGEST_NOTE, faults),
        finding={name: value for name, value in finding.items() if value},
        base=keepable(one.get("base"))[:MARK],
    )


def _part(code: str, name: str, value: Any, faults: dict[str, str]) -> str:
    place = f"{code}-{name}"
    text = _text(value, place, _LONGEST[name], faults)
    if name == "severity" and text not in Severity.values:
        faults[place] = _("Choose how serious it is.")
    if name == "due_on" and text and _day(text) is None:
        faults[place] = _("Enter the day by which it is to be eliminated.")
    return text


def _text(value: Any, place: str, longest: int, faults: dict[str, str]) -> str:
    text = keepable(value).replace("\r\n", "\n").strip()
    if len(text) > longest:
        faults[place] = _("Make it shorter: at most %(count)d characters.") % {"count": longest}
    return text


def _day(value: Any) -> date | None:
    try:
        return parse_date(value) if isinstance(value, str) else None
    except ValueError:
        return None


def _moment(value: Any) -> datetime | None:
    try:
        moment = parse_datetime(value) if isinstance(value, str) else None
        return moment.astimezone(UTC) if moment is not None and is_aware(moment) else None
    except (ValueError, OverflowError):
        return None
