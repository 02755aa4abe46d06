"""What no cell may hold, whatever its column: formulas, control characters, broken letters, megabytes, РНОКПП."""

from __future__ import annotations

import re
from typing import Final

from django.utils.translation import gettext as _
from stdnum.ua import rntrc

from registry.interfaces.importing.report import CellFault

# the longest cell that a spreadsheet program itself can hold
LONGEST_CELL: Final = 32_767
EMPTY: Final = frozenset({"", "-", "–", "—", "−"})
# one look decides whether a cell deserves the careful ones
_SUSPECT: Final = re.compile(r"^[=+@'\t\r]|[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffd]|\d{10}")
_BROKEN: Final = re.compile(r"[\ud800-\udfff\ufffd]")
_CONTROL: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_TEN_DIGITS: Final = re.compile(r"(?<![\w+])\d{10}(?!\w)")
# mobile and city numbers as they are dialled; as a РНОКПП they would be of people born before 1928
_DIALLED: Final = re.compile(r"0[3-9]")
_GUARDED: Final = re.compile(r"'+[=+\-@]")


def cleaned(text: str, *, formulas: bool = True, personal: bool = True) -> str:
    """Return the text without edges and without the apostrophe that guards spreadsheets, or raise `CellFault`.

    `formulas=False` lets a leading plus or at-sign stand (phones, numbers); `personal=False` is for the columns of
    codes and addresses on the web, where ten digits are no РНОКПП.
    """
    if len(text) > LONGEST_CELL:
        raise CellFault(
            "cell.too_big",
            _("The cell has %(size)s characters, more than the %(limit)s that a spreadsheet cell can hold.")
            % {"size": len(text), "limit": LONGEST_CELL},
        )
    text = text.strip()
    if _SUSPECT.search(text):
        refuse_broken(text)
        if _GUARDED.match(text):
            text = text[1:]
        elif text[0] == "=" or (formulas and text[0] in "+@"):
            raise CellFault("cell.formula", _("There is a formula in the cell. Enter the value itself."))
        if personal and holds_personal_number(text):
            raise CellFault(
                "cell.personal",
                _("This looks like a taxpayer number of a person. The text is public, such numbers must not be in it."),
            )
    return text


def refuse_broken(text: str) -> None:
    """Raise for letters that were lost on the way and for characters that are no text."""
    if _BROKEN.search(text):
        raise CellFault("cell.encoding", _("The letters are broken: save the file in the UTF-8 encoding."))
    if _CONTROL.search(text):
        raise CellFault("cell.control", _("There are invisible control characters in the cell."))


def holds_personal_number(text: str) -> bool:
    """Say whether ten digits in the text are a valid РНОКПП and not a phone number."""
    return any(rntrc.is_valid(digits) and not _DIALLED.match(digits) for digits in _TEN_DIGITS.findall(text))
