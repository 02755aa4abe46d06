"""Readers for cells of foreign files that hold several things at once; each takes the row and returns our columns.

They never guess: what cannot be told apart is left out, and names stay as the source writes them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from portal.accounts.enums import LegalForm
from registry.interfaces.importing.contacts import web_address
from registry.interfaces.importing.report import CellFault

_INDEX: Final = re.compile(r"^\d{5}$")
_REGION: Final = re.compile(r"(?:область|обл\.?)$", re.IGNORECASE)
_RAION: Final = re.compile(r"(?:район|р-н)$", re.IGNORECASE)
_HROMADA: Final = re.compile(r"(?:громада|\bО?ТГ)$", re.IGNORECASE)
_SETTLEMENT: Final = re.compile(r"^(?:м\.|с\.|смт\.?|місто|село|селище міського типу|селище|с-ще)\s*\S", re.IGNORECASE)
_BUILDING: Final = re.compile(r"^(?:будинок|буд\.?)\s*(.+)$", re.IGNORECASE)
_NUMBER: Final = re.compile(r"^\d+[\w\-/ ]{0,12}$")
_ROOM: Final = re.compile(
    r"^(?:офіс|кімната|кім\.|квартира|кв\.|приміщення|прим\.|секція|корпус|поверх|літера|літ\.)", re.IGNORECASE
)
_MARK: Final = re.compile(r"\s*\([^)]*\)\s*$")
_EMAIL: Final = re.compile(r"^[^@\s]+@[^@\s]+\.[^@\s]+$")
_SCOPE: Final = re.compile(r"^(?:обласне|районне|міське) (?=ком)")
# the words a name begins with, longest first, and the legal form they state
_FORMS: Final = (
    ("комунальне некомерційне підприємство", LegalForm.COMMUNAL_NONPROFIT),
    ("комунальне некомерційне медичне підприємство", LegalForm.COMMUNAL_NONPROFIT),
    ("комунальне неприбуткове підприємство", LegalForm.COMMUNAL_NONPROFIT),
    ("некомерційне комунальне підприємство", LegalForm.COMMUNAL_NONPROFIT),
    ("комунальне підприємство", LegalForm.COMMUNAL_ENTERPRISE),
    ("комунальний заклад", LegalForm.COMMUNAL_INSTITUTION),
    ("комунальна установа", LegalForm.COMMUNAL_INSTITUTION),
    ("державна установа", LegalForm.STATE_INSTITUTION),
    ("державний заклад", LegalForm.STATE_INSTITUTION),
    ("товариство з обмеженою відповідальністю", LegalForm.LIMITED_COMPANY),
    ("приватне підприємство", LegalForm.PRIVATE_ENTERPRISE),
    ("приватний заклад", LegalForm.PRIVATE_INSTITUTION),
    ("приватна установа", LegalForm.PRIVATE_INSTITUTION),
    ("благодійний фонд", LegalForm.CHARITABLE_FOUNDATION),
    ("благодійна організація", LegalForm.CHARITABLE_SOCIETY),
    ("благодійна установа", LegalForm.CHARITABLE_INSTITUTION),
    ("громадська організація", LegalForm.PUBLIC_ASSOCIATION),
    ("громадська спілка", LegalForm.ASSOCIATION_UNION),
    ("релігійна організація", LegalForm.RELIGIOUS_ORGANISATION),
    ("кнп", LegalForm.COMMUNAL_NONPROFIT),
    ("тов", LegalForm.LIMITED_COMPANY),
    ("пп", LegalForm.PRIVATE_ENTERPRISE),
)


def legal_form(row: Mapping[str, str]) -> dict[str, str]:
    """Return the legal form that the name itself states, else `other`."""
    name = _SCOPE.sub("", " ".join(row.get("name", "").casefold().split()).lstrip('"«'))
    for words, form in _FORMS:
        if name.startswith((f"{words} ", f'{words}"', f"{words}«")):
            # «комунальне підприємство комунальне некомерційне підприємство …»: the fuller statement holds
            again = name.removeprefix(words).strip()
            fuller = next((other for more, other in _FORMS if len(more) > len(words) and again.startswith(more)), form)
            return {"legal_form": fuller.value}
    return {"legal_form": LegalForm.OTHER.value}


def website(row: Mapping[str, str]) -> dict[str, str]:
    """Return the website, or the e-mail address that stands in its place, or nothing if it is neither."""
    text = row.get("website", "").strip().rstrip(".,;")
    if _EMAIL.match(text):
        return {"emails": text} if "," not in text else {}
    try:
        return {"websites": web_address(text)} if "." in text and " " not in text else {}
    except CellFault:
        return {}


def nhsu_address(row: Mapping[str, str]) -> dict[str, str]:
    """Read «Україна, 42200, Сумська обл., … р-н, місто Лебедин(з), вул. Гастелло, будинок 98».

    Its raions are those before 2020, so they are passed over.
    """
    told = {"oblast": row.get("registration_area", "").replace("М.", "").strip()}
    settlement = _MARK.sub("", row.get("registration_settlement", "")).strip()
    rest: list[str] = []
    for part in _parts(row.get("registration_address", "")):
        if _INDEX.match(part):
            told["postal_index"] = part
        elif part == "Україна" or _REGION.search(part) or _RAION.search(part):
            continue
        elif "settlement" not in told and _SETTLEMENT.match(part) and settlement.casefold() in part.casefold():
            told["settlement"] = _MARK.sub("", part).strip()
        else:
            rest.append(part)
    told.setdefault("settlement", settlement)
    return told | _street(rest) | _coordinates(row)


def cnap_address(row: Mapping[str, str]) -> dict[str, str]:
    """Read «вул. Соборна, 59, м. Вінниця, Вінницька територіальна громада, Вінницька область»."""
    told: dict[str, str] = {}
    rest: list[str] = []
    for part in _parts(row.get("address", "")):
        if _REGION.search(part):
            told["oblast"] = part
        elif _HROMADA.search(part):
            told["hromada"] = part
        elif _RAION.search(part) and rest:
            continue
        elif _INDEX.match(part):
            told["postal_index"] = part
        elif rest and "settlement" not in told and _SETTLEMENT.match(part):
            told["settlement"] = part
        elif part.casefold() in {"київ", "м. київ", "севастополь"}:
            told |= {"oblast": part, "settlement": part}
        else:
            rest.append(part)
    return told | _street(rest)


def cnap_reference(row: Mapping[str, str]) -> dict[str, str]:
    code = row.get("code", "").strip()
    return {"external_ref": f"cnap:{code}" if code else ""}


def cnap_access(row: Mapping[str, str]) -> dict[str, str]:
    """Return what the place has and lacks; an empty cell says nothing."""
    features = {"ramp": "ramp", "accessible_toilet": "accessible-toilet", "braille": "braille"}
    said = {slug: row.get(header, "").strip() for header, slug in features.items()}
    return {
        "access": " | ".join(slug for slug, value in said.items() if value == "True"),
        "access_missing": " | ".join(slug for slug, value in said.items() if value == "False"),
    }


def _parts(text: str) -> list[str]:
    return [part.strip() for part in text.split(",") if part.strip(" .-")]


def _street(parts: list[str]) -> dict[str, str]:
    """Return street, building and room from what is left of an address, in their order."""
    told: dict[str, str] = {}
    streets: list[str] = []
    rooms: list[str] = []
    for part in parts:
        building = _BUILDING.match(part)
        if "building" not in told and (building or (streets and _NUMBER.match(part))):
            told["building"] = (building[1] if building else part)[:60]
        elif "building" in told or _ROOM.match(part):
            rooms.append(part)
        else:
            streets.append(part)
    if streets:
        told["street"] = ", ".join(streets)[:200]
    if rooms:
        told["room"] = ", ".join(rooms)[:60]
    return told


def _coordinates(row: Mapping[str, str]) -> dict[str, str]:
    return {"latitude": row.get("lat", ""), "longitude": row.get("lng", "")}
