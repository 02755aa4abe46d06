"""Moments and sums of competitions in words, the same on every surface."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portal.kernel.calendar import KYIV, day_of
from portal.kernel.norms import DAY_FORMAT, MOMENT_FORMAT

_HOUR: Final = timedelta(hours=1)
_DAY: Final = timedelta(days=1)
# below so much hours are told beside days
_FEW_DAYS: Final = 3


def in_words(value: date | datetime | None) -> str:
    """Write a day as «18 лютого 2027» and a moment with its time in Kyiv; nothing for nothing."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        return date_format(value.astimezone(KYIV), MOMENT_FORMAT)
    return date_format(value, DAY_FORMAT)


def until_words(moment: datetime, now: datetime) -> str:
    """Write until when something lasts: the year only where it is another one."""
    local = moment.astimezone(KYIV)
    is_this_year = local.year == day_of(now).year
    said = date_format(local, "j E, H:i" if is_this_year else MOMENT_FORMAT)
    return _("until %(moment)s") % {"moment": said}


def left_words(moment: datetime, now: datetime) -> str:
    """Say how long there is to a moment: days, near the end with hours, then minutes; nothing when it has passed."""
    left = moment.astimezone(UTC) - now.astimezone(UTC)
    if left <= timedelta(0):
        return ""
    days, hours, minutes = left // _DAY, left % _DAY // _HOUR, left % _HOUR // timedelta(minutes=1)
    if days >= _FEW_DAYS:
        return ngettext("%(count)d day", "%(count)d days", days) % {"count": days}
    parts = []
    if days:
        parts.append(ngettext("%(count)d day", "%(count)d days", days) % {"count": days})
    if hours:
        parts.append(_("%(count)d h") % {"count": hours})
    if not days:
        parts.append(_("%(count)d min") % {"count": max(minutes, 0 if hours else 1)})
    return " ".join(parts)


def read_money(value: Any) -> Decimal | None:
    """Read a sum as a published announcement keeps it, a text or a number."""
    if value in (None, ""):
        return None
    try:
        return Decimal(str(value))
    except InvalidOperation:
        return None


def read_day(value: Any) -> date | None:
    try:
        return date.fromisoformat(str(value)[:10]) if value else None
    except ValueError:
        return None


def read_point(value: Any) -> date | datetime | None:
    """Read a point of a timetable as an announcement keeps it: a moment where it has a time, else a day."""
    text = str(value or "")
    try:
        return datetime.fromisoformat(text) if "T" in text or " " in text else read_day(text)
    except ValueError:
        return None
