"""A specification in words: as lines to read, and how its ceiling came about."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from procurement.interfaces.specification_forms import SpecificationForm, SumField
from procurement.models import ServiceSpecification
from procurement.models.specification import KOPIIKA
from registry.enums import PriceUnit


@dataclass(frozen=True, slots=True)
class Arithmetic:
    """Volume × tariff = most, for the person who types them."""

    volume: Decimal
    unit: str
    tariff: Decimal
    most: Decimal


def arithmetic_of(volume: Decimal | None, tariff: Decimal | None, unit: str) -> Arithmetic | None:
    if volume is None or tariff is None:
        return None
    words = str(PriceUnit(unit).label) if unit in PriceUnit.values else ""
    return Arithmetic(volume, words, tariff, (volume * tariff).quantize(KOPIIKA, ROUND_HALF_UP))


def lines_of(specification: ServiceSpecification) -> list[tuple[Any, str]]:
    """Return what the specification says as labels and words, in the order of its form; what is empty is left out."""
    form = SpecificationForm.of(specification)
    found = []
    for _heading, fields in form.sections:
        for bound in fields:
            value = getattr(specification, bound.name)
            if value not in (None, "", False):
                found.append((bound.label, _words(specification, bound, value)))
    return found


def _words(specification: ServiceSpecification, bound: Any, value: Any) -> str:
    if bound.name == "unit":
        return str(specification.get_unit_display())
    if value is True:
        return "✓"
    if isinstance(bound.field, SumField):
        return str(bound.field.prepare_value(value))
    return f"{value:%d.%m.%Y}" if hasattr(value, "strftime") else str(value)
