"""From the text of a cell to a value: one widget for each kind of column, for django-import-export.

A widget returns None for an empty cell (the source is silent) and raises `CellFault` with a reason for a bad one.
"""

from __future__ import annotations

import re
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from django.db.models import TextChoices
from django.utils import translation
from django.utils.translation import gettext as _
from import_export.widgets import Widget

from portal.kernel import identifiers
from registry.interfaces.importing.books import Books, fold
from registry.interfaces.importing.cells import EMPTY, cleaned
from registry.interfaces.importing.report import CellFault

_NUMBER_FILLING: Final = re.compile(r"[\s\u00a0\u202f'’]|грн\.?|₴", re.IGNORECASE)
_LIST: Final = re.compile(r"[|;\n]+")
_DATES: Final = (
    (re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ][\d:.]+)?"), (1, 2, 3)),
    (re.compile(r"(\d{1,2})[./](\d{1,2})[./](\d{4})(?:\s*р\.?)?"), (3, 2, 1)),
)
YES: Final = frozenset({"так", "є", "yes", "true", "1", "+", "y", "т"})
NO: Final = frozenset({"ні", "немає", "no", "false", "0", "n", "н"})
FIRST_DAY: Final = date(1991, 8, 24)
LATITUDES, LONGITUDES = (44.0, 52.6), (22.0, 40.4)


class CellWidget(Widget):
    """Cleans the cell and hands a non-empty text to `read`."""

    formulas = True
    personal = True
    # whether a file repeats few values in such a column, so that answers are worth remembering
    repeats = False

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> Any:
        del row
        if value is None or value == "":
            return None
        text = cleaned(str(value), formulas=self.formulas, personal=self.personal)
        return None if text in EMPTY else self.read(text, **kwargs)

    def read(self, text: str, **kwargs: Any) -> Any:
        del kwargs
        return text


class Text(CellWidget):
    def __init__(self, longest: int = 5_000, *, personal: bool = True) -> None:
        super().__init__()
        self.longest, self.personal = longest, personal

    def read(self, text: str, **kwargs: Any) -> str:
        del kwargs
        if len(text) > self.longest:
            raise CellFault(
                "text.too_long",
                _("The text has %(size)s characters, at most %(limit)s fit."),
                size=len(text),
                limit=self.longest,
            )
        return text


class Code(CellWidget):
    """ЄДРПОУ, РНОКПП and КАТОТТГ, checked by the kernel, whose words are kept."""

    formulas = personal = False

    def __init__(self, name: str) -> None:
        super().__init__()
        self.name = name
        self.check = getattr(identifiers, f"clean_{name}")

    def read(self, text: str, **kwargs: Any) -> str:
        del kwargs
        try:
            return self.check(text)
        except identifiers.InvalidIdentifier as error:
            raise CellFault(f"{self.name}.{error.code}", error.messages[0]) from error


class RegisterNumber(CellWidget):
    def read(self, text: str, **kwargs: Any) -> str:
        del kwargs
        if not re.fullmatch(r"D?\d{1,7}", text.upper()):
            raise CellFault("number.form", _("A register number has seven digits."))
        prefix = "D" if text[0] in "Dd" else ""
        return prefix + text.upper().removeprefix("D").zfill(7)


class Choice(CellWidget):
    """A value of an enum, written as its code or as its label in either language."""

    repeats = True

    def __init__(self, enum: type[TextChoices], **also: str) -> None:
        super().__init__()
        self.enum, self.also = enum, also
        self._known: dict[str, str] = {}

    def read(self, text: str, **kwargs: Any) -> str:
        del kwargs
        value = self.known.get(fold(text))
        if value is None:
            raise CellFault(
                "choice.unknown",
                _("There is no such value. Possible: %(values)s."),
                values=", ".join(str(label) for _value, label in self.enum.choices),
            )
        return value

    @property
    def known(self) -> dict[str, str]:
        if not self._known:
            for language in ("en", "uk"):
                with translation.override(language):
                    self._known |= {fold(str(label)): value for value, label in self.enum.choices}
            self._known |= {fold(value): value for value in self.enum.values} | self.also
        return self._known


class YesNo(CellWidget):
    repeats = True
    formulas = personal = False

    def read(self, text: str, **kwargs: Any) -> bool:
        del kwargs
        if text.casefold() in YES:
            return True
        if text.casefold() in NO:
            return False
        raise CellFault("yes_no", _("Write “yes” or “no”."))


