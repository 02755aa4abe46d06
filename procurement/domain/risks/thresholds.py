"""The thresholds of each formula: what they are called and what kind of value each has; others are refused."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from django.utils.translation import gettext as _

from procurement.enums import Channel

COUNT, PART, CHANNELS = "count", "part", "channels"
SHAPES: Final[dict[str, dict[str, str]]] = {
    "single-applicant": {"most": COUNT},
    "repeated-winner": {"contracts": COUNT, "years": COUNT, "channels": CHANNELS},
    "price-above-tariff": {"share": PART, "median_share": PART, "fewest": COUNT},
    "value-raised": {"share": PART},
    "late-reports": {"reports": COUNT},
    "clustered-scores": {"members": COUNT, "cells": COUNT, "spread": PART, "share": PART},
    "capacity-below": {"share": PART},
}


def threshold_faults(slug: str, parameters: Any) -> Iterator[str]:
    """Yield, in words, everything with which the formula of this indicator could not be computed."""
    shape = SHAPES.get(slug)
    if shape is None:
        yield _("There is no formula called so: %(slug)s.") % {"slug": slug}
        return
    if not isinstance(parameters, Mapping) or set(parameters) != set(shape):
        yield _("The thresholds are these and no others: %(names)s.") % {"names": ", ".join(shape)}
        return
    for name, kind in shape.items():
        if not _fits(parameters[name], kind):
            yield _WORDS[kind]() % {"name": name}


def _fits(value: Any, kind: str) -> bool:
    if kind == COUNT:
        return isinstance(value, int) and not isinstance(value, bool) and value >= 1
    if kind == CHANNELS:
        return isinstance(value, list) and all(isinstance(one, str) and one in Channel.values for one in value)
    try:
        return isinstance(value, str) and Decimal(value).is_finite() and Decimal(value) >= 0
    except InvalidOperation:
        return False


_WORDS: Final = {
    COUNT: lambda: _("%(name)s: a whole number from 1 on."),
    CHANNELS: lambda: _("%(name)s: a list of ways of ordering."),
    PART: lambda: _("%(name)s: a part as a text, as “0.10”."),
}
