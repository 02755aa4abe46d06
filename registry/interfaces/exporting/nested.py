"""One provider as an object of the JSON export: everything public, with its services, addresses and contacts inside."""

from __future__ import annotations

from typing import Any, Final

from registry.interfaces.exporting.gather import ENTRY, ORGANISATION, SERVICE, SITE, Gatherer, Provider

_UNITS: Final = (("oblast_id", "oblast"), ("hromada_id", "hromada"), ("territory_id", "settlement"))
_KEYS: Final = frozenset({"territory_id", "hromada_id", "oblast_id", "service_type_id"})
_ENTRY: Final = tuple(name for name in (*ENTRY, *ORGANISATION) if name not in _KEYS and name not in {"code", "number"})
_SITE: Final = tuple(name for name in SITE if name not in _KEYS)
_SERVICE: Final = tuple(name for name in SERVICE if name not in _KEYS)


def nested(provider: Provider, names: Gatherer, base: str) -> dict[str, Any]:
    """Return the provider; what may not be shown is absent, not empty."""
    entry = provider.entry
    return {
        "number": entry["number"],
        "url": f"{base}{entry['number']}/",
        "edrpou": entry.get("code"),
        **{name: entry[name] for name in _ENTRY if name in entry},
        "head_number": entry.get("head_number"),
        "seat": _place(entry, names),
        "sites": [_site(site, names) for site in provider.sites],
        "contacts": provider.contacts,
        "services": [_service(service, names) for service in provider.services],
    }


def _place(facts: dict[str, Any], names: Gatherer) -> dict[str, Any]:
    return {
        name: {"katottg": names.units[key][0], "name": names.units[key][1]}
        for column, name in _UNITS
        if (key := facts.get(column))
    }


def _site(site: dict[str, Any], names: Gatherer) -> dict[str, Any]:
    return {
        **{name: site[name] for name in _SITE if name in site},
        "place": _place(site, names),
        "access": {names.features[key][0]: state for key, state in site["access"].items()},
    }


def _service(service: dict[str, Any], names: Gatherer) -> dict[str, Any]:
    slug, name = names.services[service["service_type_id"]]
    return {
        "service": slug,
        "name": name,
        **{name: service[name] for name in _SERVICE if name in service},
        "groups": [names.groups[key][0] for key in service["groups"]],
        "delivery_forms": [names.forms[key][0] for key in service["delivery_forms"]],
        "areas": service["areas"],
        "at_sites": service["at_sites"],
    }
