"""The form of a visit: what stands in it, and what was sent by it, with or without a script."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final
from uuid import uuid4

from django.utils.dateparse import parse_datetime

from procurement.contract_enums import CheckAnswer
from procurement.domain.monitoring.checklists import EXTRA, Item, items_of
from procurement.domain.monitoring.merging import FINDING_FIELDS, mark_of, others_of, told_by
from procurement.domain.monitoring.sendings import HEAD
from procurement.models import Visit, VisitAnswer

KEPT: Final = ("notes", "present")


@dataclass(slots=True)
class Other:
    """What another device answered, and did not count."""

    answer: str
    note: str
    text: str
    at: datetime | None


@dataclass(slots=True)
class Question:
    """One item of the form with what is answered; what nobody answered yet is offered as its item has it."""

    code: str
    item: Item | None
    told: Mapping[str, Any] = field(default_factory=dict)
    base: str = ""
    others: list[Other] = field(default_factory=list)
    errors: Mapping[str, str] = field(default_factory=dict)

    @property
    def answer(self) -> str:
        return str(self.told.get("answer", ""))

    @property
    def note(self) -> str:
        return str(self.told.get("note", ""))

    @property
    def finding(self) -> dict[str, str]:
        told = dict.fromkeys(FINDING_FIELDS, "")
        if self.item is not None:
            told |= {"kind": self.item.kind, "severity": self.item.severity, "citation": self.item.citation}
        return {**told, **(self.told.get("finding") or {})}

    @property
    def is_blank(self) -> bool:
        """Whether it is the place for one more finding that the checklist does not ask for."""
        return self.item is None and not self.told


def questions_of(
    visit: Visit, sent: Mapping[str, Any] | None = None, faults: Mapping[str, str] | None = None
) -> list[Question]:
    """Return the items in order, then what the checklist does not ask, then an empty place for more of that.

    `sent` is a content that was not taken: it stands in place of what is stored, with its faults.
    """
    rows = {row.code: row for row in visit.answers.order_by("pk")}
    typed: Mapping[str, Any] = (sent or {}).get("answers", {})
    items = items_of(visit.checklist)
    known = {item.code for item in items}
    extra = [code for code in dict.fromkeys([*rows, *typed]) if code not in known]
    made = [_question(item.code, item, rows, typed, faults or {}) for item in items]
    made += [_question(code, None, rows, typed, faults or {}) for code in extra if not _is_gone(rows, typed, code)]
    return [*made, Question(f"{EXTRA}{uuid4().hex[:12]}", None)]


def content_from(post: Mapping[str, str], visit: Visit, now: datetime) -> dict[str, Any]:
    """Return what the plain form says as a device would send it: only items that differ from what the page showed."""
    head = {name: post.get(name, "") for name in HEAD}
    content: dict[str, Any] = {
        "held_on": post.get("held_on", ""),
        **head,
        "was": {name: post.get(f"was-{name}", "") for name in KEPT},
        "answers": {},
    }
    for code in _codes(post, visit):
        told = _told(post, code)
        base = post.get(f"{code}-base", "")
        if told["answer"] and mark_of(_normal(told)) != base:
            content["answers"][code] = {**told, "at": now.isoformat(), "base": base}
    return content


def marks_of(visit: Visit) -> dict[str, str]:
    """Return the mark of every stored answer, by which a device says what it knew."""
    return {row.code: mark_of(told_by(row)) for row in visit.answers.all()}


def _codes(post: Mapping[str, str], visit: Visit) -> Iterable[str]:
    yield from (item.code for item in items_of(visit.checklist))
    for name in post:
        if name.startswith(EXTRA) and name.endswith("-text"):
            yield name.removesuffix("-text")


def _told(post: Mapping[str, str], code: str) -> dict[str, Any]:
    finding = {name: post.get(f"{code}-{name}", "") for name in FINDING_FIELDS}
    answer, note = post.get(f"{code}-answer", ""), post.get(f"{code}-note", "")
    if code.startswith(EXTRA):
        # a finding that the checklist does not ask for is there as long as it has words
        stands = CheckAnswer.BREACH if finding["text"].strip() else CheckAnswer.NOT_APPLICABLE
        answer = stands if finding["text"].strip() or post.get(f"{code}-base") else ""
    return {"answer": answer, "note": note, "finding": finding}


def _normal(told: Mapping[str, Any]) -> dict[str, Any]:
    """Return what would be stored of it: a finding belongs to a breach alone, lines end as the portal has them."""
    is_breach = told["answer"] == CheckAnswer.BREACH
    finding = {name: _clean(value) for name, value in told["finding"].items() if is_breach and _clean(value)}
    return {"answer": told["answer"], "note": _clean(told["note"]), "finding": finding}


def _clean(value: str) -> str:
    return value.replace("\x00", "").replace("\r\n", "\n").strip()


def _is_gone(rows: Mapping[str, VisitAnswer], typed: Mapping[str, Any], code: str) -> bool:
    """Say whether an extra finding was emptied, and so taken back."""
    return code not in typed and rows[code].answer != CheckAnswer.BREACH


def _question(
    code: str,
    item: Item | None,
    rows: Mapping[str, VisitAnswer],
    typed: Mapping[str, Any],
    faults: Mapping[str, str],
) -> Question:
    row = rows.get(code)
    stored = told_by(row) if row else {}
    made = Question(code, item, typed.get(code) or stored, mark_of(stored) if stored else "")
    made.others = [_other(one) for one in others_of(row)] if row else []
    made.errors = {
        name.removeprefix(f"{code}-").replace("-", "_"): text
        for name, text in faults.items()
        if name.startswith(f"{code}-")
    }
    return made


def _other(told: Mapping[str, Any]) -> Other:
    label = dict(CheckAnswer.choices).get(told.get("answer", ""), "")
    text = (told.get("finding") or {}).get("text", "")
    return Other(str(label), str(told.get("note", "")), str(text), parse_datetime(str(told.get("answered_at", ""))))
