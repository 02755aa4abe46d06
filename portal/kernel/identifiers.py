"""Codes by which the state names organisations, people, accounts and places: cleaned, checked, faults named plainly."""

import re
from typing import cast

from django.core.exceptions import ValidationError
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from stdnum import exceptions, iban
from stdnum.ua import edrpou, rntrc

EDRPOU_LENGTH, RNOKPP_LENGTH, IBAN_LENGTH, KATOTTG_LENGTH = 8, 10, 29, 19
# spaces of every width, hyphens and dashes, the soft hyphen, invisible joiners and marks of direction
_FILLING = re.compile(r"[\s\-\u00ad\u2010-\u2015\u2212\u200b-\u200f\u2060\ufeff]+")
_CYRILLIC_TWINS = str.maketrans("АВКМНОРСТУХ", "ABKMHOPCTUX")
_KATOTTG_LEVELS = "OKPHMTCXB"


class InvalidIdentifier(ValidationError):  # noqa: N818 the name says what the code is
    """A code that cannot be what it is given for; the message says what is wrong with it."""

    def __init__(self, message: str | Promise, code: str, **params: object) -> None:
        super().__init__(cast("str", message), code=code, params=params or None)


def clean_edrpou(value: str) -> str:
    """Return the eight digits of a ЄДРПОУ code.

    A spreadsheet drops the leading zero; it is given back only when the check digit agrees that it was there.
    """
    digits = _digits(value, _("EDRPOU code"))
    if len(digits) == EDRPOU_LENGTH - 1 and edrpou.is_valid("0" + digits):
        digits = "0" + digits
    _check_length(digits, EDRPOU_LENGTH)
    _check_digit(edrpou.is_valid(digits))
    return digits


def clean_rnokpp(value: str) -> str:
    """Return the ten digits of a РНОКПП; the caller keeps them out of the log and of every public channel."""
    digits = _digits(value, _("taxpayer number"))
    _check_length(digits, RNOKPP_LENGTH)
    _check_digit(rntrc.is_valid(digits))
    return digits


def clean_iban(value: str) -> str:
    """Return a Ukrainian IBAN: UA and 27 digits."""
    text = _latin(value)
    _check_prefix(text)
    _check_digits_after_prefix(text)
    _check_length(text, IBAN_LENGTH)
    try:
        return iban.validate(text, check_country=True)
    except exceptions.ValidationError as error:
        raise _wrong_check_digit() from error


def clean_katottg(value: str) -> str:
    """Return a КАТОТТГ code: UA and 17 digits; whether such a place exists is for the classifier to say.

    The letter of the level (O, K, P, H, M, T, C, X, B) that some lists write after the code is dropped.
    """
    text = _latin(value)
    if len(text) == KATOTTG_LENGTH + 1 and text[-1] in _KATOTTG_LEVELS:
        text = text[:-1]
    _check_prefix(text)
    _check_digits_after_prefix(text)
    _check_length(text, KATOTTG_LENGTH)
    return text


def validate_edrpou(value: str) -> None:
    clean_edrpou(value)


def validate_rnokpp(value: str) -> None:
    clean_rnokpp(value)


def validate_iban(value: str) -> None:
    clean_iban(value)


def validate_katottg(value: str) -> None:
    clean_katottg(value)


def _compact(value: str) -> str:
    text = _FILLING.sub("", value)
    if not text:
        raise InvalidIdentifier(_("Enter the code."), "empty")
    return text


def _digits(value: str, name: str | Promise) -> str:
    text = _compact(value)
    if not (text.isascii() and text.isdigit()):
        raise InvalidIdentifier(_("The %(name)s has digits only."), "letters", name=name)
    return text


def _latin(value: str) -> str:
    return _compact(value).upper().translate(_CYRILLIC_TWINS)


def _check_prefix(text: str) -> None:
    if not text.startswith("UA"):
        raise InvalidIdentifier(_("The code begins with the Latin letters UA."), "prefix")


def _check_digits_after_prefix(text: str) -> None:
    digits = text[2:]
    if digits and not (digits.isascii() and digits.isdigit()):
        raise InvalidIdentifier(_("After the letters UA the code has digits only."), "letters")


def _check_length(text: str, length: int) -> None:
    if len(text) != length:
        raise InvalidIdentifier(
            _("The code has %(expected)d characters, and %(given)d were entered."),
            "length",
            expected=length,
            given=len(text),
        )


def _check_digit(valid: bool) -> None:
    if not valid:
        raise _wrong_check_digit()


def _wrong_check_digit() -> InvalidIdentifier:
    return InvalidIdentifier(_("The check digit does not agree: one of the digits is mistyped."), "check_digit")
