"""Refusals for lack of a provider: each makes an unmet need of its hromada, and nothing in it leads to a person.

The log is public, so it says that a refusal was entered, and neither where nor of what service: one line a refusal
would tell apart the groups that the pages hide.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from portal.kernel import audit
from portal.kernel.calendar import day_of
from portal.kernel.workflow import StepRefused
from procurement.domain.acting import commissioner_role
from procurement.models import LackRefusal
from registry.models import ServiceType, Territory, VulnerableGroup

if TYPE_CHECKING:
    from portal.accounts.models import User


@transaction.atomic
def enter_refusal(
    *,
    hromada_id: int,
    user: User,
    service_type: ServiceType,
    refused_on: date,
    now: datetime,
    group: VulnerableGroup | None = None,
    told_on: date | None = None,
) -> LackRefusal:
    """Enter one refusal; the day on which the authorities were told may come with it or later."""
    hromada = Territory.objects.get(pk=hromada_id)
    role = commissioner_role(user, hromada)
    _refuse_impossible(refused_on, told_on, now)
    refusal = LackRefusal.objects.create(
        hromada=hromada,
        service_type=service_type,
        group=group,
        refused_on=refused_on,
        told_on=told_on,
        entered_by=user,
        entered_at=now,
    )
    _log("enter", refusal, role, now)
    return refusal


@transaction.atomic
def tell_of_refusal(*, refusal_id: int, user: User, told_on: date, now: datetime) -> LackRefusal:
    """Write down on what day the authorities were told that nobody gives the service."""
    refusal, role = _lock(refusal_id, user)
    _refuse_impossible(refusal.refused_on, told_on, now)
    refusal.told_on = told_on
    refusal.save(update_fields=["told_on"])
    _log("told", refusal, role, now)
    return refusal


@transaction.atomic
def remove_refusal(*, refusal_id: int, user: User, now: datetime) -> None:
    """Take away one that was entered by mistake."""
    refusal, role = _lock(refusal_id, user)
    _log("remove", refusal, role, now)
    refusal.delete()


def _lock(refusal_id: int, user: User) -> tuple[LackRefusal, str]:
    refusal = LackRefusal.objects.select_for_update(of=("self",)).select_related("hromada").get(pk=refusal_id)
    return refusal, commissioner_role(user, refusal.hromada)


def _refuse_impossible(refused_on: date, told_on: date | None, now: datetime) -> None:
    if max(refused_on, told_on or refused_on) > day_of(now):
        raise StepRefused(_("This day has not come yet."))
    if told_on is not None and told_on < refused_on:
        raise StepRefused(_("The authorities cannot have been told before the refusal."))


def _log(act: str, refusal: LackRefusal, role: str, now: datetime) -> None:
    audit.append(
        tag=f"procurement:refusal:{act}",
        subject=f"procurement.refusal:{refusal.pk}",
        payload={},
        actor_role=role,
        at=now,
    )
