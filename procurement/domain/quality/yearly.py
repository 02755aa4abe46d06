"""The yearly internal evaluation: by when, by the rule `quality-internal` alone; who has not published one yet."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from django.conf import settings
from django.db import transaction
from django.utils import translation

from portal.accounts.models import Organisation
from portal.kernel.calendar import UnknownDay, day_of
from portal.kernel.models import DeadlineRule, OutboxMessage, RuleProfile
from portal.kernel.models.calendar import load_calendar
from portal.kernel.norms import Due, due
from procurement import quality_letters
from procurement.queries.contracts.ratings import without_internal
from procurement.queries.readers import people_of_all

RULE: Final = "quality-internal"
OVERDUE: Final = "overdue"
KEY: Final = "procurement:quality-yearly:"
# what is overdue for longer stands on the desk and is written of no more
WRITTEN_OF: Final = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class Yearly:
    """The internal evaluation of a year that a provider has not published; `due.on` is none where no rule says so."""

    organisation: Organisation
    year: int
    due: Due


def internal_due(year: int) -> Due:
    """Return by when the internal evaluation of a year is published, and why; without a rule there is no day."""
    last = date(year, 12, 31)
    try:
        rule = RuleProfile.objects.in_force("quality", last).rule(RULE, last)
        return due(rule, last, load_calendar())
    except (RuleProfile.DoesNotExist, DeadlineRule.DoesNotExist, UnknownDay):
        return Due()


def waiting_of(organisations: list[Organisation], today: date) -> list[Yearly]:
    """Return the internal evaluations of the year before that these providers have still to publish."""
    year = today.year - 1
    late = set(without_internal(year).filter(pk__in=[one.pk for one in organisations]).values_list("pk", flat=True))
    if not late:
        return []
    until = internal_due(year)
    return [Yearly(one, year, until) for one in organisations if one.pk in late]


def remind_of_yearly(*, now: datetime) -> int:
    """Write the letters of the steps that have come, once for each person; return how many. Safe to run twice."""
    today, written = day_of(now), 0
    with translation.override(settings.LANGUAGE_CODE):
        steps = list(_steps(today))
    for year, until, step in steps:
        providers = list(without_internal(year))
        people = people_of_all([one.pk for one in providers], today)
        keys = {
            f"{KEY}{one.pk}:{year}:{step}:{reader.pk}": (one, reader)
            for one in providers
            for reader in people.get(one.pk, [])
        }
        told = set(OutboxMessage.objects.filter(key__in=keys).values_list("key", flat=True))
        with transaction.atomic():
            for key, (organisation, reader) in keys.items():
                if key not in told:
                    quality_letters.yearly(key, organisation, year, until, reader, today)
                    written += 1
    return written


def _steps(today: date) -> Iterator[tuple[int, Due, str]]:
    """Yield the years whose day is near or has just passed, with the step that the day is in."""
    for year in (today.year - 2, today.year - 1):
        until = internal_due(year)
        if until.on is None:
            continue
        left = (until.on - today).days
        near = [days for days in settings.ORDER_REMINDER_DAYS if days >= left >= 0]
        if near:
            yield year, until, str(min(near))
        elif -WRITTEN_OF.days <= left < 0:
            yield year, until, OVERDUE
