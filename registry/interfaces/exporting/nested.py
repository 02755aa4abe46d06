"""One provider as an object of the JSON export: everything public, with its services, addresses and contacts inside."""

from __future__ import annotations

from typing import Any, Final

import orjson

from registry.interfaces.exporting.gather import UNITS, Facts, Gatherer, Provider

_NAMED: Final = dict(zip(("settlement", "hromada", "oblast"), UNITS, strict=True))
_TRUTHS: Final = ("is_demo", "confidential", "urgent", "meets_standard")


class Nester:
    """Makes the objects of one export; places are remembered, since many providers share them."""

    def __init__(self, names: Gatherer, base: str) -> None:
        self.names, self.base = names, base
        self._places: dict[tuple[int | None, ...], dict[str, Any]] = {}

    def __call__(self, provider: Provider) -> dict[str, Any]:
        """Return the provider; what may not be shown is absent, not empty."""
        entry = provider.entry
        number, code = entry.pop("number"), entry.pop("code", None)
        seat = self._take_place(entry)
        _make_true(entry)
        return {
            "number": number,
            "url": f"{self.base}{number}/",
            "edrpou": code,
            **entry,
            "seat": seat,
            "sites": [self._site(site) for site in provider.sites],
            "contacts": provider.contacts,
            "services": [self._service(service) for service in provider.services],
        }

    def _take_place(self, facts: Facts) -> dict[str, Any]:
        """Take the keys of units out of the facts and return their codes and names."""
        keys = tuple([facts.pop(name, None) for name in UNITS])
        if keys not in self._places:
            units = self.names.units
            self._places[keys] = {
                name: {"katottg": units[key][0], "name": units[key][1]}
                for name, key in zip(_NAMED, keys, strict=True)
                if key
            }
        return self._places[keys]

    def _site(self, site: Facts) -> Facts:
        site["place"] = self._take_place(site)
        site["access"] = {self.names.features[key][0]: state for key, state in site["access"].items()}
        _make_true(site)
        _make_object(site)
        return site

    def _service(self, service: Facts) -> Facts:
        names = self.names
        slug, name = names.services[service.pop("service_type_id")]
        service["groups"] = [names.groups[key][0] for key in service["groups"]]
        service["delivery_forms"] = [names.forms[key][0] for key in service["delivery_forms"]]
        if service.get("price") is not None:
            service["price"] = f"{service['price']:.2f}"
        _make_true(service)
        _make_object(service)
        return {"service": slug, "name": name, **service}


def _make_true(facts: Facts) -> None:
    """Write 0 and 1 of SQLite as what they mean."""
    for name in _TRUTHS:
        if facts.get(name) is not None:
            facts[name] = bool(facts[name])


def _make_object(facts: Facts) -> None:
    """Read the text of a JSON column; nearly all say nothing."""
    if "hours" in facts:
        text = facts["hours"]
        facts["hours"] = {} if text in (None, "{}") else orjson.loads(text)
