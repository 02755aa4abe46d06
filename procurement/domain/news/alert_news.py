"""The news of a step brought to everybody who asked for it: in batches, a letter for each address, once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from hashlib import sha256
from typing import Any, Final

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import translation

from portal.accounts.letters import Letter
from portal.kernel import outbox
from portal.kernel.models import OutboxMessage
from procurement import alert_letters
from procurement.domain.news.alerts import digest_of, stop_token
from procurement.enums import AlertState
from procurement.models import Alert, Competition, CompetitionVersion
from procurement.notifications import NEWS

# a batch is written in a fraction of a second: meanwhile, on SQLite, nobody else writes
BATCH: Final = 50
# news of these steps is for those alone who follow this very competition
_FOR_FOLLOWERS: Final = frozenset({"open", "award", "leave", "reopen"})


@outbox.handles(NEWS)
def bring_news(message: OutboxMessage) -> None:
    """Write a batch of letters and, in the same transaction, the message of the next batch."""
    content = message.payload
    version = _version_of(content)
    with transaction.atomic():
        alerts = list(_readers_of(content, version)[:BATCH])
        _write(alerts, content, version, first_key(message.key))
        if len(alerts) == BATCH:
            last = alerts[-1].pk
            outbox.enqueue(NEWS, f"{first_key(message.key)}:after:{last}", {**content, "after": last})


def first_key(key: str) -> str:
    """Return the key of the first batch, which all letters of one piece of news share."""
    return key.partition(":after:")[0]


def alerts_about(competition: Competition, content: Mapping[str, Any]) -> QuerySet[Alert]:
    """Return the active alerts that an announcement with this content answers."""
    place = competition.hromada
    units = [unit for unit in (place.pk, place.raion_id, place.oblast_id) if unit]
    return Alert.objects.filter(
        Q(competition__isnull=True) | Q(competition=competition),
        Q(hromada__isnull=True) | Q(hromada__in=units),
        _of_lots(content.get("lots", ())),
        state=AlertState.ACTIVE,
    )


def _of_lots(lots: Iterable[Mapping[str, Any]]) -> Q:
    """Say that one and the same lot has both the service and the group that were asked for."""
    fits = Q(service_type__isnull=True, group__isnull=True)
    for lot in lots:
        fits |= (Q(service_type__isnull=True) | Q(service_type__slug=lot.get("service_slug") or "")) & (
            Q(group__isnull=True) | Q(group__slug=lot.get("group_slug") or "")
        )
    return fits


def _version_of(content: Mapping[str, Any]) -> CompetitionVersion:
    versions = CompetitionVersion.objects.select_related(
        "ground", "competition__hromada__oblast", "competition__commissioner__organisation", "competition__end_ground"
    )
    return versions.get(competition=content["competition"], number=content["version"])


def _readers_of(content: Mapping[str, Any], version: CompetitionVersion) -> QuerySet[Alert]:
    """Return whoever had confirmed before the step was made, from where the batch before ended."""
    alerts = alerts_about(version.competition, version.content).filter(
        confirmed_at__lte=datetime.fromisoformat(content["at"]), pk__gt=content.get("after", 0)
    )
    if content["step"] in _FOR_FOLLOWERS:
        alerts = alerts.filter(competition=version.competition)
    return alerts.select_related("hromada", "service_type", "group", "competition").order_by("pk")


def _write(alerts: Iterable[Alert], content: Mapping[str, Any], version: CompetitionVersion, key: str) -> None:
    told: dict[str, Letter] = {}
    for alert in alerts:
        token = stop_token(alert.confirm_digest)
        if digest_of(token) != alert.stop_digest:
            # the portal has a new secret: from now on the letters stop by a new link
            Alert.objects.filter(pk=alert.pk).update(stop_digest=digest_of(token))
        with translation.override(alert.language):
            if alert.language not in told:
                told[alert.language] = alert_letters.news(version, content["step"])
            reader = sha256(alert.email.encode()).hexdigest()[:32]
            alert_letters.send_news(f"{key}:{reader}", alert, told[alert.language], token)
