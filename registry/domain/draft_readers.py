"""Readers of an application's fields: whatever a form or a program gives, in the one shape that the content keeps.

A reader returns the value, something empty for nothing, or raises `FieldFault` with a sentence for the person.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any, Final
from uuid import UUID

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator, validate_email
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from stdnum.ua import rntrc

from registry.enums import ContactKind

Reader = Callable[[Any], Any]

LONG: Final = 10_000
MOST_PLACES: Final = 100_000
MOST_AREAS: Final = 2_000
DAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_CONTROLS: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]")
_DAY: Final = re.compile(r"\d{4}-\d{2}-\d{2}")
_CLOCK: Final = re.compile(r"(?:[01]\d|2[0-3]):[0-5]\d|24:00")
KEY: Final = re.compile(r"[1-9]\d{0,4}", re.ASCII)
_POSTAL: Final = re.compile(r"\d{5}", re.ASCII)
_PHONE: Final = re.compile(r"\+?[\d\s().\-–/]{2,40}(?:\s*(?:дод|вн|ext)\.?\s*\d{1,6})?", re.IGNORECASE)
_TEN_DIGITS: Final = re.compile(r"(?<![\w+])\d{10}(?!\w)")
# ten digits that are a phone number
_DIALLED: Final = re.compile(r"0[3-9]")
_YEARS: Final = range(1900, 2200)
_YES, _NO = frozenset({"true", "on", "1", "yes"}), frozenset({"false", "off", "0", "no"})
_check_url: Final = URLValidator(schemes=["http", "https"])


class FieldFault(ValueError):  # noqa: N818 it is told to a person, beside the field
    """What is written cannot stand in this field; the message is a sentence for the person who wrote it."""

    def __init__(self, reason: str | Promise) -> None:
        super().__init__(str(reason))


def _plain(value: Any, limit: int) -> str:
    if not isinstance(value, str):
        raise FieldFault(_("Write this as text."))
    clean = _CONTROLS.sub("", value.replace("\r\n", "\n").replace("\r", "\n")).encode("utf-8", "ignore").decode()
    if len(clean.strip()) > limit:
        raise FieldFault(_("Write no more than %(limit)d characters.") % {"limit": limit})
    return clean.strip()


def line(limit: int, *, public: bool = True) -> Reader:
    """Read a text of one line; a public one takes no РНОКПП."""

    def read(value: Any) -> str:
        text = " ".join(_plain(value, limit).split())
        return _without_number(text) if public else text

    return read


def lines(limit: int = LONG) -> Reader:
    """Read a text of many lines, which holds no РНОКПП: sooner or later somebody publishes it."""

    def read(value: Any) -> str:
        return _without_number(_plain(value, limit))

    return read


def _without_number(text: str) -> str:
    if any(rntrc.is_valid(digits) and not _DIALLED.match(digits) for digits in _TEN_DIGITS.findall(text)):
        raise FieldFault(_("There is a taxpayer number here, and this text is public. Take it out."))
    return text


def choice(values: Iterable[str], refused: Mapping[str, str | Promise] | None = None) -> Reader:
    """Read one of the values; the refused ones have their own sentence."""
    known, closed = frozenset(values), refused or {}

    def read(value: Any) -> str:
        if value in ("", None):
            return ""
        if not isinstance(value, str) or value not in known:
            raise FieldFault(_("Choose one of the answers."))
        if value in closed:
            raise FieldFault(closed[value])
        return value

    return read


def yes_or_no(value: Any) -> bool | None:
    word = str(value).strip().lower() if isinstance(value, bool | str | int) else ""
    if word in _YES or word in _NO:
        return word in _YES
    if value in ("", None):
        return None
    raise FieldFault(_("Choose one of the answers."))


def day(value: Any) -> str:
    text = _plain(value, 40)
    if not text:
        return ""
    try:
        found = date.fromisoformat(text) if _DAY.fullmatch(text) else None
    except ValueError:
        found = None
    if found is None or found.year not in _YEARS:
        raise FieldFault(_("There is no such day. Write it as 2026-11-22."))
    return found.isoformat()


def money(value: Any) -> str:
    text = str(value) if isinstance(value, int | float | Decimal) and not isinstance(value, bool) else _plain(value, 40)
    text = "".join(text.split()).replace(",", ".")
    if not text:
        return ""
    try:
        amount = Decimal(text)
        if not amount.is_finite() or amount < 0 or amount >= Decimal(10) ** 10:
            raise FieldFault(_("Write the sum in hryvnias, nought or more."))
        if amount != amount.quantize(Decimal("0.01")):
            raise FieldFault(_("A sum has no more than two digits after the point."))
    except InvalidOperation:
        raise FieldFault(_("Write the sum in hryvnias with digits, for example 120.50.")) from None
    return f"{amount:.2f}"


def count(value: Any) -> int | None:
    text = str(value).strip() if isinstance(value, int | str) and not isinstance(value, bool) else "?"
    if not text:
        return None
    if not text.isdecimal() or len(text) > 6 or int(text) > MOST_PLACES:  # noqa: PLR2004 as long as the limit
        raise FieldFault(_("Write a whole number, nought or more."))
    return int(text)


def degrees(limit: int) -> Reader:
    def read(value: Any) -> float | None:
        text = str(value).strip().replace(",", ".") if isinstance(value, int | float | str) else "?"
        if not text:
            return None
        try:
            found = round(float(text), 6)
        except (ValueError, OverflowError):
            raise FieldFault(_("Write the degrees as a number, for example 49.8213.")) from None
        if not -limit <= found <= limit:
            raise FieldFault(_("There is no such place on Earth."))
        return found

    return read


def postal_index(value: Any) -> str:
    text = _plain(value, 40)
    if text and not _POSTAL.fullmatch(text):
        raise FieldFault(_("A postal index has five digits."))
    return text


def hours(value: Any) -> dict[str, Any]:
    """Read opening hours as the register keeps them: `{"mon": [["09:00", "18:00"]], "note": "…"}`."""
    if value in (None, "", {}):
        return {}
    if not isinstance(value, dict) or not set(value) <= {*DAYS, "note"}:
        raise FieldFault(_("Write hours like 09:00–18:00; a break as 09:00–13:00, 14:00–18:00."))
    found: dict[str, Any] = {name: _spans(value[name]) for name in DAYS if value.get(name)}
    if note := line(200)(value.get("note", "")):
        found["note"] = note
    return found


def _spans(value: Any) -> list[list[str]]:
    flat: list[Any] = []
    for span in value if isinstance(value, list) else [None]:
        flat += span if isinstance(span, list) and len(span) == 2 else [None]  # noqa: PLR2004 from, to
    in_words = all(isinstance(moment, str) and _CLOCK.fullmatch(moment) for moment in flat)
    if not in_words or any(first >= second for first, second in zip(flat[::2], flat[1::2], strict=True)):
        raise FieldFault(_("Write hours like 09:00–18:00; a break as 09:00–13:00, 14:00–18:00."))
    if flat != sorted(flat):
        raise FieldFault(_("These hours are not in order."))
    return [list(pair) for pair in zip(flat[::2], flat[1::2], strict=True)]


def code(value: Any) -> str:
    """Read a code or a slug; whether there is such a one, `registry.domain.draft_patches` asks."""
    return _plain(value, 60)


def codes(value: Any) -> list[str]:
    items = value if isinstance(value, list) else [value]
    if len(items) > MOST_AREAS:
        raise FieldFault(_("These are too many. Choose a larger territory instead."))
    return sorted({found for item in items if (found := code(item))})


def keys(value: Any) -> list[str]:
    found = codes(value)
    if not all(KEY.fullmatch(key) for key in found):
        raise FieldFault(_("There is no such address in the application."))
    return sorted(found, key=int)


def document(value: Any) -> str:
    text = _plain(value, 60)
    try:
        return str(UUID(text)) if text else ""
    except ValueError:
        raise FieldFault(_("There is no such file.")) from None


def contact_value(kind: str, text: str) -> str:
    """Return the contact as it is kept, read by its kind; an unknown kind is read later."""
    digits = sum(character.isdigit() for character in text)
    if kind == ContactKind.PHONE and not (_PHONE.fullmatch(text) and 3 <= digits <= 18):  # noqa: PLR2004 from 102 on
        raise FieldFault(_("This is no phone number. Write it like +380 50 123 45 67."))
    try:
        if kind == ContactKind.EMAIL:
            validate_email(text)
        if kind == ContactKind.WEBSITE:
            text = text if "://" in text else f"https://{text}"
            _check_url(text)
    except ValidationError:
        if kind == ContactKind.EMAIL:
            raise FieldFault(_("This is no e-mail address. Write it like name@example.org.")) from None
        raise FieldFault(_("This is no address of a website. Write it like https://example.org.")) from None
    return text
