"""Words of quality evaluations: names of indicators and grades as the set that was used calls them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from portal.kernel.models.reference import in_language
from procurement.models import QualityEvaluation

# the colour of a tag for the best, the middle and the worst band
_COLOURS = ("ok", "warn", "bad")


def grade_words(definition: Mapping[str, Any], grade: str) -> str:
    """Return what the set of indicators calls a grade."""
    found = next((band for band in definition["bands"] if band["code"] == grade), None)
    return in_language(found["name_uk"], found["name_en"]) if found else grade


def grade_colour(definition: Mapping[str, Any], grade: str) -> str:
    """Return the colour of the grade's tag: the best is green, the last red, those between yellow."""
    codes = [band["code"] for band in definition["bands"]]
    if grade not in codes:
        return ""
    place = codes.index(grade)
    if place == 0:
        return _COLOURS[0]
    return _COLOURS[2] if place == len(codes) - 1 else _COLOURS[1]


def grade_of(evaluation: QualityEvaluation) -> str:
    """Return the grade of a published evaluation in words."""
    return grade_words(evaluation.indicators.definition, evaluation.grade)


def colour_of(evaluation: QualityEvaluation) -> str:
    """Return the colour of the grade's tag of a published evaluation."""
    return grade_colour(evaluation.indicators.definition, evaluation.grade)
