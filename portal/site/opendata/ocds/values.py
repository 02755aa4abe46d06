"""How values are written in OCDS: identifiers, moments, days, money; nothing that is unknown is written."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any, Final

from django.conf import settings

from portal.kernel.calendar import KYIV
from registry.enums import PriceUnit

Json = dict[str, Any]
CURRENCY: Final = "UAH"
GAZETTEER: Final = "UA-KATOTTG"
# the Classifier of social services (order 429); a code stands only where it was confirmed
SERVICES: Final = "UA-KSP"
# a double keeps so many digits, and `json` writes the shortest text that reads as the same double
MOST_DIGITS: Final = 15
# UN/CEFACT recommendation 20, where a unit of ours is one of theirs
_UNITS: Final = {PriceUnit.PERSON_HOUR: "HUR", PriceUnit.DAY: "DAY", PriceUnit.MONTH: "MON"}
_LAST_SECOND: Final = time(23, 59, 59)
_NOTHING: Final[tuple[Any, ...]] = (None, "", [], {})


def ocid_of(number: str) -> str:
    """Return the identifier of a contracting process by the number of its competition, or of its direct contract."""
    return f"{settings.OCDS_PREFIX}-{number}"


def number_of(ocid: str) -> str:
    """Return the number behind an identifier of ours; nothing for another publisher's."""
    head, found, number = ocid.partition(f"{settings.OCDS_PREFIX}-")
    return number if found and not head else ""


def stamp(at: datetime) -> str:
    """Return the date of a release: in UTC, since tools put releases in order as texts."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def release_id(ocid: str, at: datetime) -> str:
    """Return the identifier of the release of this second; a process has one release a second at most."""
    return f"{ocid}-{at.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def moment(at: date | datetime | None) -> str | None:
    """Return a moment in Kyiv's time; a day is its first second there, so that it reads as the same day."""
    if at is None:
        return None
    if not isinstance(at, datetime):
        at = datetime.combine(at, time.min, tzinfo=KYIV)
    return at.astimezone(KYIV).isoformat(timespec="seconds")


def period(
    start: date | datetime | None, end: date | datetime | None, *, most: date | datetime | None = None
) -> Json | None:
    """Return a period; a day at its end is counted in."""
    told = {"startDate": moment(start), "endDate": _end(end), "maxExtentDate": _end(most)}
    return pruned(told) or None


def _end(at: date | datetime | None) -> str | None:
    if at is None or isinstance(at, datetime):
        return moment(at)
    return moment(datetime.combine(at, _LAST_SECOND, tzinfo=KYIV))


def number(value: Decimal) -> int | float:
    """Return a number that JSON writes with the very digits of the decimal; raises `ValueError` for one too long."""
    if len(value.normalize().as_tuple().digits) > MOST_DIGITS:
        raise ValueError(f"{value} has more digits than JSON numbers keep")
    return int(value) if value == value.to_integral_value() else float(value)


def money(value: Decimal | None) -> Json | None:
    return None if value is None else {"amount": number(value), "currency": CURRENCY}


def unit(code: str, tariff: Decimal | None) -> Json | None:
    """Return the unit of a quantity with its price."""
    known = _UNITS.get(PriceUnit(code)) if code in PriceUnit.values else None
    told = {
        "scheme": "UNCEFACT" if known else None,
        "id": known,
        "name": str(PriceUnit(code).label) if code in PriceUnit.values else code,
        "value": money(tariff),
    }
    return pruned(told) or None


def place(code: str, words: str) -> Json:
    """Return where something is given, by the codifier of territories."""
    gazetteer = {"scheme": GAZETTEER, "identifiers": [code]} if code else None
    return pruned({"description": words, "gazetteer": gazetteer})


def document(key: str, kind: str, title: str, url: str, at: date | datetime | None, **more: Any) -> Json:
    """Return a document of the codelist's kind; `more` are further fields of it."""
    told = {"id": key, "documentType": kind, "title": title, "url": url, "datePublished": moment(at)}
    return pruned({**told, "language": "uk", **more})


def pruned(told: Mapping[str, Any]) -> Json:
    """Leave out what is not known."""
    return {name: value for name, value in told.items() if value not in _NOTHING}
