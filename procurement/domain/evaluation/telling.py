"""What a person tells of ties holds in every commission the person is in: told once, taken back once."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from portal.kernel.workflow import StepRefused
from procurement.domain.evaluation.interests import take_back_interest, tell_interest
from procurement.models import CommissionMember, MemberInterest

if TYPE_CHECKING:
    from portal.accounts.models import User


@transaction.atomic
def tell_everywhere(*, user: User, values: Mapping[str, Any], now: datetime) -> None:
    """Write the tie down for each membership of the person; raises `StepRefused` for who is in no commission."""
    members = list(CommissionMember.objects.active().of(user).order_by("pk"))
    if not members:
        raise StepRefused(_("You are in no commission now."))
    for member in members:
        tell_interest(member_id=member.pk, user=user, values=values, now=now)


@transaction.atomic
def take_back_everywhere(*, interest_id: int, user: User, now: datetime) -> None:
    """Take back the tie and the same one of the person's other memberships; raises `PermissionDenied`."""
    told = MemberInterest.objects.select_related("member").get(pk=interest_id)
    if told.member.user_id != user.pk:
        raise PermissionDenied
    same = MemberInterest.objects.filter(
        member__in=CommissionMember.objects.active().of(user),
        kind=told.kind,
        name=told.name,
        code=told.code,
        ended_at__isnull=True,
    )
    for pk in same.values_list("pk", flat=True):
        take_back_interest(interest_id=pk, user=user, now=now)
