"""A thing that waits in contracts, as desks show it: until when, what, of which contract, where it is done."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from procurement.interfaces.moments import in_words
from procurement.models import Contract

# what is due within this is marked; a mark, no term of any law
SOON: Final = timedelta(days=14)
# of each kind so many are shown, the most pressing first; the pages of each kind have them all
LISTED: Final = 100


@dataclass(frozen=True, slots=True)
class Item:
    """`state` is late, soon or nothing; `detail` says how far off it is, or what stands beside it."""

    contract: Contract
    text: str
    url: str
    on: date | None = None
    when: str = ""
    detail: str = ""
    state: str = ""

    @property
    def is_late(self) -> bool:
        return self.state == "late"


def item(contract: Contract, text: str, url: str, on: date | None, today: date, *, detail: str = "") -> Item:
    """Return the thing with its day in words; without a day it says that no term is set."""
    when = in_words(on) if on else _("no term is set")
    told = " · ".join(one for one in (detail, _days(on, today)) if one)
    return Item(contract, text, url, on, when, told, _state(on, today))


def undated(contract: Contract, text: str, url: str, *, detail: str = "") -> Item:
    """Return a thing that waits whenever it is done: nothing is said of a day."""
    return Item(contract, text, url, detail=detail)


def by_day(items: Iterable[Item]) -> list[Item]:
    """Return them in order, the earliest day first, then what has none."""
    return sorted(items, key=lambda one: (one.on is None, one.on or date.max, one.contract.pk, one.text))


def _state(on: date | None, today: date) -> str:
    if on is None:
        return ""
    return "late" if on < today else "soon" if on - today <= SOON else ""


def _days(on: date | None, today: date) -> str:
    if on is None:
        return ""
    left = (on - today).days
    if left < 0:
        return ngettext("%(days)d day overdue", "%(days)d days overdue", -left) % {"days": -left}
    if left == 0:
        return _("today is the last day")
    return ngettext("%(days)d day left", "%(days)d days left", left) % {"days": left}
