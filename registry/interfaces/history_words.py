"""The history of an entry in a reader's words: names instead of codes, labels instead of columns."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from itertools import groupby
from typing import Any, Final

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from registry.enums import ChangeAct
from registry.interfaces.hours import hours_lines
from registry.models import AccessFeature, DeliveryForm, EntryChange, Territory
from registry.queries.history import ENTRY_FIELDS, ORGANISATION_FIELDS, Snapshot
from registry.queries.register import vocabulary

_MODELS: Final = {
    "entry": "registry.RegisterEntry",
    "organisation": "accounts.Organisation",
    "site": "registry.Site",
    "contact": "registry.Contact",
    "service": "registry.Service",
}
_FIELDS: Final = {
    "territory_id": "territory",
    "hromada_id": "hromada",
    "oblast_id": "oblast",
    "service_type_id": "service_type",
    "delivery_form_ids": "delivery_forms",
    "group_ids": "groups",
    "area_ids": "areas",
}
_EXTRA: Final = {
    "access": gettext_lazy("access features"),
    "at_sites": gettext_lazy("addresses where it is given"),
    "merged_from": gettext_lazy("entry that became part of this one"),
}
_PARTS: Final = {
    "site": gettext_lazy("address"),
    "contact": gettext_lazy("contact"),
    "service": gettext_lazy("service"),
}
_NOT_IN_WORDS: Final = ("latitude", "longitude", "confidential")


@dataclass(slots=True)
class Line:
    """One changed value: `kind` is changed, added, removed, or hidden (a private value, shown to nobody)."""

    kind: str
    label: str
    old: str = ""
    new: str = ""
    details: list[tuple[str, str]] = field(default_factory=list)


@dataclass(slots=True)
class Step:
    """What one act did: who in which role, when, on which ground, with its lines."""

    act: str
    act_label: str
    at: datetime
    role: str
    ground: str
    log_seq: int | None
    lines: list[Line]


class Names:
    """Names of the codes and slugs that these values mention."""

    def __init__(self, values: Iterable[Any]) -> None:
        words = vocabulary()
        self._names: dict[str, str] = {}
        for table in (words.services, words.groups):
            self._names.update({term.slug: term.name for term in table.values()})
        self._forms = {term.slug: term.name for term in DeliveryForm.objects.all()}
        self._access = {term.slug: term.name for term in AccessFeature.objects.all()}
        self._special: dict[str, Callable[[Any], str]] = {
            "service_type_id": lambda slug: self._names.get(slug, slug),
            "group_ids": lambda slugs: ", ".join(self._names.get(slug, slug) for slug in slugs),
            "delivery_form_ids": lambda slugs: ", ".join(self._forms.get(slug, slug) for slug in slugs),
            "area_ids": lambda codes: ", ".join(self._units.get(code, code) for code in codes),
            "price": _sum,
            "hours": _hours,
            "access": self._access_words,
            "at_sites": _places,
        }
        codes = {code for value in values for code in _codes(value)}
        self._units = {unit.code: unit.label for unit in Territory.objects.filter(code__in=codes)} if codes else {}

    def words(self, obj: str, name: str, value: Any) -> str:
        """Write a stored value for a reader."""
        if value is None or value in ("", [], {}):
            return _("not stated")
        if name in self._special:
            return self._special[name](value)
        if isinstance(value, bool):
            return _("yes") if value else _("no")
        if name.endswith("_id"):
            return self._units.get(value, str(value))
        if name.endswith(("_on", "_until")):
            return date_format(date.fromisoformat(value), "j E Y")
        return _choices(obj, name).get(value, str(value))

    def _access_words(self, value: dict[str, bool | None]) -> str:
        states = {True: _("yes"), False: _("no"), None: pgettext("access", "unknown")}
        return ", ".join(f"{self._access.get(slug, slug)}: {states[state]}" for slug, state in value.items())


def _sum(value: str) -> str:
    return _("%(sum)s UAH") % {"sum": number_format(Decimal(value), 2, force_grouping=True)}


def _hours(value: dict[str, Any]) -> str:
    return "; ".join(f"{day} {hours}".strip() for day, hours in hours_lines(value))


def _places(names: list[str]) -> str:
    return ", ".join(name or _("confidential address") for name in names)


def _codes(value: Any) -> Iterable[str]:
    if isinstance(value, str) and value.startswith("UA"):
        yield value
    elif isinstance(value, list):
        for item in value:
            yield from _codes(item)
    elif isinstance(value, dict):
        for item in value.values():
            yield from _codes(item)


def _choices(obj: str, name: str) -> dict[Any, str]:
    try:
        choices = apps.get_model(_MODELS[obj])._meta.get_field(name).choices  # noqa: SLF001 Django's public API
    except FieldDoesNotExist:
        return {}
    return {value: str(label) for value, label in choices or ()}


def label_of(obj: str, name: str) -> str:
    """Return what a reader calls a field."""
    if name in _EXTRA:
        return str(_EXTRA[name])
    try:
        return str(apps.get_model(_MODELS[obj])._meta.get_field(_FIELDS.get(name, name)).verbose_name)  # noqa: SLF001
    except FieldDoesNotExist:
        return name


def steps_of(changes: Sequence[EntryChange]) -> list[Step]:
    """Return the acts behind these lines, in their order."""
    names = Names(value for change in changes for value in (change.old, change.new))
    steps = []
    for _key, rows in groupby(changes, lambda row: (row.revision, row.act, row.log_seq)):
        group = list(rows)
        first = group[0]
        lines = [_line(row, names) for row in reversed(group) if row.act != ChangeAct.INCLUDED]
        act = str(ChangeAct(first.act).label)
        steps.append(Step(first.act, act, first.at, first.actor_role, first.ground, first.log_seq, lines))
    return steps


def _line(change: EntryChange, names: Names) -> Line:
    label = label_of(change.obj, change.field) if change.field else str(_PARTS.get(change.obj, change.obj))
    if change.masked:
        return Line("hidden", label)
    if change.field:
        old, new = (names.words(change.obj, change.field, value) for value in (change.old, change.new))
        return Line("changed", label, old, new)
    if change.old is None:
        return Line("added", label, details=details_of(change.obj, change.new or {}, names))
    return Line("removed", label, details=details_of(change.obj, change.old, names))


def details_of(obj: str, values: dict[str, Any], names: Names) -> list[tuple[str, str]]:
    """Return the stated fields of a part with their words."""
    return [
        (label_of(obj, name), names.words(obj, name, value))
        for name, value in values.items()
        if name not in _NOT_IN_WORDS and value not in (None, "", [], {}, "unknown") and value is not False
    ]


@dataclass(slots=True)
class PastCard:
    """The card of a past day: its own facts, then its parts, each as fields with words."""

    name: str
    facts: list[tuple[str, str]]
    services: list[tuple[str, list[tuple[str, str]]]]
    sites: list[tuple[str, list[tuple[str, str]]]]
    contacts: list[tuple[str, str]]
    uncertain: list[str]


def past_card(snapshot: Snapshot) -> PastCard:
    """Write a snapshot for a reader."""
    parts = [*snapshot.site.values(), *snapshot.contact.values(), *snapshot.service.values()]
    names = Names(parts)
    facts = details_of("organisation", {name: snapshot.organisation.get(name) for name in ORGANISATION_FIELDS}, names)
    facts += details_of("entry", {name: snapshot.entry.get(name) for name in ENTRY_FIELDS}, names)
    return PastCard(
        snapshot.organisation.get("name") or "",
        facts,
        [_titled("service", "service_type_id", values, names) for values in snapshot.service.values()],
        [_titled("site", "kind", values, names) for values in snapshot.site.values()],
        [
            (names.words("contact", "kind", values.get("kind")), values.get("value") or "")
            for values in snapshot.contact.values()
        ],
        [str(_PARTS[obj]) for obj in sorted(snapshot.uncertain) if obj in _PARTS],
    )


def _titled(obj: str, title: str, values: dict[str, Any], names: Names) -> tuple[str, list[tuple[str, str]]]:
    """Return a part under the words of one of its fields."""
    rest = {name: value for name, value in values.items() if name != title}
    return names.words(obj, title, values.get(title)), details_of(obj, rest, names)
