"""Who registers a webhook and what may be done with it: whoever speaks for an organisation, or orders for a hromada."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from portal.accounts.rules import mandates_of
from portal.kernel.calendar import day_of
from portal.kernel.workflow import StepRefused
from portal.site.models import FeedHead, Webhook, WebhookState
from portal.site.opendata.feed import catch_up
from portal.site.webhooks import signing
from procurement.rules import hromadas_of

if TYPE_CHECKING:
    from portal.accounts.models import User


@dataclass(frozen=True, slots=True)
class Owner:
    """For whom a webhook is registered; `value` is what a form sends."""

    value: str
    label: str
    fields: dict[str, Any]


def owners_of(user: User, now: datetime) -> list[Owner]:
    """Return the organisations and hromadas for which this person may register."""
    mandates = mandates_of(user, day_of(now)).select_related("organisation")
    organisations = {one.organisation_id: one.organisation for one in mandates}
    hromadas = hromadas_of(user).order_by("name")
    return [
        *(Owner(f"o{key}", str(one), {"organisation": one}) for key, one in organisations.items()),
        *(Owner(f"h{one.pk}", one.label, {"hromada": one}) for one in hromadas),
    ]


def webhooks_of(user: User, now: datetime) -> QuerySet[Webhook]:
    """Return those of the person's organisations and hromadas, whoever of them registered it."""
    organisations = mandates_of(user, day_of(now)).values("organisation")
    own = Q(organisation__in=organisations) | Q(hromada__in=hromadas_of(user).values("pk"))
    return Webhook.objects.filter(own).select_related("organisation", "hromada").order_by("pk")


@transaction.atomic
def register(*, user: User, owner: str, url: str, kinds: Sequence[str], now: datetime) -> tuple[Webhook, str]:
    """Register an address and return it with its secret, which is told this once.

    It is told what changes from now on. Raises `PermissionDenied`, and `StepRefused` for too many of one owner.
    """
    found = next((one for one in owners_of(user, now) if one.value == owner), None)
    if found is None:
        raise PermissionDenied
    if Webhook.objects.filter(**found.fields).count() >= settings.WEBHOOKS_OF_ONE_OWNER:
        raise StepRefused(_("There are as many webhooks as one owner may have. Remove one first."))
    secret = signing.new_secret()
    hook = Webhook.objects.create(
        url=url,
        kinds=list(kinds),
        created_by=user,
        created_at=now,
        secret=signing.locked(secret),
        position=_position(now),
        **found.fields,
    )
    return hook, secret


def switch_on(hook: Webhook) -> None:
    """Let a webhook work again from where it stopped."""
    Webhook.objects.filter(pk=hook.pk).update(state=WebhookState.ACTIVE, failures=0, failing_since=None)


def _position(now: datetime) -> int:
    catch_up(now)
    return FeedHead.objects.get(pk=1).position
