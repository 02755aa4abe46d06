"""Forms and rubrics as those who use them will see them, in outline: what is asked, and by what it is scored."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from procurement.domain.forms.proposal_forms import Section, form_of
from procurement.interfaces.notices import Criterion, read_notice

if TYPE_CHECKING:
    from procurement.models import FormVersion, RubricVersion


def form_outline(version: FormVersion | None) -> tuple[Section, ...]:
    """Return the sections of a form with their fields; what the announcement itself asks for is not in them."""
    return form_of(version.definition, {}).sections if version else ()


def rubric_outline(version: RubricVersion | None) -> tuple[Criterion, ...]:
    """Return the criteria of a rubric, as an announcement shows them."""
    return criteria_of(version.definition) if version else ()


def criteria_of(definition: Mapping[str, Any]) -> tuple[Criterion, ...]:
    return read_notice({"rubric": definition}).rubric
