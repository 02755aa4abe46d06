"""The fields of an application: which paths there are, and who reads what is written into each."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from django.utils.translation import gettext_lazy as _

from portal.accounts.enums import LegalForm, OwnershipForm, PersonType, Sector
from registry.domain.draft_readers import (
    KEY,
    Reader,
    choice,
    code,
    codes,
    count,
    day,
    degrees,
    document,
    hours,
    keys,
    line,
    lines,
    money,
    postal_index,
    yes_or_no,
)
from registry.enums import ApplicationKind, AreaKind, ContactKind, PriceMode, PriceUnit, SiteKind

_SLUG: Final = re.compile(r"[\w-]{1,60}", re.ASCII)

CARERS: Final = _("The section of natural persons giving care is closed: they do not apply here (decree 99).")
FIELDS: Final[Mapping[str, Reader]] = {
    "organisation/name": line(500),
    "organisation/short_name": line(200),
    "organisation/person_type": choice(PersonType.values, {PersonType.NATURAL_PERSON: CARERS}),
    "organisation/legal_form": choice(LegalForm.values, dict.fromkeys(LegalForm.carers, CARERS)),
    "organisation/ownership_form": choice(OwnershipForm.values),
    "organisation/sector": choice(Sector.values),
    "organisation/head": code,
    "about/about": lines(),
    "sites/*/kind": choice(SiteKind.values),
    "sites/*/label": line(200),
    "sites/*/territory": code,
    "sites/*/postal_index": postal_index,
    "sites/*/street": line(200),
    "sites/*/building": line(60),
    "sites/*/room": line(60),
    "sites/*/latitude": degrees(90),
    "sites/*/longitude": degrees(180),
    "sites/*/hours": hours,
    "sites/*/confidential": yes_or_no,
    "sites/*/access/*": yes_or_no,
    "sites/*/removed": yes_or_no,
    "contacts/*/kind": choice(ContactKind.values),
    "contacts/*/value": line(500, public=False),
    "contacts/*/note": line(200),
    "contacts/*/private": yes_or_no,
    "contacts/*/removed": yes_or_no,
    "services/*/service_type": code,
    "services/*/title": line(200),
    "services/*/content": lines(),
    "services/*/conditions": lines(),
    "services/*/price_mode": choice(PriceMode.values),
    "services/*/price": money,
    "services/*/price_unit": choice(PriceUnit.values),
    "services/*/price_on": day,
    "services/*/capacity": count,
    "services/*/capacity_on": day,
    "services/*/urgent": yes_or_no,
    "services/*/meets_standard": yes_or_no,
    "services/*/area_kind": choice(AreaKind.values),
    "services/*/areas": codes,
    "services/*/delivery_forms": codes,
    "services/*/groups": codes,
    "services/*/at_sites": keys,
    "services/*/hours": hours,
    "services/*/removed": yes_or_no,
    "criteria/*/*/statement": lines(),
    "criteria/*/*/document": document,
    "criteria/*/*/expires_on": day,
    "consents/personal_data": yes_or_no,
    "consents/accuracy": yes_or_no,
    "exclusion/reason": lines(4_000),
    "exclusion/from": day,
}
# the beginnings of the paths that an application of each kind has
_CARD: Final = ("organisation", "about", "sites", "contacts", "services", "criteria", "consents")
PARTS_OF_KIND: Final[Mapping[str, tuple[str, ...]]] = {
    ApplicationKind.INCLUSION: _CARD,
    ApplicationKind.AMENDMENT: _CARD,
    ApplicationKind.EXCLUSION: ("exclusion", "consents"),
    ApplicationKind.INITIATIVE: (),
}


def pattern_of(path: str) -> str | None:
    """Return the name of the field in the table that a path means, or nothing for what is no field."""
    words = path.split("/")
    keyed = words[0] in ("sites", "contacts", "services", "criteria")
    if len(words) > 4 or (keyed and (len(words) < 3 or not KEY.fullmatch(words[1]))):  # noqa: PLR2004
        return None
    if keyed:
        words[1] = "*"
    named = {("sites", "access"): 3, ("criteria", ""): 2}
    place = named.get((words[0], words[2] if words[0] == "sites" else "")) if keyed else None
    if place is not None and len(words) > place:
        if not _SLUG.fullmatch(words[place]):
            return None
        words[place] = "*"
    pattern = "/".join(words)
    return pattern if pattern in FIELDS else None
