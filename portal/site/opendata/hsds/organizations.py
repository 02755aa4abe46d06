"""Providers of the register as organisations."""

from __future__ import annotations

from typing import Any, Final

from django.utils.translation import gettext as _

from portal.accounts.enums import LegalForm
from portal.site.opendata.hsds.identity import identify, organization_id
from portal.site.opendata.hsds.parts import Told, attributes, filled, first_email, people, phones
from portal.site.opendata.hsds.places import location
from portal.site.opendata.hsds.vocabulary import OWNERSHIP, Terms
from registry.enums import ContactKind

EDR: Final = "UA-EDR"
REGISTER: Final = "UA-PORUCH"


def organization(provider: Told, terms: Terms) -> Told:
    """Return the organisation without its places, which stand where a service is given."""
    own = organization_id(provider["number"])
    contacts = provider["contacts"]
    sites = [one["value"] for one in contacts if one["kind"] == ContactKind.WEBSITE]
    told = {
        "id": own,
        "name": provider["name"],
        "alternate_name": provider["short_name"],
        "email": first_email(contacts),
        "website": sites[0] if sites else "",
        "uri": provider["url"],
        "legal_status": str(LegalForm(provider["legal_form"]).label) if provider["legal_form"] else "",
        "parent_organization_id": organization_id(provider["head_number"]) if provider["head_number"] else "",
        "organization_identifiers": _identifiers(own, provider),
        "phones": phones(own, contacts),
        "contacts": people(own, contacts),
        "attributes": list(attributes("organization", own, terms, OWNERSHIP, [provider["ownership_form"]])),
    }
    # demanded by the standard: where the provider says nothing of itself, its name does
    return {**filled(told), "description": provider["about"] or provider["services_note"] or provider["name"]}


def nested_organization(provider: Told, terms: Terms) -> Told:
    """Return the organisation with all its addresses."""
    places: list[dict[str, Any]] = [location(provider, place, terms) for place in range(len(provider["sites"]))]
    told = organization(provider, terms)
    return {**told, "locations": places} if places else told


def _identifiers(own: str, provider: Told) -> list[Told]:
    found = [(EDR, "ЄДРПОУ", provider["edrpou"]), (REGISTER, _("Number in the register"), provider["number"])]
    return [
        {
            "id": identify("organization_identifier", own, scheme),
            "organization_id": own,
            "identifier_scheme": scheme,
            "identifier_type": name,
            "identifier": value,
        }
        for scheme, name, value in found
        if value
    ]
