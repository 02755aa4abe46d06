"""Small objects that stand in organisations, places and services: attributes, telephones, people, opening hours."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from portal.site.opendata.hsds.identity import identify
from portal.site.opendata.hsds.vocabulary import Terms
from registry.enums import ContactKind

Told = dict[str, Any]
DAYS: Final = {"mon": "MO", "tue": "TU", "wed": "WE", "thu": "TH", "fri": "FR", "sat": "SA", "sun": "SU"}
# midnight at the end of a day has no time of its own
_END_OF_DAY: Final = {"24:00": "23:59"}


def filled(told: Mapping[str, Any]) -> Told:
    """Return the fields that say something: what is not known is absent."""
    return {name: value for name, value in told.items() if value not in (None, "", [], {})}


def attributes(entity: str, owner: str, terms: Terms, taxonomy: str, slugs: Iterable[str]) -> Iterator[Told]:
    """Yield an attribute for each of these words of a taxonomy."""
    for slug in slugs:
        if term := terms.by_slug.get((taxonomy, slug)):
            yield {
                "id": identify("attribute", owner, taxonomy, slug),
                "link_id": owner,
                "link_entity": entity,
                "link_type": taxonomy,
                "value": term.told["name"],
                "taxonomy_term_id": term.told["id"],
                "taxonomy_term": term.told,
            }


def remark(entity: str, owner: str, name: str, label: str, value: str) -> Told:
    """Return an attribute for a fact that HSDS has no field for."""
    return {
        "id": identify("attribute", owner, name),
        "link_id": owner,
        "link_entity": entity,
        "link_type": name,
        "label": label,
        "value": value,
    }


# --- contacts --------------------------------------------------------------------------------------------------------


def first_email(contacts: Sequence[Told]) -> str:
    return next((one["value"] for one in contacts if one["kind"] == ContactKind.EMAIL), "")


def phones(organization: str, contacts: Sequence[Told]) -> list[Told]:
    return [
        filled(
            {
                "id": identify("phone", organization, place),
                "organization_id": organization,
                "number": one["value"],
                "description": one["note"],
            }
        )
        for place, one in enumerate(contacts)
        if one["kind"] == ContactKind.PHONE
    ]


def people(organization: str, contacts: Sequence[Told]) -> list[Told]:
    """Return the heads who are named in public."""
    return [
        {
            "id": identify("contact", organization, place),
            "organization_id": organization,
            "name": one["value"],
            "title": one["note"] or capfirst(str(ContactKind.HEAD.label)),
        }
        for place, one in enumerate(contacts)
        if one["kind"] == ContactKind.HEAD
    ]


# --- hours -----------------------------------------------------------------------------------------------------------


def schedules(owner_field: str, owner: str, hours: Mapping[str, Any]) -> list[Told]:
    """Return opening hours: a schedule for each part of a day, with all the days that have it."""
    days: dict[tuple[str, str], list[str]] = {}
    for day, name in DAYS.items():
        for start, end in hours.get(day) or ():
            days.setdefault((start, end), []).append(name)
    note = str(hours.get("note") or "")
    told = [_weekly(owner_field, owner, span, names, note) for span, names in days.items()]
    if not told and note:
        told = [{"id": identify("schedule", owner, "note"), owner_field: owner, "description": note}]
    return told


def _weekly(owner_field: str, owner: str, span: tuple[str, str], names: list[str], note: str) -> Told:
    start, end = span
    told = {
        "id": identify("schedule", owner, start, end),
        owner_field: owner,
        "freq": "WEEKLY",
        "interval": 1,
        "wkst": "MO",
        "byday": ",".join(names),
        "opens_at": start,
        "closes_at": _END_OF_DAY.get(end, end),
        # a week's hours have no offset: it changes with summer time
        "notes": _("By the time of Kyiv"),
    }
    return {**told, "description": note} if note else told
