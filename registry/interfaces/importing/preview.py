"""What one provider would gain, in words, for the preview of an import."""

from __future__ import annotations

from typing import Any, Final

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist

from portal.kernel import visibility
from registry.domain.history import MODELS
from registry.domain.parts import Difference
from registry.domain.planning import Outcome
from registry.interfaces.importing.report import HIDDEN, Change, shortened

KEPT_FIELDS: Final = 30
# what a new part is shown by
_TELLING: Final = {"site": ("street", "building", "label"), "contact": ("value",), "service": ("title", "price")}


def change_of(outcome: Outcome) -> Change:
    """Return the first differences of an outcome as (field, old, new), private values hidden."""
    organisation = outcome.entry.organisation
    return Change(
        row=outcome.record.row,
        number=outcome.entry.number,
        name=shortened(organisation.name),
        kind=outcome.kind,
        fields=[_described(item) for item in outcome.differences[:KEPT_FIELDS]],
    )


def _described(item: Difference) -> tuple[str, str, str]:
    label = MODELS[item.obj]
    if not item.field:
        part = item.new if item.new is not None else item.old
        hidden = getattr(part, "confidential", False) or getattr(part, "private", False)
        values = [str(getattr(part, name)) for name in _TELLING[item.obj] if getattr(part, name, None)]
        text = HIDDEN if hidden else shortened(" ".join(values) or "✓")
        name = str(apps.get_model(label)._meta.verbose_name)  # noqa: SLF001
        return (name, "", text) if item.new is not None else (name, text, "")
    hidden = item.row is None or not visibility.is_public(label, item.field, item.row)
    return (
        _field_name(label, item.field),
        *(HIDDEN if hidden and value not in (None, "") else _text(value) for value in (item.old, item.new)),
    )  # type: ignore[return-value]


def _field_name(label: str, field: str) -> str:
    model = apps.get_model(label)
    for name in (field, field.removesuffix("_id"), f"{field.removesuffix('_ids')}s"):
        try:
            return str(getattr(model._meta.get_field(name), "verbose_name", name))  # noqa: SLF001
        except FieldDoesNotExist:
            continue
    return field


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, dict | frozenset | set | tuple):
        return str(len(value)) if value else ""
    return shortened(value)
