"""What every form of an application is made of: fields whose names are the paths of its content.

A form never saves. It tells which paths say something else than when the page was made; `save_draft` does the rest.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Final

from django import forms
from django.utils.translation import gettext as _

from registry.domain.contents import Content, keys_of
from registry.interfaces.application_fields import namesakes
from registry.models import AccessFeature, DeliveryForm, ServiceType, VulnerableGroup

Patch = dict[str, Any]
Choices = list[tuple[str, str]]
# a list of more boxes stands in columns where there is room
LONG_LIST: Final = 6


class Known:
    """The lists that the forms of one request choose from, each asked for once."""

    def __init__(self, content: Content) -> None:
        self.content = content
        self._lists: dict[str, Choices] = {}
        self._usual: dict[str, frozenset[str]] = {}

    def choices(self, name: str) -> Choices:
        models = {
            "types": ServiceType,
            "groups": VulnerableGroup,
            "delivery_forms": DeliveryForm,
            "features": AccessFeature,
        }
        if name not in self._lists:
            self._lists[name] = [(term.slug, term.name) for term in models[name].objects.all()]
        return self._lists[name]

    def sites(self) -> Choices:
        """Return the addresses of the draft by what tells them apart."""
        keys = keys_of(self.content, "sites")
        return [(key, self.site_name(key, number)) for number, key in enumerate(keys, start=1)]

    def site_name(self, key: str, number: int) -> str:
        said = [str(self.content.get(f"sites/{key}/{name}") or "") for name in ("label", "street", "building")]
        return ", ".join(filter(None, said)) or _("Address %(number)d") % {"number": number}

    def usual_groups(self, service_type: str) -> frozenset[str]:
        """Return the groups that the catalogue names for the service, to be offered first."""
        if service_type not in self._usual:
            found = ServiceType.objects.filter(slug=service_type).values_list("groups__slug", flat=True)
            self._usual[service_type] = frozenset(filter(None, found))
        return self._usual[service_type]


@dataclass(slots=True)
class Row:
    """One field as the page draws it: `first` and `rest` are the boxes of a long list, the likely ones first."""

    bound: forms.BoundField
    kind: str
    path: str
    first: list[Any]
    rest: list[Any]
    places: list[str]

    @property
    def is_long(self) -> bool:
        return len(self.first) > LONG_LIST


class PathForm(forms.Form):
    """A form whose field `content` under the prefix `services/1` is called `services/1/content`."""

    # under which headings the fields stand: (heading, names); empty for a short form
    groups_of_fields: ClassVar[tuple[tuple[Any, tuple[str, ...]], ...]] = ()

    def __init__(
        self, prefix: str, content: Content, known: Known, data: Any = None, *, only: Iterable[str] | None = None
    ) -> None:
        self.content, self.known = content, known
        super().__init__(data, prefix=prefix, auto_id="f-%s")
        self.prepare()
        if only is not None:
            wanted = set(only)
            self.fields = {name: field for name, field in self.fields.items() if name in wanted}
        self.initial = {name: self._field(name).from_content(content.get(self.path(name))) for name in self.fields}

    def prepare(self) -> None:
        """Fill in what depends on the draft: choices, fields of its own."""

    def _field(self, name: str) -> Any:
        return self.fields[name]

    def add_prefix(self, field_name: str) -> str:
        return f"{self.prefix}/{field_name}"

    def path(self, name: str) -> str:
        return self.add_prefix(name)

    @property
    def paths(self) -> dict[str, str]:
        """The path of each field, and the field's name in this form."""
        return {self.path(name): name for name in self.fields}

    def began_with(self) -> dict[str, Any]:
        """Return what the content says under the form's paths now, for the page to hand back with the answers."""
        return {path: self.content.get(path) for path in self.paths}

    def patch(self, base: Mapping[str, Any]) -> Patch:
        """Return the well-formed values that are not what the page began with; a path the base omits is always told."""
        told = {}
        for name, value in self.cleaned_data.items():
            path = self.path(name)
            new = self._field(name).to_content(value)
            if path not in base or not self._field(name).is_same(base[path], new):
                told[path] = new
        return told

    def tell(self, reasons: Mapping[str, str]) -> None:
        """Show these reasons beside the fields they are about; others are no concern of this form."""
        for path, name in self.paths.items():
            if path in reasons and name not in self.errors:
                self.errors[name] = self.error_class([reasons[path]], renderer=self.renderer)

    def rows(self, names: Iterable[str] | None = None) -> list[Row]:
        return [self._row(name) for name in (names or self.fields) if name in self.fields]

    def sections(self) -> list[tuple[str, list[Row]]]:
        """Return the fields under their headings; what no heading names stands under none."""
        if not self.groups_of_fields:
            return [("", self.rows())]
        named = [(str(title), self.rows(names)) for title, names in self.groups_of_fields]
        return [section for section in named if section[1]]

    def _row(self, name: str) -> Row:
        bound, field = self[name], self._field(name)
        boxes = list(bound.subwidgets) if field.kind == "group" else []
        likely = self.likely(name)
        first = [box for box in boxes if likely is None or box.data["value"] in likely or box.data["selected"]]
        rest = [box for box in boxes if box not in first]
        offered = namesakes(str(bound.value() or "")) if field.kind == "place" and bound.errors else []
        return Row(bound, field.kind, self.path(name), first or boxes, rest if first else [], offered)

    def likely(self, name: str) -> frozenset[str] | None:
        """Return the choices to offer first, or None where the list is short enough."""
        del name


def as_json(began: Mapping[str, Any]) -> str:
    return json.dumps(began, ensure_ascii=False, sort_keys=True)
