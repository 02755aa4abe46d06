"""What a provider has to do, from every corner of the register: each source is a function that names its tasks.

A source takes the organisations and the day and asks a bounded number of queries, however many organisations.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from django.urls import reverse
from django.utils.translation import gettext as _

from registry.models import CorrectionRequest


@dataclass(frozen=True, slots=True)
class CabinetTask:
    """One thing to do; without a day it is to be done when it suits."""

    organisation_id: int
    text: str
    url: str
    due_on: date | None = None


Source = Callable[[Sequence[int], date], list[CabinetTask]]


def corrections_to_answer(organisation_ids: Sequence[int], today: date) -> list[CabinetTask]:
    """Name the applications that a registrar asked to correct."""
    del today
    rows = CorrectionRequest.objects.open().filter(application__organisation__in=organisation_ids)
    return [
        CabinetTask(
            row.application.organisation_id,
            _("Correct the application № %(number)s") % {"number": row.application.number},
            reverse("cabinet:correction", args=[row.application_id]),
            row.due_on,
        )
        for row in rows.select_related("application")
    ]


SOURCES: list[Source] = [corrections_to_answer]


def tasks_for(organisation_ids: Sequence[int], today: date) -> list[CabinetTask]:
    """Return everything these organisations have to do, the most urgent first."""
    if not organisation_ids:
        return []
    found = [task for source in SOURCES for task in source(organisation_ids, today)]
    return sorted(found, key=lambda task: task.due_on or date.max)
