"""Values of a proposal as people type them and as the content keeps them; sums are text with a point."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Any, Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from procurement.domain.forms.definition import Field
from procurement.models.specification import KOPIIKA

LONGEST: Final = {"text": 300, "long_text": 5000}
LARGEST: Final = Decimal(10) ** 12
_PLACES: Final = 3
_NUMBER: Final = re.compile(r"[0-9]{1,15}(?:\.[0-9]{1,9})?")
_DAY: Final = re.compile(r"([0-9]{1,2})[./-]([0-9]{1,2})[./-]([0-9]{4})")
_FILE: Final = re.compile(r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}")
_CONTROLS: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_YES: Final = {"yes": True, "no": False, True: True, False: False}


class ValueRefused(Exception):  # noqa: N818 a refusal is an answer, not a fault
    """The value does not fit its field; `reason` is a sentence for the person who typed it."""

    def __init__(self, reason: str | Promise) -> None:
        super().__init__(str(reason))
        self.reason = reason


def to_kopiika(amount: Decimal) -> Decimal:
    """Round a sum to the kopiika, half a kopiika up."""
    return amount.quantize(KOPIIKA, ROUND_HALF_UP)


def number_of(value: Any) -> Decimal | None:
    """Return the number that a value of the content is, nothing for what is none."""
    if isinstance(value, Decimal | int):
        return Decimal(value)
    try:
        return Decimal(value) if isinstance(value, str) else None
    except InvalidOperation:
        return None


def day_of_value(value: Any) -> date | None:
    """Return the day that a value of the content is, nothing for what is none."""
    if isinstance(value, date):
        return value
    try:
        return date.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None


def read_value(field: Field, value: Any) -> Any:
    """Return what the content keeps of a value that came in, None for nothing; raises `ValueRefused`."""
    if value is None or value in ("", []):
        return None
    return _READERS[field.kind](field, value)


def _text(field: Field, value: Any) -> str | None:
    if not isinstance(value, str):
        raise ValueRefused(_("This is not text."))
    told = _CONTROLS.sub("", value.replace("\r\n", "\n")).strip()
    if field.kind == "text":
        told = " ".join(told.split())
    longest = field.spec.get("max_length", LONGEST[field.kind])
    if len(told) > longest:
        raise ValueRefused(
            _("At most %(limit)d characters, there are %(length)d.") % {"limit": longest, "length": len(told)}
        )
    return told or None


def _decimal(value: Any) -> Decimal:
    told = "".join(str(value).split()).replace(",", ".") if isinstance(value, str | int) else ""
    if isinstance(value, bool) or not _NUMBER.fullmatch(told):
        raise ValueRefused(_("Write a number that is not negative, for example 1250,50."))
    read = Decimal(told)
    if read >= LARGEST:
        raise ValueRefused(_("The number is too large."))
    return read


def _money(_field: Field, value: Any) -> str:
    read = _decimal(value)
    if read != to_kopiika(read):
        raise ValueRefused(_("A sum has at most two digits after the comma."))
    return f"{read:.2f}"


def _count(field: Field, value: Any) -> str:
    read = _decimal(value)
    if field.spec.get("whole") and read != read.to_integral_value():
        raise ValueRefused(_("Write a whole number."))
    if read != round(read, _PLACES):
        raise ValueRefused(_("At most three digits after the comma."))
    return f"{read.normalize():f}"


def _date(_field: Field, value: Any) -> str:
    told = str(value).strip()
    typed = _DAY.fullmatch(told)
    try:
        read = date(*(int(part) for part in reversed(typed.groups()))) if typed else date.fromisoformat(told)
    except ValueError:
        raise ValueRefused(_("There is no such day. Write it as 31.01.2027.")) from None
    return read.isoformat()


def _yes_no(_field: Field, value: Any) -> bool:
    if not isinstance(value, str | bool) or value not in _YES:
        raise ValueRefused(_("Choose yes or no."))
    return _YES[value]


def _statement(_field: Field, value: Any) -> bool | None:
    if value not in (True, False, "yes", "no"):
        raise ValueRefused(_("Tick the box or leave it empty."))
    return True if value in (True, "yes") else None


def _choice(field: Field, value: Any) -> str:
    if not isinstance(value, str) or value not in field.options:
        raise ValueRefused(_("There is no such choice."))
    return value


def _choices(field: Field, value: Any) -> list[str]:
    told = [value] if isinstance(value, str) else value
    if not isinstance(told, list) or any(not isinstance(one, str) or one not in field.options for one in told):
        raise ValueRefused(_("There is no such choice."))
    # in the order of the form, so that the order of ticking is no change
    return [code for code in field.options if code in told]


def _document(_field: Field, value: Any) -> str:
    if not isinstance(value, str) or not _FILE.fullmatch(value):
        raise ValueRefused(_("There is no such file."))
    return value


_READERS: Final[Mapping[str, Any]] = {
    "text": _text,
    "long_text": _text,
    "number": _count,
    "money": _money,
    "date": _date,
    "yes_no": _yes_no,
    "statement": _statement,
    "choice": _choice,
    "choices": _choices,
    "document": _document,
}
