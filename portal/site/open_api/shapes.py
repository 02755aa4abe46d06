"""The fields of public objects as schemas of the API: what OpenAPI says is made of what the objects are made of."""

from __future__ import annotations

from typing import Any, Final, Literal

from django.utils.translation import override
from ninja import Schema
from pydantic import Field as Said
from pydantic import create_model

from portal.site.opendata.objects import KINDS
from portal.site.opendata.objects.fields import Field

_PLAIN: Final[dict[str, Any]] = {"string": str, "integer": int, "number": float, "boolean": bool}
DECIMAL: Final = r"^-?\d+(\.\d+)?$"


def shape_of(name: str, fields: tuple[Field, ...]) -> type[Schema]:
    """Return a schema with these fields; objects inside it are schemas of their own, named after it."""
    told: dict[str, Any] = {field.name: (_type(name, field), _said(field)) for field in fields}
    return create_model(name, __base__=Schema, **told)


def _type(name: str, field: Field) -> Any:
    found = _of(f"{name}{field.name.title().replace('_', '')}", field)
    return found | None if field.nullable or not field.required else found


def _of(name: str, field: Field) -> Any:
    if field.type == "array":
        item: Any = shape_of(name, field.fields) if field.fields else _PLAIN[field.items or "string"]
        return list[item]
    if field.type == "object":
        return shape_of(name, field.fields) if field.fields else dict[str, Any]
    return Literal[field.enum] if field.enum else _PLAIN[field.type]


def _said(field: Field) -> Any:
    extra = {"format": field.format} if field.format and field.format != "decimal" else {}
    pattern = {"pattern": DECIMAL} if field.format == "decimal" else {}
    default = ... if field.required else None
    return Said(default, description=str(field.description), json_schema_extra=extra, **pattern)


def _shapes() -> dict[str, type[Schema]]:
    with override("en"):
        return {name: shape_of(name.title(), kind.fields) for name, kind in KINDS.items()}


SHAPES: Final = _shapes()
# under names of their own, for annotations
Provider: Any = SHAPES["provider"]
ServiceOf: Any = SHAPES["service"]
Unit: Any = SHAPES["territory"]
Call: Any = SHAPES["competition"]
Agreement: Any = SHAPES["contract"]
