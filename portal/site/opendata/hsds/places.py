"""Addresses of a provider as locations; of a confidential one the hromada is told, as everywhere, and nothing else."""

from __future__ import annotations

from functools import lru_cache
from typing import Any, Final

from django.utils.translation import gettext as _

from portal.site.opendata.hsds.identity import identify
from portal.site.opendata.hsds.parts import Told, attributes, filled, schedules
from portal.site.opendata.hsds.vocabulary import ACCESS, Terms
from registry.enums import SiteKind, UnitCategory
from registry.models import Territory

COUNTRY: Final = "UA"
GAZETTEER: Final = "UA-KATOTTG"


def location(provider: Told, place: int, terms: Terms) -> Told:
    """Return the address at this place among those of the provider."""
    site = provider["sites"][place]
    own = identify("location", provider["number"], place)
    unit = _unit(site)
    return filled(
        {
            "id": own,
            "location_type": "physical",
            "name": _name(site),
            "description": _said(site["place"]),
            "latitude": site.get("latitude"),
            "longitude": site.get("longitude"),
            "external_identifier": unit.get("katottg", ""),
            "external_identifier_type": GAZETTEER if unit else "",
            "addresses": _addresses(own, site),
            "schedules": schedules("location_id", own, site.get("hours") or {}),
            "accessibility": [_access(own, slug, has, terms) for slug, has in site["access"].items()],
        }
    )


def _name(site: Told) -> str:
    if site.get("confidential"):
        return _("The address is confidential")
    return site.get("label") or str(SiteKind(site["kind"]).label if site.get("kind") else "")


def _unit(site: Told) -> dict[str, str]:
    """Return the smallest unit that may be told."""
    places = site["place"]
    return places.get("settlement") or places.get("hromada") or places.get("oblast") or {}


def _said(places: dict[str, Any]) -> str:
    """Return the name of that unit as people say it."""
    settlement = (places.get("settlement") or {}).get("name", "")
    return settlement or _label(UnitCategory.HROMADA, places) or _label(UnitCategory.OBLAST, places)


def _label(category: UnitCategory, places: dict[str, Any]) -> str:
    found = places.get(category.name.lower())
    return _as_said(category, found["name"]) if found else ""


@lru_cache(maxsize=4_000)
def _as_said(category: UnitCategory, name: str) -> str:
    return Territory(category=category, name=name).label


def _addresses(own: str, site: Told) -> list[Told]:
    """Return the postal address; fields that HSDS demands and that are not known are empty."""
    places: dict[str, Any] = site["place"]
    street, settlement = site.get("street", ""), places.get("settlement")
    if site.get("confidential", True) or not (street or settlement):
        return []
    told = {
        "id": identify("address", own),
        "location_id": own,
        "address_1": ", ".join(filter(None, (street, site.get("building", "")))),
        "address_2": site.get("room", ""),
        "city": (settlement or {}).get("name") or _said(places),
        "region": _label(UnitCategory.HROMADA, places),
        "state_province": _label(UnitCategory.OBLAST, places),
        "postal_code": site.get("postal_index", ""),
        "country": COUNTRY,
        "address_type": "physical",
    }
    return [{name: value for name, value in told.items() if value or name not in ("address_2", "region")}]


def _access(own: str, slug: str, has: bool, terms: Terms) -> Told:
    term = terms.by_slug.get((ACCESS, slug))
    name = term.told["name"] if term else slug
    told = {
        "id": identify("accessibility", own, slug),
        "location_id": own,
        "description": name if has else _("Not there: %(feature)s") % {"feature": name},
    }
    # a word of the vocabulary says that the feature is there
    return {**told, "attributes": list(attributes("accessibility", told["id"], terms, ACCESS, [slug]))} if has else told
