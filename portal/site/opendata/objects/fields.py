"""What a field of a public object is: one description for CSV columns, Frictionless schemas, OpenAPI and people."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import override


@dataclass(frozen=True, slots=True)
class Field:
    """One field; `type` and `format` are words of JSON Schema, `decimal` is a text with a decimal point.

    `fields` are those of an object, or of each object in an array; `items` is the type of a plain array's items.
    A field that is not `required` may be absent: it may not be shown for this object.
    """

    name: str
    type: str
    description: str | Promise
    format: str = ""
    nullable: bool = False
    required: bool = True
    enum: tuple[str, ...] = ()
    fields: tuple[Field, ...] = ()
    items: str = ""


def json_schema(fields: tuple[Field, ...]) -> dict[str, Any]:
    """Return the JSON Schema (2020-12) of an object with these fields; descriptions in English."""
    with override("en"):
        return _object(fields)


def _object(fields: tuple[Field, ...]) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": {field.name: _schema(field) for field in fields},
        "required": [field.name for field in fields if field.required],
        "additionalProperties": False,
    }


def _schema(field: Field) -> dict[str, Any]:
    told: dict[str, Any] = {"type": field.type}
    if field.type == "object" and field.fields:
        told = _object(field.fields)
    elif field.type == "array":
        told["items"] = _object(field.fields) if field.fields else {"type": field.items or "string"}
    if field.format == "decimal":
        told["pattern"] = r"^-?\d+(\.\d+)?$"
    elif field.format:
        told["format"] = field.format
    if field.enum:
        told["enum"] = [*field.enum, *([None] if field.nullable else [])]
    if field.nullable:
        told["type"] = [told["type"], "null"]
    told["description"] = str(field.description)
    return told


# --- short ways to write them down -----------------------------------------------------------------------------------


def text(name: str, description: str | Promise, **more: Any) -> Field:
    return Field(name, "string", description, **more)


def code(name: str, description: str | Promise, enum: Any, **more: Any) -> Field:
    """Return a field whose values are those of a Django enumeration; the empty one too, where the field may be so."""
    return Field(name, "string", description, enum=tuple(dict.fromkeys(enum.values)), **more)


def decimal(name: str, description: str | Promise, **more: Any) -> Field:
    return Field(name, "string", description, format="decimal", **more)


def day(name: str, description: str | Promise, **more: Any) -> Field:
    return Field(name, "string", description, format="date", **more)


def moment(name: str, description: str | Promise, **more: Any) -> Field:
    return Field(name, "string", description, format="date-time", **more)


def address(name: str, description: str | Promise, **more: Any) -> Field:
    """Return a field with an address on the web."""
    return Field(name, "string", description, format="uri", **more)


def number(name: str, description: str | Promise, **more: Any) -> Field:
    return Field(name, "integer", description, **more)


def measure(name: str, description: str | Promise, **more: Any) -> Field:
    return Field(name, "number", description, **more)


def truth(name: str, description: str | Promise, **more: Any) -> Field:
    return Field(name, "boolean", description, **more)


def several(name: str, description: str | Promise, *fields: Field, items: str = "", **more: Any) -> Field:
    """Return an array: of objects with these fields, or of plain values."""
    return Field(name, "array", description, fields=fields, items=items, **more)


def inside(name: str, description: str | Promise, *fields: Field, **more: Any) -> Field:
    """Return an object within the object; without fields its names are not known beforehand."""
    return Field(name, "object", description, fields=fields, **more)
