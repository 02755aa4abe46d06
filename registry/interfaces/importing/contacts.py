"""Phones, e-mail and web addresses in cells, one or several."""

from __future__ import annotations

import re
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator, validate_email
from django.utils.translation import gettext as _

from registry.interfaces.importing.report import CellFault
from registry.interfaces.importing.widgets import CellWidget

LONGEST: Final = 500
SHORT_EMAIL: Final = 64
_LIST_WITH_COMMAS: Final = re.compile(r"[|;,\n]+")
_PHONE: Final = re.compile(r"(?:tel:)?\s*(\+?[\d\s().\-–/]{2,40}(?:\s*(?:дод|вн|ext)\.?\s*\d{1,6})?)", re.IGNORECASE)
_SCHEME: Final = re.compile(r"[a-z][a-z0-9+.\-]*://", re.IGNORECASE)
# what nearly all addresses look like; only the others go to the slower and more lenient checks of Django
_PLAIN_URL: Final = re.compile(r"https?://(?:[a-z0-9-]{1,63}\.)+[a-z]{2,24}(?:/[\w./?=&%+~,-]*)?", re.ASCII)
_PLAIN_EMAIL: Final = re.compile(
    r"[a-z0-9_+-]+(?:\.[a-z0-9_+-]+)*@(?:[a-z0-9]+\.)+[a-z]{2,24}", re.ASCII | re.IGNORECASE
)
_check_url = URLValidator(schemes=["http", "https"])


class Phones(CellWidget):
    formulas = personal = False

    def read(self, text: str, **kwargs: Any) -> tuple[str, ...]:
        del kwargs
        return tuple(dict.fromkeys(self._one(part.strip()) for part in _LIST_WITH_COMMAS.split(text) if part.strip()))

    def _one(self, text: str) -> str:
        found = _PHONE.fullmatch(text)
        digits = sum(character.isdigit() for character in text)
        if not found or not 3 <= digits <= 18:  # noqa: PLR2004 from 102 to a foreign number with extension
            raise CellFault("phone", _("This is no phone number: “%(value)s”."), value=text[:40])
        return found[1].strip()


class Emails(CellWidget):
    personal = False

    def read(self, text: str, **kwargs: Any) -> tuple[str, ...]:
        del kwargs
        return tuple(dict.fromkeys(self._one(part) for part in re.split(r"[|;,\s]+", text) if part))

    def _one(self, text: str) -> str:
        if len(text) < SHORT_EMAIL and _PLAIN_EMAIL.fullmatch(text):
            return text
        try:
            validate_email(text)
        except ValidationError as error:
            raise CellFault("email", _("This is no e-mail address: “%(value)s”."), value=text[:40]) from error
        return text


def web_address(text: str) -> str:
    """Return the address with its scheme; raise `CellFault` when it cannot be one."""
    address = text if _SCHEME.match(text) else f"http://{text}"
    if len(address) <= LONGEST and _PLAIN_URL.fullmatch(address):
        return address
    try:
        _check_url(address)
    except ValidationError as error:
        raise CellFault("url", _("This is no address of a website: “%(value)s”."), value=text[:40]) from error
    if len(address) > LONGEST:
        raise CellFault("url", _("This is no address of a website: “%(value)s”."), value=text[:40])
    return address


class Websites(CellWidget):
    personal = False

    def read(self, text: str, **kwargs: Any) -> tuple[str, ...]:
        del kwargs
        parts = re.split(r"\s*\|\s*|[;,]?\s+", text)
        return tuple(dict.fromkeys(web_address(part) for part in parts if part))


class Address(CellWidget):
    """One address on the web."""

    personal = False

    def read(self, text: str, **kwargs: Any) -> str:
        del kwargs
        return web_address(text)
