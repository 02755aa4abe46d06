"""Documents that confirm criteria: which of them end, for tasks of the cabinet and for the clock."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from django.db.models import QuerySet

from registry.enums import Standing
from registry.models import Evidence
from registry.queries.freshness import Rules


def evidence_ending() -> QuerySet[Evidence]:
    """Return the documents with a last day that nothing has replaced, of providers that are in the register."""
    rows = Evidence.objects.filter(replaced_at__isnull=True, expires_on__isnull=False)
    return rows.filter(entry__standing__in=Standing.active).select_related(
        "criterion", "service__service_type", "entry__organisation"
    )


def evidence_to_renew(organisation_ids: Sequence[int], *, rules: Rules, today: date) -> list[Evidence]:
    """Return the documents of these organisations that have ended or are about to, the most urgent first."""
    rows = evidence_ending().filter(
        entry__organisation__in=organisation_ids, expires_on__lte=today + timedelta(days=rules.longest_notice)
    )
    return [row for row in rows.order_by("expires_on", "pk") if _is_near(row, rules, today)]


def _is_near(row: Evidence, rules: Rules, today: date) -> bool:
    kinds = [row.service.service_type_id] if row.service else list(rules.of_service)
    return row.expires_on is not None and row.expires_on - timedelta(days=rules.evidence_notice(kinds)) <= today
