"""Numbers and days of a proposal as people read them."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from django.utils.formats import date_format, number_format


def amount_words(amount: Decimal, *, is_money: bool) -> str:
    """Write a number with spaces between thousands; a sum with its kopiikas, a count with no idle zeros."""
    told = amount if is_money else amount.normalize()
    places = 2 if is_money else max(-int(told.as_tuple().exponent), 0)
    return str(number_format(told, decimal_pos=places, use_l10n=True, force_grouping=True))


def day_words(day: date) -> str:
    return str(date_format(day, "d.m.Y"))
