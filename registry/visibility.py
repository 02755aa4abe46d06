"""Who may read which field of the register: the only list there is, asked by page, API, export, history and search.

A field that is not named here is readable by nobody outside the desk, and a system check asks for its declaration.
"""

from portal.kernel.visibility import Audience, Guarded, declare, guard_model

PUBLIC, OFFICIAL, NOBODY = Audience.PUBLIC, Audience.OFFICIAL, Audience.NOBODY
BY_CONFIDENTIAL = Guarded(by="confidential")
BY_PRIVATE = Guarded(by="private")

ORGANISATION = {
    "id": NOBODY,
    "code": PUBLIC,
    "rnokpp": NOBODY,
    "external_ref": PUBLIC,
    "name": PUBLIC,
    "short_name": PUBLIC,
    "person_type": PUBLIC,
    "legal_form": PUBLIC,
    "ownership_form": PUBLIC,
    "sector": PUBLIC,
    "is_demo": PUBLIC,
    "created_at": OFFICIAL,
}
ENTRY = {
    "id": NOBODY,
    "organisation": PUBLIC,
    "number": PUBLIC,
    "parent": PUBLIC,
    "merged_into": PUBLIC,
    "standing": PUBLIC,
    "included_on": PUBLIC,
    "suspended_until": PUBLIC,
    "excluded_on": PUBLIC,
    "about": PUBLIC,
    "services_note": PUBLIC,
    "territory": PUBLIC,
    "hromada": PUBLIC,
    "oblast": PUBLIC,
    "source": PUBLIC,
    "source_url": PUBLIC,
    "source_on": PUBLIC,
    "verified_on": PUBLIC,
    "freshness": PUBLIC,
    "is_open": OFFICIAL,
    "is_demo": PUBLIC,
    "sort_key": NOBODY,
    "revision": PUBLIC,
    "version": OFFICIAL,
}
SITE = {
    "id": NOBODY,
    "entry": PUBLIC,
    "kind": PUBLIC,
    "label": BY_CONFIDENTIAL,
    "territory": BY_CONFIDENTIAL,
    "hromada": PUBLIC,
    "oblast": PUBLIC,
    "postal_index": BY_CONFIDENTIAL,
    "street": BY_CONFIDENTIAL,
    "building": BY_CONFIDENTIAL,
    "room": BY_CONFIDENTIAL,
    "latitude": BY_CONFIDENTIAL,
    "longitude": BY_CONFIDENTIAL,
    "hours": PUBLIC,
    "confidential": PUBLIC,
    "access": PUBLIC,
}
CONTACT = {
    "id": NOBODY,
    "entry": PUBLIC,
    "kind": BY_PRIVATE,
    "value": BY_PRIVATE,
    "note": BY_PRIVATE,
    "private": OFFICIAL,
}
SERVICE = {
    "id": NOBODY,
    "entry": PUBLIC,
    "service_type": PUBLIC,
    "title": PUBLIC,
    "content": PUBLIC,
    "conditions": PUBLIC,
    "price_mode": PUBLIC,
    "price": PUBLIC,
    "price_unit": PUBLIC,
    "price_on": PUBLIC,
    "capacity": PUBLIC,
    "capacity_on": PUBLIC,
    "urgent": PUBLIC,
    "meets_standard": PUBLIC,
    "delivery_forms": PUBLIC,
    "groups": PUBLIC,
    "area_kind": PUBLIC,
    "areas": PUBLIC,
    "hours": PUBLIC,
    "standing": PUBLIC,
    "suspended_until": PUBLIC,
    "standing_ground": PUBLIC,
    "at_sites": PUBLIC,
}

AVAILABILITY = {
    "id": NOBODY,
    "service": PUBLIC,
    "free_places": PUBLIC,
    "waiting": PUBLIC,
    "assessment_first": PUBLIC,
    "reported_at": PUBLIC,
    "expires_on": PUBLIC,
    "reported_by": NOBODY,
}

# what records and history call these fields
_ALIASES = {
    "territory": "territory_id",
    "hromada": "hromada_id",
    "oblast": "oblast_id",
    "service_type": "service_type_id",
    "delivery_forms": "delivery_form_ids",
    "groups": "group_ids",
    "areas": "area_ids",
}


def declare_register() -> None:
    """Tell the kernel's visibility registry all of the above; called once, when the app is ready."""
    tables = {
        "accounts.Organisation": ORGANISATION,
        "registry.RegisterEntry": ENTRY,
        "registry.Site": SITE,
        "registry.Contact": CONTACT,
        "registry.Service": SERVICE,
        "registry.Availability": AVAILABILITY,
    }
    for label, table in tables.items():
        aliases = {_ALIASES[name]: audience for name, audience in table.items() if name in _ALIASES}
        declare(label, {**table, **aliases})
        guard_model(label)
