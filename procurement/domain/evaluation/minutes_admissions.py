"""The part of minutes about admission: checks, grounds, clarifications, defences; described in `minutes_content`."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from procurement.domain.forms.definition import Form, form_of
from procurement.models import Admission, Clarification, EvaluationRound


def moment(value: datetime | None) -> str | None:
    """Write a moment as the content keeps it."""
    return value.isoformat() if value else None


def admissions_part(round_: EvaluationRound) -> list[dict[str, Any]]:
    """Write down of every proposal whether it was admitted, item by item, with ground, reason and clarification."""
    frozen = round_.competition.versions.order_by("number").values_list("frozen", flat=True)[0]
    items = {one["code"]: one for one in (frozen.get("policy") or {}).get("admission") or ()}
    form = form_of((frozen.get("form") or {}).get("definition") or {}, {})
    rows = round_.admissions.select_related("proposal", "ground", "clarification").prefetch_related("checks")
    rows = rows.defer("proposal__content", "proposal__draft", "proposal__draft_key")
    return [_admission(one, items, form) for one in rows.order_by("proposal__number")]


def _admission(admission: Admission, items: dict[str, Any], form: Form) -> dict[str, Any]:
    ground = admission.ground
    clarification = getattr(admission, "clarification", None)
    return {
        "proposal": admission.proposal.number,
        "state": admission.state,
        "checks": [
            {
                "code": one.code,
                "text_uk": items.get(one.code, {}).get("text_uk", one.code),
                "text_en": items.get(one.code, {}).get("text_en", ""),
                "result": one.result,
                "note": one.note,
            }
            for one in admission.checks.all()
        ],
        "ground": None
        if ground is None
        else {name: getattr(ground, name) for name in ("slug", "text_uk", "text_en", "act", "point", "verified")},
        "reason": admission.reason,
        "decided_at": moment(admission.decided_at),
        "clarification": _clarification(clarification, form) if clarification else None,
    }


def _clarification(asked: Clarification, form: Form) -> dict[str, Any]:
    """Write down both texts, and of the fields their names: what a proposal says in them is not public."""
    fields = [form.find(path) or (form.field(path), "") for path in asked.fields]
    return {
        "state": asked.state,
        "fields": [
            {
                "path": path,
                "label_uk": field.spec.get("label_uk", path) if field else path,
                "label_en": field.spec.get("label_en", "") if field else "",
            }
            for path, (field, _row) in zip(asked.fields, fields, strict=True)
        ],
        "text": asked.text,
        "asked_at": moment(asked.asked_at),
        "due_at": moment(asked.due_at),
        "due_words": asked.due_words,
        "note": asked.note,
        "answered_at": moment(asked.answered_at),
        "answered": sorted(asked.answers),
        "log_seq": asked.log_seq,
    }


def defences_part(round_: EvaluationRound) -> list[dict[str, Any]]:
    """Write down how the defence of each proposal went, where the procedure has that stage."""
    return [
        {
            "proposal": one.proposal.number,
            "at": moment(one.at),
            "place": one.place,
            "state": one.state,
            "note": one.note,
        }
        for one in round_.defences.select_related("proposal").defer("proposal__content").order_by("at", "pk")
    ]
