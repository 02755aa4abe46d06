"""The part of minutes about scores: the rubric, what each gave and why, the ranking, how much hangs on whom."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from procurement.enums import RankOutcome, SheetState, TieKind
from procurement.interfaces.minutes_words import (
    award_words,
    label,
    method_words,
    moment_words,
    named,
)
from procurement.interfaces.moments import read_money
from procurement.interfaces.result_tables import rounding_words, tie_path, written
from registry.templatetags.register import money

Row = Mapping[str, Any]


class ScorePart:
    """Rubric, scores, sheets, ranking, sensitivity and proposal as the minutes have frozen them."""

    def __init__(self, content: Mapping[str, Any]) -> None:
        self.content = content
        self.applicants: dict[int, str] = {one["number"]: one["applicant"] for one in content["proposals"]}
        self.rubric: Mapping[str, Any] = content["rubric"]
        self.names: dict[str, str] = {one["code"]: named(one, "name") for one in self.rubric["criteria"]}
        # long names of criteria do not fit above a column
        self.marks: dict[str, str] = {
            code: _("C%(number)d") % {"number": number} for number, code in enumerate(self.names, 1)
        }

    # --- the rubric

    @property
    def rubric_title(self) -> str:
        version = _("version %(number)s") % {"number": self.rubric["number"]} if self.rubric["number"] else ""
        return ", ".join(filter(None, (named(self.rubric, "title"), version)))

    @property
    def is_verified(self) -> bool:
        return bool(self.rubric["verified"])

    @property
    def criteria(self) -> list[dict[str, Any]]:
        return [
            {
                "mark": self.marks[one["code"]],
                "name": self.names[one["code"]],
                "code": one["code"],
                "weight": one["weight"] or "",
                "most": one["max"] or "",
                "least": one["threshold"] or "",
                "values": [(each["value"], named(each, "text")) for each in one["values"] or ()],
            }
            for one in self.rubric["criteria"]
        ]

    @property
    def rules(self) -> list[str]:
        """Return in sentences how points become a place: the mean, the rounding, the threshold, the ties, who wins."""
        text = json.dumps({"rubric": {**self.rubric, "rounding": self.rubric["rounding"] or {}}})
        least = self.rubric["threshold"]
        said = [
            method_words(self.rubric),
            rounding_words(text),
            _("To win, a proposal needs %(least)s points in total at least.") % {"least": written(Decimal(least))}
            if least
            else "",
            award_words(self.rubric),
        ]
        return [sentence for sentence in said if sentence]

    @property
    def ties(self) -> list[str]:
        return tie_path(json.dumps({"rubric": {**self.rubric, "ties": self.rubric["ties"] or []}}))

    # --- the scores

    @property
    def tables(self) -> list[dict[str, Any]]:
        """Return a table for each proposal in each lot: criterion by criterion what every member gave and why."""
        return [
            {
                "lot": one["lot"],
                "number": one["proposal"],
                "applicant": self.applicants.get(one["proposal"], ""),
                "criteria": [self._criterion(each) for each in one["criteria"]],
            }
            for one in self.content["scores"]
        ]

    def _criterion(self, row: Row) -> dict[str, Any]:
        return {
            "mark": self.marks.get(row["code"], ""),
            "name": self.names.get(row["code"], row["code"]),
            "points": row["points"],
            "mean": row["mean"],
            "lowest": row["lowest"],
            "highest": row["highest"],
            "spread": row["spread"],
            "is_wide": row["needs_note"],
            "note": row["note"],
        }

    @property
    def sheets(self) -> list[dict[str, Any]]:
        return [
            {
                "member": one["member"],
                "state": label(SheetState, one["state"]),
                "why_not": self._why_not(one),
                "filed": moment_words(one["filed_at"]),
                "digest": one["digest"],
                "salt": one["salt"],
                "log_seq": one["log_seq"],
                "earlier": [self._earlier(each) for each in one["earlier"]],
            }
            for one in self.content["sheets"]
        ]

    @staticmethod
    def _why_not(row: Row) -> str:
        if row["counts"]:
            return ""
        return _("not counted: the member is recused") if row["is_recused"] else _("not counted")

    def _earlier(self, row: Row) -> dict[str, Any]:
        """Return what was filed before a sheet was given back, in the fewest words: criterion and points."""
        told = [
            _("lot %(lot)s, proposal %(proposal)s, %(mark)s: %(points)s")
            % {**one, "mark": self.marks.get(one["criterion"], one["criterion"]), "points": one["points"] or "—"}
            for one in row["scores"]
        ]
        return {
            "filed": moment_words(row["filed_at"]),
            "reason": row["reason"],
            "digest": row["digest"],
            "scores": "; ".join(told),
        }

    # --- the ranking

    @property
    def header(self) -> list[dict[str, str]]:
        """Return the columns of ranking.csv: what is written above them, and their names in the file."""
        words = {
            "lot": _("Lot"),
            "place": _("Place"),
            "proposal": _("Proposal"),
            "total": _("Total"),
            "asked": _("Asked for, UAH"),
            "outcome": _("Outcome"),
            "tie": _("Told apart by"),
            **self.marks,
        }
        return [{"code": code, "words": words.get(code, code)} for code in self.content["ranking"]["header"]]

    @property
    def rows(self) -> list[dict[str, Any]]:
        """Return the rows of ranking.csv with their very cells, and above each in words whose it is."""
        codes = self.content["ranking"]["header"]
        return [self._ranked(dict(zip(codes, cells, strict=True)), cells) for cells in self.content["ranking"]["rows"]]

    def _ranked(self, row: Mapping[str, str], cells: Sequence[str]) -> dict[str, Any]:
        return {
            "applicant": self.applicants.get(int(row["proposal"]), ""),
            "outcome": RankOutcome.words(row["outcome"]),
            "has_won": row["outcome"] == RankOutcome.WINNER,
            "tie": self._tie(row["tie"]),
            "cells": cells,
        }

    def _tie(self, tie: str) -> str:
        by, _colon, code = tie.partition(":")
        steps = self.rubric["ties"] or ()
        found = next((one for one in steps if (one["by"], one.get("criterion", "")) == (by, code)), None)
        if not tie or found is None:
            return tie
        return tie_path(json.dumps({"rubric": {"criteria": self.rubric["criteria"], "ties": [found]}}))[0]

    @property
    def tie_breaks(self) -> list[dict[str, Any]]:
        return [
            {
                "lot": one["lot"],
                "kind": label(TieKind, one["kind"]),
                "order": [f"№ {number}, {self.applicants.get(number, '')}" for number in one["order"]],
                "reason": one["reason"],
                "when": moment_words(one["at"]),
                "log_seq": one["log_seq"],
            }
            for one in self.content["tie_breaks"]
        ]

    # --- what hangs on whom

    @cached_property
    def sensitivity(self) -> list[str]:
        return sensitivity_words(self.content["sensitivity"], self.names)

    @property
    def proposed(self) -> list[dict[str, Any]]:
        titles = {one["number"]: one["title"] for one in self.content["competition"]["lots"]}
        return [
            {
                "lot": one["lot"],
                "title": titles.get(one["lot"], ""),
                "winners": [
                    {**each, "applicant": self.applicants.get(each["proposal"], ""), "sum": _sum(each["amount"])}
                    for each in one["winners"]
                ],
            }
            for one in self.content["proposed"]
        ]


def sensitivity_words(found: Mapping[str, Any], names: Mapping[str, str]) -> list[str]:
    """Say whether the winner would change without any one member or criterion, and where so, to whom."""
    if not found:
        return []
    members = [_("without the scores of %(name)s") % {"name": one["left_out"]} for one in found["members"]]
    criteria = [
        _("without the criterion “%(name)s”") % {"name": names.get(one["left_out"], one["left_out"])}
        for one in found["criteria"]
    ]
    changed = [
        f"{words[:1].upper()}{words[1:]}: {'; '.join(_changes(one))}."
        for words, one in zip((*members, *criteria), (*found["members"], *found["criteria"]), strict=True)
        if one["changes"]
    ]
    if changed:
        return [_("The outcome hangs on single votes or criteria:"), *changed]
    return [_("The winners are the same without any one member and without any one criterion.")]


def _changes(row: Row) -> Iterator[str]:
    for one in row["lots"]:
        if not one["changes"]:
            continue
        words = {"lot": one["lot"], "numbers": ", ".join(f"№ {number}" for number in one["winners"])}
        if one["undecided"]:
            equal = ", ".join(f"№ {number}" for number in one["undecided"])
            yield _("in lot %(lot)s proposals %(equal)s would be equal") % {"lot": one["lot"], "equal": equal}
        elif one["winners"]:
            yield _("in lot %(lot)s the winner would be %(numbers)s") % words
        else:
            yield _("lot %(lot)s would have no winner") % words


def _sum(text: str) -> str:
    found = read_money(text)
    return "" if found is None else money(found)
