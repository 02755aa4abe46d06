"""What a questionnaire is as data, and what refuses one that would not work."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from portal.kernel.models.reference import in_language
from procurement.domain.quality.indicators import CODE, require_distinct, require_keys, require_list, require_number

_ALL: Final = {"lead_uk", "lead_en", "questions", "wishes_uk", "wishes_en"}
_QUESTION: Final = {"code", "text_uk", "text_en", "indicator", "options"}
_OPTION: Final = {"code", "text_uk", "text_en", "value"}


@dataclass(frozen=True, slots=True)
class Option:
    """An answer to choose; `value` in per cent, none for one that says nothing of quality."""

    code: str
    text: str
    value: Decimal | None


@dataclass(frozen=True, slots=True)
class Question:
    """`indicator` is the code of what the answers speak for, empty for none."""

    code: str
    text: str
    indicator: str
    options: tuple[Option, ...]


def require_questionnaire(definition: Any) -> None:
    """Raise `ValueError`, naming the place, for a definition that is not as `procurement/reference/README.md` says."""
    whole = require_keys(definition, _ALL, "the definition")
    codes = []
    for row in require_list(whole["questions"], "questions"):
        told = require_keys(row, _QUESTION, "a question")
        codes.append(told["code"])
        _question(told)
    require_distinct(codes, "questions")


def questions_of(definition: Any) -> tuple[Question, ...]:
    """Read the questions in the language of the reader."""
    return tuple(
        Question(
            row["code"],
            in_language(row["text_uk"], row["text_en"]),
            row["indicator"] or "",
            tuple(
                Option(
                    one["code"],
                    in_language(one["text_uk"], one["text_en"]),
                    None if one["value"] is None else Decimal(one["value"]),
                )
                for one in row["options"]
            ),
        )
        for row in definition["questions"]
    )


def _question(told: Any) -> None:
    where = f"question {told['code']}"
    if not told["text_uk"]:
        raise ValueError(f"{where}: no words")
    options = [require_keys(row, _OPTION, f"{where}: an answer") for row in require_list(told["options"], where)]
    require_distinct([row["code"] for row in options], where)
    values = [require_number(row["value"], f"{where}: value") for row in options if row["value"] is not None]
    if any(value > 100 for value in values):  # noqa: PLR2004 per cent
        raise ValueError(f"{where}: a value is from 0 to 100 per cent")
    if told["indicator"] is None:
        return
    if not isinstance(told["indicator"], str) or not CODE.fullmatch(told["indicator"]):
        raise ValueError(f"{where}: the indicator is a code, or null")
    if not values:
        raise ValueError(f"{where}: it speaks for an indicator, but no answer has a value")
