"""Reading public facts of many entries at once: plain tuples, a number of queries that does not depend on how many.

What the visibility registry does not call public is not even put into the facts. Closed entries are left out.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from portal.kernel import visibility
from registry.models import (
    AccessFeature,
    Contact,
    DeliveryForm,
    RegisterEntry,
    Service,
    ServiceAtLocation,
    ServiceType,
    Site,
    SiteAccess,
    Territory,
    VulnerableGroup,
)

ENTRY: Final = (
    "number",
    "standing",
    "included_on",
    "suspended_until",
    "excluded_on",
    "about",
    "services_note",
    "territory_id",
    "hromada_id",
    "oblast_id",
    "source",
    "source_url",
    "source_on",
    "verified_on",
    "is_demo",
    "revision",
)
ORGANISATION: Final = (
    "code",
    "external_ref",
    "name",
    "short_name",
    "person_type",
    "legal_form",
    "ownership_form",
    "sector",
)
SITE: Final = (
    "kind",
    "label",
    "territory_id",
    "hromada_id",
    "oblast_id",
    "postal_index",
    "street",
    "building",
    "room",
    "latitude",
    "longitude",
    "hours",
    "confidential",
)
CONTACT: Final = ("kind", "value", "note")
SERVICE: Final = (
    "service_type_id",
    "title",
    "content",
    "conditions",
    "price_mode",
    "price",
    "price_unit",
    "price_on",
    "capacity",
    "capacity_on",
    "urgent",
    "meets_standard",
    "area_kind",
    "hours",
)
# what a row per provider needs of services
SERVICE_IN_SHORT: Final = ("service_type_id", "price_mode", "capacity", "urgent")
Facts = dict[str, Any]


@dataclass(slots=True)
class Provider:
    """The public facts of one entry; `sites`, `contacts` and `services` are dictionaries of public fields alone."""

    entry: Facts
    sites: list[Facts] = field(default_factory=list)
    contacts: list[Facts] = field(default_factory=list)
    services: list[Facts] = field(default_factory=list)


class Gatherer:
    """Gathers chunks of one export; names of units and words are remembered from chunk to chunk."""

    def __init__(self, *, in_full: bool) -> None:
        self.in_full = in_full
        self.units: dict[int, tuple[str, str]] = {}
        self.services = dict(_named(ServiceType))
        self.groups = dict(_named(VulnerableGroup))
        self.forms = dict(_named(DeliveryForm))
        self.features = dict(_named(AccessFeature))
        self._entry_fields = _public("registry.RegisterEntry", ENTRY)
        self._organisation_fields = _public("accounts.Organisation", ORGANISATION)

    def providers(self, keys: Sequence[int]) -> Iterator[Provider]:
        """Yield the open entries among these, in the order of the keys."""
        found = self._entries(keys)
        ids = list(found)
        site_place = self._add_sites(found, ids)
        self._add_contacts(found, ids)
        self._add_services(found, ids, site_place)
        self._learn_units(found.values())
        return (found[key] for key in keys if key in found)

    def _entries(self, keys: Sequence[int]) -> dict[int, Provider]:
        names = (*self._entry_fields, *self._organisation_fields, "head_number")
        paths = (
            *self._entry_fields,
            *(f"organisation__{name}" for name in self._organisation_fields),
            "parent__number",
        )
        rows = RegisterEntry.objects.open().filter(pk__in=keys).values_list("pk", *paths).order_by()
        return {key: Provider(dict(zip(names, row, strict=True))) for key, *row in rows}

    def _add_sites(self, found: dict[int, Provider], ids: list[int]) -> dict[int, int]:
        """Add the addresses and return at which place each stands among those of its provider."""
        shown = _by_guard("registry.Site", SITE, "confidential")
        access = _by_guard("registry.Site", ("access",), "confidential")
        features: dict[int, dict[int, bool]] = defaultdict(dict)
        for site, feature, available in SiteAccess.objects.filter(
            site__entry__in=ids, available__isnull=False
        ).values_list("site_id", "feature_id", "available"):
            features[site][feature] = available
        place: dict[int, int] = {}
        confidential = SITE.index("confidential")
        for key, entry, *row in Site.objects.filter(entry__in=ids).order_by("id").values_list("id", "entry_id", *SITE):
            guard = bool(row[confidential])
            facts = {name: row[index] for index, name in shown[guard]}
            facts["access"] = features.get(key, {}) if access[guard] else {}
            sites = found[entry].sites
            place[key] = len(sites)
            sites.append(facts)
        return place

    def _add_contacts(self, found: dict[int, Provider], ids: list[int]) -> None:
        shown = _by_guard("registry.Contact", CONTACT, "private")
        rows = Contact.objects.filter(entry__in=ids).order_by("id").values_list("entry_id", "private", *CONTACT)
        for entry, private, *row in rows:
            if facts := {name: row[index] for index, name in shown[bool(private)]}:
                found[entry].contacts.append(facts)

    def _add_services(self, found: dict[int, Provider], ids: list[int], site_place: dict[int, int]) -> None:
        names = _public("registry.Service", SERVICE if self.in_full else SERVICE_IN_SHORT)
        by_key: dict[int, Facts] = {}
        rows = Service.objects.filter(entry__in=ids).order_by("id").values_list("id", "entry_id", *names)
        for key, entry, *row in rows:
            facts = by_key[key] = dict(zip(names, row, strict=True))
            facts["groups"], facts["delivery_forms"] = [], []
            found[entry].services.append(facts)
        for name, model, column in (
            ("groups", Service.groups.through, "vulnerablegroup_id"),
            ("delivery_forms", Service.delivery_forms.through, "deliveryform_id"),
        ):
            if _public("registry.Service", (name,)):
                for key, word in _links(model, ids).order_by("id").values_list("service_id", column):
                    by_key[key][name].append(word)
        if self.in_full:
            self._add_places(by_key, ids, site_place)

    def _add_places(self, by_key: dict[int, Facts], ids: list[int], site_place: dict[int, int]) -> None:
        for facts in by_key.values():
            facts["areas"], facts["at_sites"] = [], []
        for key, code in _links(Service.areas.through, ids).values_list("service_id", "territory__code"):
            by_key[key]["areas"].append(code)
        for key, site in ServiceAtLocation.objects.filter(service__entry__in=ids).values_list("service_id", "site_id"):
            by_key[key]["at_sites"].append(site_place[site])

    def _learn_units(self, found: Any) -> None:
        wanted: set[int] = set()
        for provider in found:
            for facts in (provider.entry, *provider.sites):
                wanted.update(facts.get(name) or 0 for name in ("territory_id", "hromada_id", "oblast_id"))
        missing = sorted(wanted - self.units.keys() - {0})
        for start in range(0, len(missing), 900):
            rows = Territory.objects.filter(pk__in=missing[start : start + 900]).values_list("pk", "code", "name")
            self.units.update({key: (code, name) for key, code, name in rows})


def _links(through: Any, ids: list[int]) -> Any:
    return through._default_manager.filter(service__entry__in=ids)  # noqa: SLF001 the manager of an M2M table


def _named(model: Any) -> Iterator[tuple[int, tuple[str, str]]]:
    return ((key, (slug, name)) for key, slug, name in model.objects.values_list("pk", "slug", "name_uk"))


def _public(label: str, names: Sequence[str]) -> tuple[str, ...]:
    """Return the fields that everybody may see in every row."""
    return tuple(name for name in names if visibility.is_public(label, name, {}))


def _by_guard(label: str, names: Sequence[str], guard: str) -> dict[bool, list[tuple[int, str]]]:
    """Return which fields (place, name) everybody may see where the guard is up, and where it is not."""
    return {
        up: [(index, name) for index, name in enumerate(names) if visibility.is_public(label, name, {guard: up})]
        for up in (True, False)
    }
