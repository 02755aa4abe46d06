"""What a person wants to set in a draft, read field by field: the values to keep, and the refusals with their reasons.

Codes and slugs are looked up all at once, so a patch of a thousand fields asks as many queries as one of ten.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from registry.domain.contents import Content, is_empty
from registry.domain.draft_fields import FIELDS, PARTS_OF_KIND, pattern_of
from registry.domain.draft_readers import FieldFault, contact_value
from registry.enums import Standing, UnitCategory
from registry.models import (
    AccessFeature,
    Application,
    Criterion,
    DeliveryForm,
    RegisterEntry,
    ServiceType,
    Territory,
    VulnerableGroup,
)
from registry.queries.documents import evidence_documents

MOST_OF_A_PART: Final = 200
# an address lies in a settlement, or at least in a hromada; an area is made of whole units
_SEATS: Final = frozenset({*UnitCategory.settlements, UnitCategory.CITY_DISTRICT, UnitCategory.HROMADA})
_AREAS: Final = frozenset({*UnitCategory.regions, UnitCategory.RAION, UnitCategory.HROMADA})


@dataclass(slots=True)
class Patched:
    """Values as the content keeps them, None for what goes away; and the refused paths, each with its sentence."""

    values: Content = field(default_factory=dict)
    refused: dict[str, str] = field(default_factory=dict)

    def refuse(self, path: str, reason: str | Promise) -> None:
        self.values.pop(path, None)
        self.refused[path] = str(reason)


def read_patch(application: Application, patch: Mapping[str, Any]) -> Patched:
    """Read what a person wants to set in this application; at most ten queries."""
    told = Patched()
    for path, value in patch.items():
        pattern = pattern_of(path) if isinstance(path, str) else None
        if pattern is None or path.partition("/")[0] not in PARTS_OF_KIND[application.kind]:
            told.refuse(str(path), _("There is no such field in this application."))
            continue
        try:
            read = None if value is None else FIELDS[pattern](value)
        except FieldFault as fault:
            told.refuse(path, str(fault))
        else:
            told.values[path] = None if is_empty(path, read) else read
    _read_contacts(application.content, told)
    _check_parts(application.content, told)
    _check_codes(application, told)
    return told


def _read_contacts(content: Content, told: Patched) -> None:
    """Read contacts by their kinds, which may stand in the patch or in the draft."""
    for path, value in list(told.values.items()):
        if value is None or pattern_of(path) != "contacts/*/value":
            continue
        of_kind = path.removesuffix("value") + "kind"
        kind = told.values.get(of_kind, content.get(of_kind))
        try:
            told.values[path] = contact_value(kind or "", value)
        except FieldFault as fault:
            told.refuse(path, str(fault))


def _check_parts(content: Content, told: Patched) -> None:
    """Refuse criteria of services, and places of service, that the application does not have; and parts without end."""
    known = {_part(path) for path in (*content, *told.values)}
    for path, value in list(told.values.items()):
        part, key = _part(path)
        if part == "criteria" and ("services", key) not in known:
            told.refuse(path, _("There is no such service in the application."))
        elif path.endswith("/at_sites") and any(("sites", place) not in known for place in value or ()):
            told.refuse(path, _("There is no such address in the application."))
    held = {_part(path) for path in content}
    for part in ("sites", "contacts", "services"):
        room = MOST_OF_A_PART - sum(one == part for one, _key in held)
        new = sorted(
            {int(_part(path)[1]) for path in told.values if _part(path)[0] == part and _part(path) not in held}
        )
        excess = {str(key) for key in new[max(room, 0) :]}
        for path in [path for path in told.values if _part(path)[0] == part and _part(path)[1] in excess]:
            told.refuse(path, _("An application has room for %(limit)d of these.") % {"limit": MOST_OF_A_PART})


def _part(path: str) -> tuple[str, str]:
    words = path.split("/")
    return words[0], words[1]


# --- codes ---------------------------------------------------------------------------------------------------------

# a check returns the sentence that refuses, or nothing
_Check = Callable[[str], str | Promise | None]


def _check_codes(application: Application, told: Patched) -> None:
    units = _Units(told)
    checks: dict[str, _Check] = {
        "sites/*/territory": units.seat,
        "services/*/areas": units.area,
        "services/*/service_type": _one_of(ServiceType, told, "services/*/service_type"),
        "services/*/delivery_forms": _one_of(DeliveryForm, told, "services/*/delivery_forms"),
        "services/*/groups": _one_of(VulnerableGroup, told, "services/*/groups"),
        "sites/*/access/*": _one_of(AccessFeature, told, "sites/*/access/*"),
        "criteria/*/*/*": _one_of(Criterion, told, "criteria/*/*/*"),
        "criteria/*/*/document": _documents(application, told),
        "organisation/head": _heads(application, told),
    }
    for path in list(told.values):
        pattern = pattern_of(path) or ""
        for name in (pattern, "criteria/*/*/*" if pattern.startswith("criteria/") else ""):
            found = (checks[name](code) for code in _codes(told, path, name)) if name in checks else ()
            reason = next((reason for reason in found if reason), None)
            if reason and path in told.values:
                told.refuse(path, reason)


def _codes(told: Patched, path: str, name: str) -> list[str]:
    """Return the codes that a field holds: in its value, or in its very path."""
    if name.startswith("criteria/") and name.endswith("/*"):
        return [path.split("/")[2]]
    if name.endswith("/*"):
        return [path.rpartition("/")[2]]
    value = told.values.get(path)
    return value if isinstance(value, list) else [value] if value else []


def _wanted(told: Patched, *names: str) -> set[str]:
    found: set[str] = set()
    for path in told.values:
        pattern = pattern_of(path) or ""
        for name in names:
            if pattern == name or (name == "criteria/*/*/*" and pattern.startswith("criteria/")):
                found.update(_codes(told, path, name))
    return found


def _one_of(model: Any, told: Patched, name: str) -> _Check:
    wanted = _wanted(told, name)
    known = set(model.objects.filter(slug__in=wanted).values_list("slug", flat=True)) if wanted else set()
    return lambda slug: None if slug in known else _("There is no such entry in the catalogue.")


class _Units:
    """The units of the codifier that a patch names."""

    def __init__(self, told: Patched) -> None:
        wanted = _wanted(told, "sites/*/territory", "services/*/areas")
        rows = Territory.objects.filter(code__in=wanted).values_list("code", "category") if wanted else ()
        self.category = dict(rows)

    def seat(self, code: str) -> str | Promise | None:
        return self._unknown(code) or self._not_of(code, _SEATS, _("Pick a settlement, or at least a hromada."))

    def area(self, code: str) -> str | Promise | None:
        return self._unknown(code) or self._not_of(code, _AREAS, _("An area is made of hromadas, raions or oblasts."))

    def _unknown(self, code: str) -> str | Promise | None:
        return None if code in self.category else _("There is no code %(code)s in the codifier.") % {"code": code}

    def _not_of(self, code: str, kinds: Iterable[str], reason: Promise) -> Promise | None:
        return None if self.category[code] in kinds else reason


def _documents(application: Application, told: Patched) -> _Check:
    """Take files of this organisation's own applications only."""
    wanted = _wanted(told, "criteria/*/*/document")
    known = evidence_documents(application.organisation_id, wanted) if wanted else set()
    return lambda key: None if key in known else _("There is no such file.")


def _heads(application: Application, told: Patched) -> _Check:
    wanted = _wanted(told, "organisation/head")
    rows = RegisterEntry.objects.filter(number__in=wanted, standing__in=Standing.active)
    known = set(
        rows.exclude(organisation=application.organisation_id).values_list("number", flat=True) if wanted else ()
    )

    def check(number: str) -> str | Promise | None:
        if application.entry_id:
            return _("The registrar joins a branch to its head, or parts them: write to your hromada.")
        return None if number in known else _("The head organisation is not in the register under this number.")

    return check
