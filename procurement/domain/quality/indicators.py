"""What a set of indicators is as data, and what refuses one that would not work."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Final

from procurement.domain.quality.arithmetic import ROUNDING

CODE: Final = re.compile(r"[a-z][a-z0-9-]{0,39}")
NUMBER: Final = re.compile(r"[0-9]{1,3}(\.[0-9]{1,2})?")
_ALL: Final = {"indicators", "bands", "rounding", "missing"}
_INDICATOR: Final = {"code", "name_uk", "name_en", "weight", "measure_uk", "measure_en", "note_uk", "note_en"}
_BAND: Final = {"code", "from", "name_uk", "name_en"}


def require_indicators(definition: Any) -> None:
    """Raise `ValueError`, naming the place, for a definition that is not as `procurement/reference/README.md` says."""
    whole = require_keys(definition, _ALL, "the definition")
    codes = [_indicator(row) for row in require_list(whole["indicators"], "indicators")]
    require_distinct(codes, "indicators")
    _bands(require_list(whole["bands"], "bands"))
    rounding = require_keys(whole["rounding"], {"rule", "digits", "grade_digits"}, "rounding")
    if rounding["rule"] not in ROUNDING:
        raise ValueError(f"rounding: the rule is one of {', '.join(ROUNDING)}")
    for name in ("digits", "grade_digits"):
        if type(rounding[name]) is not int or not 0 <= rounding[name] <= 2:  # noqa: PLR2004 a total is kept with two
            raise ValueError(f"rounding: {name} is 0, 1 or 2")
    missing = require_keys(whole["missing"], {"rule", "needed_weight"}, "missing")
    if missing["rule"] != "leave_out":
        raise ValueError("missing: the only rule is leave_out: what has no value is left out, never taken for zero")
    if not 0 <= require_number(missing["needed_weight"], "missing: needed_weight") <= 1:
        raise ValueError("missing: needed_weight is a part of the whole weight, from 0 to 1")


def require_keys(row: Any, keys: set[str], where: str) -> Mapping[str, Any]:
    """Return an object that has these keys and no others; raises `ValueError`."""
    if not isinstance(row, dict) or set(row) != keys:
        raise ValueError(f"{where}: an object with {', '.join(sorted(keys))} and nothing else")
    return row


def require_list(rows: Any, where: str) -> list[Any]:
    """Return a list that is not empty; raises `ValueError`."""
    if not isinstance(rows, list) or not rows:
        raise ValueError(f"{where}: a list that is not empty")
    return rows


def require_distinct(codes: list[str], where: str) -> None:
    """Raise `ValueError` for a code that is no word of small Latin letters, or stands there twice."""
    for code in codes:
        if not isinstance(code, str) or not CODE.fullmatch(code) or codes.count(code) > 1:
            raise ValueError(f"{where}: the code {code!r} is no word of its own")


def require_number(text: Any, where: str) -> Decimal:
    """Return the number that a text writes with a point; raises `ValueError`."""
    if not isinstance(text, str) or not NUMBER.fullmatch(text):
        raise ValueError(f"{where}: a number as text, such as “12.50”")
    return Decimal(text)


def _indicator(row: Any) -> str:
    told = require_keys(row, _INDICATOR, "an indicator")
    code = str(told["code"])
    if not told["name_uk"]:
        raise ValueError(f"indicator {code}: no name")
    if require_number(told["weight"], f"indicator {code}: weight") <= 0:
        raise ValueError(f"indicator {code}: the weight is more than 0")
    return code


def _bands(rows: list[Any]) -> None:
    told = [require_keys(row, _BAND, "a band") for row in rows]
    require_distinct([row["code"] for row in told], "bands")
    starts = [require_number(row["from"], f"band {row['code']}: from") for row in told]
    if starts != sorted(set(starts), reverse=True) or starts[-1] != 0:
        raise ValueError("bands: from the highest to the lowest, and the last one from 0")
