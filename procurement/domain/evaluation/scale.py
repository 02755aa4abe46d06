"""The criteria of a frozen rubric as score sheets use them: what may be given, what each value means."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from portal.kernel.models.reference import in_language

# a criterion is scored with none of its points, for a reason
NOT_APPLICABLE: Final = "na"
# more values than these are typed, not chosen from a list
MOST_LISTED: Final = 21
_NUMBER: Final = re.compile(r"[0-9]{1,5}(?:[.,][0-9]{1,3})?")


@dataclass(frozen=True, slots=True)
class Criterion:
    """A criterion; `meanings` are what the rubric says of values, by their canonical text."""

    code: str
    name: str
    note: str
    most: Decimal | None
    step: Decimal | None
    meanings: Mapping[str, str]

    @property
    def values(self) -> list[str]:
        """The values to choose from, the lowest first; none where there are too many to list."""
        if self.most is None or not self.step:
            return sorted(self.meanings, key=Decimal)
        count = int(self.most / self.step)
        return [points_text(self.step * place) for place in range(count + 1)] if count < MOST_LISTED else []

    def read(self, text: str) -> Decimal | None:
        """Return the points that a text says, or None where the criterion has no such value."""
        if not _NUMBER.fullmatch(text):
            return None
        points = Decimal(text.replace(",", "."))
        if self.most is not None and points > self.most:
            return None
        if self.step:
            return points if points % self.step == 0 else None
        return points if not self.meanings or points_text(points) in self.meanings else None


def criteria_of(rubric: Mapping[str, Any]) -> list[Criterion]:
    """Return the criteria in the rubric's order, in the language of the moment."""
    return [_criterion(one) for one in rubric.get("criteria", ())]


def points_text(points: Decimal) -> str:
    """Write points in the one form that sheets, digests and files have: no idle zeros, no exponent."""
    text = f"{points:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _criterion(one: Mapping[str, Any]) -> Criterion:
    meanings = {
        points_text(Decimal(str(value["value"]))): in_language(
            str(value.get("text_uk", "")), str(value.get("text_en", ""))
        )
        for value in one.get("values", ())
    }
    return Criterion(
        code=str(one["code"]),
        name=in_language(str(one.get("name_uk", "")), str(one.get("name_en", ""))),
        note=in_language(str(one.get("note_uk", "")), str(one.get("note_en", ""))),
        most=_number(one.get("max")),
        step=_number(one.get("step")),
        meanings=meanings,
    )


def _number(value: Any) -> Decimal | None:
    return Decimal(str(value)) if value not in (None, "") else None
