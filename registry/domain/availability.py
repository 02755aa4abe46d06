"""What a provider says of free places: no decision and no line of history, a word that holds for some days."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.accounts.rules import can_edit_for
from portal.kernel.workflow import StepRefused
from registry.domain.bookkeeping import next_revision, tell_entries_changed
from registry.enums import ServiceStanding, Standing
from registry.models import Availability, RegisterEntry, Service
from registry.queries.freshness import read_rules

if TYPE_CHECKING:
    from portal.accounts.models import User


@transaction.atomic
def report_availability(
    *,
    service_id: int,
    user: User,
    free_places: int | None,
    waiting: int | None,
    assessment_first: bool,
    now: datetime,
) -> Availability:
    """Record how many places are free now, or, with None, that the provider does not know.

    How long the word holds is a row of the reference table. Raises `PermissionDenied` without a right to speak for the
    organisation, and `StepRefused` for what may not be offered, for more places than there are, and where the table
    does not say how long such a word holds.
    """
    service = Service.objects.select_related("entry__organisation").get(pk=service_id)
    if not can_edit_for(user, service.entry.organisation):
        raise PermissionDenied
    entry = RegisterEntry.objects.select_for_update().get(pk=service.entry_id)
    if entry.standing == Standing.EXCLUDED or service.standing != ServiceStanding.INCLUDED:
        raise StepRefused(_("This service may not be offered now, so it has no free places."))
    if free_places is not None and service.capacity is not None and free_places > service.capacity:
        words = _("The card says that there are %(capacity)d places in all. Change that first.")
        raise StepRefused(words % {"capacity": service.capacity})
    row, _made = Availability.objects.update_or_create(
        service=service,
        defaults={
            "free_places": free_places,
            "waiting": waiting,
            "assessment_first": assessment_first,
            "reported_at": now,
            "expires_on": timezone.localdate(now) + timedelta(days=_days_it_holds(service)),
            "reported_by": user,
        },
    )
    entry.revision = next_revision()
    entry.save(update_fields=["revision"])
    tell_entries_changed([entry.pk], entry.revision)
    return row


def _days_it_holds(service: Service) -> int:
    days = [rule.availability_expires for rule in read_rules().rules_for([service.service_type_id])]
    if not days:
        raise StepRefused(_("How long such a word holds is not set in the reference table."))
    return days[0]
