"""The content of an application in a reader's words: labels instead of paths, names instead of codes and slugs."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from portal.kernel.norms import DAY_FORMAT
from registry.models import AccessFeature, Criterion, DeliveryForm, ServiceType, Territory, VulnerableGroup
from registry.queries.documents import stored_documents
from registry.queries.hours import hours_lines

Content = Mapping[str, Any]

_MODELS: Final = {
    "organisation": "accounts.Organisation",
    "about": "registry.RegisterEntry",
    "sites": "registry.Site",
    "contacts": "registry.Contact",
    "services": "registry.Service",
}
_PARTS: Final = {
    "organisation": gettext_lazy("organisation"),
    "about": gettext_lazy("About the provider"),
    "consents": gettext_lazy("Consents"),
    "exclusion": gettext_lazy("Leaving the register"),
}
_LABELS: Final = {
    "at_sites": gettext_lazy("addresses where it is given"),
    "head": gettext_lazy("head organisation"),
    "removed": gettext_lazy("taken out of the register"),
    "statement": gettext_lazy("statement"),
    "document": gettext_lazy("document"),
    "expires_on": gettext_lazy("the document holds until"),
    "personal_data": gettext_lazy("consent to the processing of personal data"),
    "accuracy": gettext_lazy("the data are accurate"),
    "reason": gettext_lazy("reason"),
    "from": pgettext_lazy("day of leaving the register", "from"),
}
_TERRITORIES: Final = ("territory", "areas")
_DATES: Final = ("price_on", "capacity_on", "expires_on", "from")
# what is the machine's own
UNSAID: Final = ("row", "latitude", "longitude")


class ContentWords:
    """Words for the paths and values of these contents; their names are looked up at once, in at most seven queries."""

    def __init__(self, *contents: Content) -> None:
        self._contents = contents
        wanted = _wanted(contents)
        self._units = {unit.code: unit.label for unit in _rows(Territory, "code", wanted["units"])}
        self._types = {term.slug: term.name for term in _rows(ServiceType, "slug", wanted["types"])}
        self._groups = {term.slug: term.name for term in _rows(VulnerableGroup, "slug", wanted["groups"])}
        self._forms = {term.slug: term.name for term in _rows(DeliveryForm, "slug", wanted["forms"])}
        self._access = {term.slug: term.name for term in _rows(AccessFeature, "slug", wanted["access"])}
        self._criteria = {row.slug: row.text for row in _rows(Criterion, "slug", wanted["criteria"])}
        self._files = {key: file.name for key, file in stored_documents(wanted["files"]).items()}
        self._special: dict[str, Callable[[Any], str]] = {
            "service_type": lambda slug: self._types.get(slug, slug),
            "groups": lambda slugs: ", ".join(self._groups.get(slug, slug) for slug in slugs),
            "delivery_forms": lambda slugs: ", ".join(self._forms.get(slug, slug) for slug in slugs),
            "territory": lambda code: self._units.get(code, code),
            "areas": lambda codes: ", ".join(self._units.get(code, code) for code in codes),
            "at_sites": lambda keys: ", ".join(self.part(f"sites/{key}/kind") for key in keys),
            "document": lambda key: self._files.get(str(key), _("a file")),
            "price": _sum,
            "hours": _hours,
        }

    def part(self, path: str) -> str:
        """Return what the field belongs to: “Service: home care”, “Address 1”; nothing that may be private."""
        section, *rest = path.split("/")
        if section in _PARTS:
            return str(_PARTS[section])
        if section == "services":
            return _("Service: %(name)s") % {"name": self._service(rest[0])}
        if section == "criteria":
            return _("Criteria of the service: %(name)s") % {"name": self._service(rest[0])}
        number = {"number": self._position(section, rest[0])}
        return _("Address %(number)d") % number if section == "sites" else _("Contact %(number)d") % number

    def field(self, path: str) -> str:
        """Return what a reader calls the field inside its part."""
        section, *rest = path.split("/")
        name = rest[-1]
        if section == "criteria":
            return f"{self._criteria.get(rest[1], rest[1])} — {_LABELS.get(name, name)}"
        if section == "sites" and "access" in rest:
            return self._access.get(name, name)
        if name in _LABELS:
            return str(_LABELS[name])
        try:
            return str(apps.get_model(_MODELS[section])._meta.get_field(name).verbose_name)  # noqa: SLF001 Django's public API
        except (KeyError, FieldDoesNotExist):
            return name

    def line(self, path: str) -> str:
        """Return the field with its part, for a list of fields."""
        part, name = self.part(path), self.field(path)
        return part if part.casefold() == name.casefold() else f"{part}: {name}"

    def value(self, path: str, value: Any) -> str:
        """Write a value of the content for a reader."""
        section, *rest = path.split("/")
        name = rest[-1]
        if value is None or value in ("", [], {}):
            return _("not stated")
        if isinstance(value, bool):
            return _("yes") if value else _("no")
        if name in self._special and section != "organisation":
            return self._special[name](value)
        if name in _DATES:
            return _day(value)
        return _choices(section, name).get(value, str(value))

    def _service(self, key: str) -> str:
        slug = self._said(f"services/{key}/service_type")
        title = self._said(f"services/{key}/title")
        name = self._types.get(slug, slug) or _("not chosen yet")
        return f"{name} ({title})" if title else name

    def _said(self, path: str) -> str:
        """Return what the latest of the contents says at the path."""
        said = next((content[path] for content in reversed(self._contents) if path in content), None)
        return "" if said is None else str(said)

    def _position(self, section: str, key: str) -> int:
        keys = {path.split("/")[1] for content in self._contents for path in content if path.startswith(f"{section}/")}
        order = sorted(keys, key=lambda item: (len(item), item))
        return order.index(key) + 1 if key in order else len(order) + 1


def _rows(model: Any, column: str, values: set[Any]) -> Iterable[Any]:
    return model.objects.filter(**{f"{column}__in": values}) if values else ()


def _wanted(contents: Iterable[Content]) -> dict[str, set[Any]]:
    """Return the codes, slugs and identifiers that the contents mention, by the table they point at."""
    tables = {"service_type": "types", "groups": "groups", "delivery_forms": "forms", "document": "files"}
    tables |= dict.fromkeys(_TERRITORIES, "units")
    wanted: dict[str, set[Any]] = {name: set() for name in (*tables.values(), "access", "criteria")}
    for path, value in ((path, value) for content in contents for path, value in content.items()):
        section, *rest = path.split("/")
        if "access" in rest:
            wanted["access"].add(rest[-1])
        elif rest[-1] in tables and value:
            found = value if isinstance(value, list) else [value]
            wanted[tables[rest[-1]]].update(item for item in found if isinstance(item, str))
        if section == "criteria":
            wanted["criteria"].add(rest[1])
    return wanted


def _choices(section: str, name: str) -> dict[Any, str]:
    try:
        choices = apps.get_model(_MODELS[section])._meta.get_field(name).choices  # noqa: SLF001 Django's public API
    except (KeyError, FieldDoesNotExist):
        return {}
    return {value: str(label) for value, label in choices or ()}


def _sum(value: Any) -> str:
    try:
        return _("%(sum)s UAH") % {"sum": number_format(Decimal(str(value)), 2, force_grouping=True)}
    except InvalidOperation:
        return str(value)


def _hours(value: Any) -> str:
    if not isinstance(value, dict):
        return str(value)
    return "; ".join(f"{day} {hours}".strip() for day, hours in hours_lines(value)) or pgettext("hours", "unknown")


def _day(value: Any) -> str:
    try:
        return date_format(date.fromisoformat(str(value)), DAY_FORMAT)
    except ValueError:
        return str(value)