class Day(CellWidget):
    """A day, as 2026-11-22 or 22.11.2026; `future=False` for days on which something was already seen."""

    personal = False
    repeats = True

    def __init__(self, *, future: bool = True) -> None:
        super().__init__()
        self.future = future

    def read(self, text: str, **kwargs: Any) -> date:
        day = self._parsed(text)
        today: date = kwargs["today"]
        if day < FIRST_DAY or day > today + timedelta(days=3_660):
            raise CellFault("date.range", _("The year is out of all bounds."))
        if not self.future and day > today:
            raise CellFault("date.future", _("The day has not come yet."))
        return day

    def _parsed(self, text: str) -> date:
        for pattern, (year, month, day) in _DATES:
            if found := pattern.fullmatch(text):
                try:
                    return date(int(found[year]), int(found[month]), int(found[day]))
                except ValueError:
                    break
        raise CellFault("date.form", _("There is no such day. Write it as 22.11.2026 or 2026-11-22."))


class Whole(CellWidget):
    repeats = True
    formulas = personal = False

    def read(self, text: str, **kwargs: Any) -> int:
        del kwargs
        digits = _NUMBER_FILLING.sub("", text)
        if not re.fullmatch(r"-?\d{1,9}", digits):
            raise CellFault("number.whole", _("Write a whole number."))
        if int(digits) < 0:
            raise CellFault("number.negative", _("The number cannot be negative."))
        return int(digits)


class Money(CellWidget):
    repeats = True
    formulas = personal = False

    def read(self, text: str, **kwargs: Any) -> Decimal:
        del kwargs
        digits = _NUMBER_FILLING.sub("", text)
        if digits.count(",") == 1 and "." not in digits:
            digits = digits.replace(",", ".")
        try:
            amount = Decimal(digits) if re.fullmatch(r"[+-]?\d+(\.\d+)?", digits) else None
        except InvalidOperation:
            amount = None
        if amount is None:
            raise CellFault("money.form", _("Write the sum in digits, for example 125,50."))
        if amount < 0:
            raise CellFault("money.negative", _("A price cannot be negative."))
        if amount != amount.quantize(Decimal("0.01")):
            raise CellFault("money.kopecks", _("A sum has at most two digits after the comma."))
        if amount >= Decimal(10) ** 10:
            raise CellFault("money.too_big", _("The sum is too big."))
        return amount.quantize(Decimal("0.01"))


class Degrees(CellWidget):
    """A coordinate that lies in Ukraine; the message knows when latitude and longitude were swapped."""

    formulas = personal = False

    def __init__(self, *, latitude: bool) -> None:
        super().__init__()
        self.here, self.there = (LATITUDES, LONGITUDES) if latitude else (LONGITUDES, LATITUDES)

    def read(self, text: str, **kwargs: Any) -> float:
        del kwargs
        try:
            degrees = float(text.replace(",", ".").replace("°", ""))
        except ValueError:
            degrees = float("nan")
        if degrees != degrees:  # noqa: PLR0124 only "not a number" differs from itself
            raise CellFault("coordinates.form", _("Write the coordinate in degrees, for example 50.4501."))
        if self.here[0] <= degrees <= self.here[1]:
            return degrees
        if self.there[0] <= degrees <= self.there[1]:
            raise CellFault("coordinates.swapped", _("This is outside Ukraine: are latitude and longitude swapped?"))
        raise CellFault("coordinates.outside", _("This place is outside Ukraine."))


class PostalIndex(CellWidget):
    formulas = personal = False

    def read(self, text: str, **kwargs: Any) -> str:
        del kwargs
        if not re.fullmatch(r"\d{4,5}", text):
            raise CellFault("postal_index", _("A postal index has five digits."))
        return text.zfill(5)  # spreadsheets drop the zero of Kyiv


class Names(CellWidget):
    """A list of free names, parted by a bar, a semicolon or a new line."""

    def read(self, text: str, **kwargs: Any) -> tuple[str, ...]:
        del kwargs
        return tuple(part.strip() for part in _LIST.split(text) if part.strip())


class Terms(CellWidget):
    """Words of a vocabulary (`book` names it), by slug, code or name; `many` for a list."""

    repeats = True

    def __init__(self, book: str, *, many: bool = False) -> None:
        super().__init__()
        self.book, self.many = book, many

    def read(self, text: str, **kwargs: Any) -> int | frozenset[int]:
        books: Books = kwargs["books"]
        if not self.many:
            return books.term(self.book, text)
        return frozenset(books.term(self.book, part.strip()) for part in _LIST.split(text) if part.strip())
