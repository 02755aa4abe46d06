"""The part of minutes about proposals: how they were opened, who submitted them, which were admitted and why not."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from procurement.enums import AdmissionState, CheckResult, ClarificationState, DefenceState
from procurement.interfaces.minutes_words import counted_words, label, moment_words, named
from procurement.interfaces.moments import read_money
from registry.templatetags.register import money


class ProposalPart:
    """Opening, proposals, admissions and defences as the minutes have frozen them."""

    def __init__(self, content: Mapping[str, Any]) -> None:
        self.content = content
        self.applicants: dict[int, str] = {one["number"]: one["applicant"] for one in content["proposals"]}

    @property
    def opening(self) -> dict[str, Any] | None:
        told = self.content["opening"]
        if told is None:
            return None
        findings = told["findings"]
        return {
            "when": moment_words(told["at"]),
            "present": [", ".join(filter(None, (one["name"], one.get("position")))) for one in told["present"]],
            "count": findings.get("count"),
            "opened": findings.get("opened"),
            "faults": findings.get("faults") or [],
            "missing": findings.get("missing") or [],
            "root": findings.get("merkle_root") or "",
            "log_seq": told["log_seq"],
        }

    @property
    def proposals(self) -> list[dict[str, Any]]:
        return [
            {
                "number": one["number"],
                "applicant": one["applicant"],
                "partners": ", ".join(one["partners"]),
                "submitted": moment_words(one["submitted_at"]),
                "asked": [(lot, _sum(one["asked"].get(str(lot)))) for lot in one["lots"]],
                "fault": one["fault"],
            }
            for one in self.content["proposals"]
        ]

    @property
    def counted(self) -> str:
        return counted_words(self.content["counted"]["submitted"], self.content["counted"]["admitted"])

    @property
    def admissions(self) -> list[dict[str, Any]]:
        return [
            {
                "number": one["proposal"],
                "applicant": self.applicants.get(one["proposal"], ""),
                "state": label(AdmissionState, one["state"]),
                "is_admitted": one["state"] == AdmissionState.ADMITTED,
                "decided": moment_words(one["decided_at"]),
                "checks": [
                    {"text": named(each, "text"), "result": label(CheckResult, each["result"]), "note": each["note"]}
                    for each in one["checks"]
                ],
                "ground": named(one["ground"], "text") if one["ground"] else "",
                "act": ", ".join(filter(None, (one["ground"]["act"], one["ground"]["point"]))) if one["ground"] else "",
                "is_verified": not one["ground"] or one["ground"]["verified"],
                "reason": one["reason"],
                "clarification": _clarification(one["clarification"]),
            }
            for one in self.content["admissions"]
        ]

    @property
    def defences(self) -> list[dict[str, Any]]:
        return [
            {
                "number": one["proposal"],
                "applicant": self.applicants.get(one["proposal"], ""),
                "when": moment_words(one["at"]),
                "place": one["place"],
                "state": label(DefenceState, one["state"]),
                "note": one["note"],
            }
            for one in self.content["defences"]
        ]


def _clarification(row: Mapping[str, Any] | None) -> dict[str, Any] | None:
    if row is None:
        return None
    return {
        "state": label(ClarificationState, row["state"]),
        "fields": [named(one, "label") for one in row["fields"]],
        "answered_fields": [named(one, "label") for one in row["fields"] if one["path"] in row["answered"]],
        "text": row["text"],
        "asked": moment_words(row["asked_at"]),
        "due": moment_words(row["due_at"]),
        "due_words": row["due_words"],
        "note": row["note"],
        "answered": moment_words(row["answered_at"]),
        "log_seq": row["log_seq"],
    }


def _sum(text: str | None) -> str:
    found = read_money(text)
    return _("no sum named") if found is None else money(found)
