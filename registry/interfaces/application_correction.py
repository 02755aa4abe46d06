"""The fields that a registrar named, as forms: each field by itself, a whole part with all its fields."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.text import capfirst

from registry.interfaces.application_forms import FORMS, CriterionForm
from registry.interfaces.application_path_form import Known, PathForm
from registry.interfaces.application_reading import is_known, split_path
from registry.models import Application, Criterion
from registry.queries.content_words import ContentWords


@dataclass(slots=True)
class Asked:
    """`blocks` are headings with their forms; criteria stand apart, for they have files."""

    blocks: list[tuple[str, PathForm]] = field(default_factory=list)
    criteria: list[tuple[Criterion, PathForm]] = field(default_factory=list)

    @property
    def forms(self) -> list[PathForm]:
        return [form for _named, form in (*self.blocks, *self.criteria)]


def asked_forms(
    application: Application, fields: Iterable[str], criteria: Mapping[str, Sequence[Criterion]], data: Any = None
) -> Asked:
    """Return the forms of what was asked for; with one field of a criterion all its answer may be corrected."""
    content, asked = application.content, Asked()
    known, words = Known(content), ContentWords(content)
    rows = {f"criteria/{key}/{row.slug}": row for key, found in criteria.items() for row in found}
    for prefix, names in _by_form(fields).items():
        if not is_known(content, prefix):
            continue
        if prefix in rows:
            asked.criteria.append((rows[prefix], CriterionForm(prefix, content, known, data)))
        elif not prefix.startswith("criteria/"):
            form = FORMS[prefix.split("/")[0]](prefix, content, known, data, only=names)
            asked.blocks.append((capfirst(words.part(f"{prefix}/kind")), form))
    return asked


def _by_form(fields: Iterable[str]) -> dict[str, list[str] | None]:
    """Return the forms that hold the fields, each with the names wanted of it, or None for all."""
    found: dict[str, list[str] | None] = {}
    for path in fields:
        prefix, name = split_path(path)
        if not prefix:
            prefix = split_path(f"{path}/all")[0]
        if not prefix:
            continue
        names = found.setdefault(prefix, [])
        if not name:
            found[prefix] = None
        elif names is not None:
            names.append(name)
    return found
