"""The evaluation of quality that counts for a service, criterion by criterion."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from portal.kernel.models.reference import in_language
from procurement.contract_enums import QualityKind
from procurement.interfaces.quality_words import grade_of
from procurement.models import QualityEvaluation
from procurement.queries.contracts.ratings import current_evaluations
from registry.models import Service


@dataclass(frozen=True, slots=True)
class Quality:
    """A published evaluation: `values` are per cent by the indicator's code, absent where it was not rated."""

    pk: int
    kind: str
    grade: str
    total: Decimal | None
    period_to: date
    oldest_on: date | None
    # of all services of the provider, not of this one alone
    is_general: bool
    names: dict[str, str] = field(default_factory=dict)
    values: dict[str, Decimal] = field(default_factory=dict)


def qualities(services: Sequence[Service], organisations: dict[int, int]) -> dict[int, Quality]:
    """Return what is published of the quality of these services, by their keys, in two queries.

    `organisations` has the organisation of each service. One of the very service comes before a general one, an outside
    one before the provider's own, a later before an earlier.
    """
    rows = current_evaluations().filter(organisation__in=set(organisations.values()))
    by_organisation: dict[int, list[QualityEvaluation]] = defaultdict(list)
    for one in rows.select_related("indicators").prefetch_related("ratings").order_by("-period_to", "-pk"):
        by_organisation[one.organisation_id].append(one)
    found = {}
    for service in services:
        fitting = _fitting(by_organisation[organisations[service.pk]], service.service_type_id)
        if fitting:
            found[service.pk] = _told(min(fitting, key=_rank))
    return found


def _fitting(rows: Iterable[QualityEvaluation], kind: int) -> list[QualityEvaluation]:
    return [one for one in rows if one.service_type_id in {None, kind}]


def _rank(one: QualityEvaluation) -> tuple[bool, bool, int]:
    return one.service_type_id is None, one.kind != QualityKind.EXTERNAL, -one.period_to.toordinal()


def _told(one: QualityEvaluation) -> Quality:
    names = {
        row["code"]: in_language(row["name_uk"], row["name_en"]) for row in one.indicators.definition["indicators"]
    }
    values = {row.code: row.value for row in one.ratings.all() if row.value is not None}
    kind = str(QualityKind(one.kind).label)
    general = one.service_type_id is None
    return Quality(one.pk, kind, grade_of(one), one.total, one.period_to, one.oldest_on, general, names, values)
