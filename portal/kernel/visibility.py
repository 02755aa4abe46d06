"""The one registry of who may see which field, asked by page, API, export, history, search index and feed alike.

A field nobody has declared is seen by nobody: a new field stays private until somebody decides.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.core.checks import CheckMessage, Error, register
from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.utils.translation import gettext_lazy as _


class Audience(models.IntegerChoices):
    """Who may see a thing, from everybody to nobody; officials are registrar, auditor and administrator."""

    PUBLIC = 0, _("everybody")
    OFFICIAL = 1, _("officials")
    NOBODY = 2, _("nobody")


@dataclass(frozen=True, slots=True)
class Guarded:
    """Public unless the boolean field `by` of the same row says that it is not."""

    by: str


Rule = Audience | Guarded

_declared: dict[str, dict[str, Rule]] = {}
_guarded_models: set[str] = set()


def declare(model_label: str, rules: Mapping[str, Rule]) -> None:
    """Decide who may see the named fields of a model; to decide the same field twice differently is an error."""
    known = _declared.setdefault(model_label.lower(), {})
    for name, rule in rules.items():
        if known.setdefault(name, rule) != rule:
            raise ValueError(f"{model_label}.{name} is already declared differently")


def guard_model(model_label: str) -> None:
    """Require, by a system check, that every concrete field of the model is declared."""
    _guarded_models.add(model_label.lower())


def declared(model_label: str) -> Mapping[str, Rule]:
    return dict(_declared.get(model_label.lower(), {}))


def audience_of(model_label: str, field: str, row: Any) -> Audience:
    """Return the widest audience of a field of this row, a mapping or an object.

    A row that does not carry its guard, or carries no answer in it, counts as guarded.
    """
    rule = _declared.get(model_label.lower(), {}).get(field, Audience.NOBODY)
    if isinstance(rule, Audience):
        return rule
    guard = row.get(rule.by) if isinstance(row, Mapping) else getattr(row, rule.by, None)
    return Audience.OFFICIAL if guard is None or guard else Audience.PUBLIC


def is_public(model_label: str, field: str, row: Any) -> bool:
    return audience_of(model_label, field, row) == Audience.PUBLIC


def view_for(audience: Audience, model_label: str, row: Any, fields: Iterable[str]) -> dict[str, Any]:
    """Return the fields that a reader of this audience may see; the hidden ones are absent, not empty."""
    return {
        name: row[name] if isinstance(row, Mapping) else getattr(row, name)
        for name in fields
        if audience_of(model_label, name, row) <= min(audience, Audience.OFFICIAL)
    }


def public_view(model_label: str, row: Any, fields: Iterable[str]) -> dict[str, Any]:
    """Return the fields that everybody may see; the hidden ones are absent, not empty."""
    return view_for(Audience.PUBLIC, model_label, row, fields)


@register("visibility")
def check_declarations(**_kwargs: Any) -> list[CheckMessage]:
    """Name every field of a guarded model that nobody has decided about."""
    return [problem for label in sorted(_guarded_models) for problem in _problems(label)]


def _problems(label: str) -> Iterable[CheckMessage]:
    try:
        model = apps.get_model(label)
    except LookupError:
        yield Error(f"The guarded model {label} does not exist.", id="kernel.E003")
        return
    rules = _declared.get(label, {})
    for field in model._meta.concrete_fields:  # noqa: SLF001 Django's public, if underscored, API
        if field.name not in rules:
            yield Error(
                f"Nobody has decided who may see {model._meta.label}.{field.name}.",  # noqa: SLF001
                hint="Declare it with portal.kernel.visibility.declare.",
                obj=model,
                id="kernel.E001",
            )
    for name, rule in rules.items():
        if isinstance(rule, Guarded) and not _has_field(model, rule.by):
            yield Error(f"{label}.{name} is guarded by {rule.by}, which does not exist.", obj=model, id="kernel.E002")


def _has_field(model: type[models.Model], name: str) -> bool:
    try:
        model._meta.get_field(name)  # noqa: SLF001
    except FieldDoesNotExist:
        return False
    return True
