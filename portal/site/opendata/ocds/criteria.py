"""What proposals are judged by: documents and conditions of admission, who may apply, the rubric with its weights."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from django.utils.translation import gettext as _

from procurement.interfaces.rubric_words import rule_lines

from .values import Json, number, pruned

# criteria of the rubrics that weigh money; all others weigh quality
_MONEY: Final = frozenset({"cost", "price", "budget"})


def requirements_of(content: Mapping[str, Any], policy: Mapping[str, Any]) -> list[Json]:
    """Return the documents that the form asks for and the conditions of admission, each with its identifier."""
    documents = [
        pruned(
            {
                "id": f"document-{row['code']}",
                "title": row.get("label_uk"),
                "description": _("required") if row.get("required", True) else _("where there is one"),
            }
        )
        for row in content.get("documents") or ()
    ]
    conditions = [
        pruned(
            {
                "id": admission_id(str(row["code"])),
                "title": row.get("text_uk"),
                "dataType": "boolean",
                "expectedValue": True,
            }
        )
        for row in policy.get("admission") or ()
    ]
    groups = (("documents", _("Documents"), documents), ("admission", _("Conditions of admission"), conditions))
    return [
        {
            "id": key,
            "title": title,
            "relatesToTenderer": True,
            "requirementGroups": [{"id": key, "requirements": rows}],
        }
        for key, title, rows in groups
        if rows
    ]


def admission_id(code: str) -> str:
    return f"admission-{code}"


def selection_of(content: Mapping[str, Any], policy: Mapping[str, Any]) -> Json | None:
    """Return who may apply; the requirements in words are those of the announcement."""
    criteria = []
    if policy.get("needs_register"):
        criteria.append(_criterion("suitability", _("The provider is included in the register of providers")))
    if policy.get("needs_service"):
        criteria.append(_criterion("technical", _("The register says that the provider gives this service")))
    if content.get("requirements"):
        criteria.append(_criterion("other", str(content["requirements"])))
    return {"criteria": criteria} if criteria else None


def _criterion(kind: str, words: str) -> Json:
    return {"type": kind, "description": words, "appliesTo": ["supplier"]}


def award_criteria_of(content: Mapping[str, Any]) -> Json | None:
    """Return the rubric: what each criterion can bring to the total, and the totals and values that are needed."""
    rubric = content.get("rubric") or {}
    definition = rubric.get("definition") or rubric
    criteria = [_award_criterion(row) for row in definition.get("criteria") or ()]
    if not criteria:
        return None
    return pruned({"weightingDescription": rules_in_words(definition), "criteria": criteria})


def rules_in_words(definition: Mapping[str, Any]) -> str:
    return "; ".join(f"{what}: {how}" for what, how in rule_lines(definition))


def _award_criterion(row: Mapping[str, Any]) -> Json:
    weight, most, least = (_read(row.get(name)) for name in ("weight", "max", "threshold"))
    numbers = []
    if weight is not None and most is not None:
        numbers.append({"number": number(weight * most), "weight": "pointsExact"})
    if least is not None:
        numbers.append({"number": number(least), "threshold": "minimumScore"})
    return pruned(
        {
            "type": "cost" if row.get("code") in _MONEY else "quality",
            "name": row.get("name_uk") or row.get("code"),
            "description": row.get("note_uk"),
            "numbers": numbers,
        }
    )


def _read(value: Any) -> Decimal | None:
    try:
        return None if value in (None, "") else Decimal(str(value))
    except InvalidOperation:
        return None
