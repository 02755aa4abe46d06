"""The list of published evaluations: the filter of its address, its lines, the table that programs read."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlencode

from django.db.models import Q, QuerySet
from django.http import QueryDict
from django.urls import reverse

from portal.accounts.enums import PersonType
from portal.accounts.letters import absolute
from portal.kernel.calendar import day_of
from portal.kernel.pieces import pieces
from procurement.contract_enums import QualityKind
from procurement.domain.quality.names import provider_name
from procurement.interfaces.quality_words import colour_of, grade_of
from procurement.models import QualityEvaluation
from procurement.queries.contracts.ratings import current_evaluations, for_list, published_evaluations
from registry.interfaces.exporting.columns import guarded
from registry.interfaces.exporting.csv_text import BYTE_ORDER_MARK, csv_text
from registry.models import ServiceType, Territory
from registry.views.paging import page_number

COLUMNS: Final = (
    "provider",
    "provider_code",
    "kind",
    "service",
    "hromada_code",
    "hromada",
    "contract",
    "period_from",
    "period_to",
    "total_percent",
    "grade",
    "indicators_rated",
    "indicators",
    "weight_rated",
    "weight",
    "oldest_evidence_on",
    "published_on",
    "is_superseded",
    "has_reply",
    "digest",
    "url",
)
CHUNK: Final = 500
LONGEST_TEXT: Final = 100
_YEAR: Final = re.compile(r"20[0-9]{2}\Z")
_CODE: Final = re.compile(r"[a-z][a-z0-9-]{0,59}\Z")


@dataclass(frozen=True, slots=True)
class QualityFilter:
    """What the list shows, already checked; superseded ones stand in it only when asked for."""

    text: str = ""
    kind: str = ""
    service: ServiceType | None = None
    hromada: Territory | None = None
    grade: str = ""
    year: int | None = None
    superseded: bool = False
    page: int = 1

    @property
    def known(self) -> dict[str, object]:
        return {
            "q": self.text,
            "kind": self.kind,
            "service": self.service.slug if self.service else "",
            "hromada": self.hromada.code if self.hromada else "",
            "grade": self.grade,
            "year": self.year,
            "superseded": "1" if self.superseded else "",
        }

    @property
    def narrows(self) -> bool:
        return any(self.known.values())

    def query(self, **other: object) -> str:
        """Return the address of the same list with something else in it; what is empty is left out."""
        return urlencode({name: value for name, value in {**self.known, **other}.items() if value})

    def rows(self) -> QuerySet[QualityEvaluation]:
        rows = published_evaluations() if self.superseded else current_evaluations()
        if self.text:
            named = Q(organisation__name__icontains=self.text) & ~Q(organisation__person_type=PersonType.NATURAL_PERSON)
            rows = rows.filter(named | Q(organisation__code=self.text))
        if self.year:
            rows = rows.filter(period_to__year=self.year)
        exact = {"kind": self.kind, "service_type": self.service, "hromada": self.hromada, "grade": self.grade}
        return rows.filter(**{name: value for name, value in exact.items() if value})


@dataclass(frozen=True, slots=True)
class QualityLine:
    """A published evaluation as a list says it."""

    evaluation: QualityEvaluation

    @property
    def provider(self) -> str:
        return provider_name(self.evaluation.organisation)

    @property
    def grade(self) -> str:
        return grade_of(self.evaluation)

    @property
    def colour(self) -> str:
        return colour_of(self.evaluation)

    @property
    def is_superseded(self) -> bool:
        return getattr(self.evaluation, "superseded_by", None) is not None

    @property
    def has_reply(self) -> bool:
        return bool(self.evaluation.has_reply)  # type: ignore[attr-defined]

    @property
    def url(self) -> str:
        return reverse("procurement:quality_evaluation", args=[self.evaluation.pk])


def read_quality_filter(params: QueryDict, hromadas: list[Territory], services: list[ServiceType]) -> QualityFilter:
    """Read the parameters; what nobody can mean is left aside, never an error page."""
    names = ("q", "kind", "service", "hromada", "grade", "year")
    asked = {name: params.get(name, "").replace("\x00", "").strip() for name in names}
    return QualityFilter(
        text=" ".join(asked["q"].split())[:LONGEST_TEXT],
        kind=asked["kind"] if asked["kind"] in QualityKind.values else "",
        service=next((one for one in services if one.slug == asked["service"]), None),
        hromada=next((one for one in hromadas if one.code == asked["hromada"]), None),
        grade=asked["grade"] if _CODE.match(asked["grade"]) else "",
        year=int(asked["year"]) if _YEAR.match(asked["year"]) else None,
        superseded=params.get("superseded") == "1",
        page=page_number(params.get("page", "")),
    )


def quality_table(rows: QuerySet[QualityEvaluation]) -> Iterator[str]:
    """Write the evaluations as CSV, piece by piece; no text of it is a formula to a spreadsheet."""
    yield BYTE_ORDER_MARK + csv_text([COLUMNS])
    ordered = list(for_list(rows).values_list("pk", flat=True))
    for keys in pieces(ordered, CHUNK):
        found = for_list(QualityEvaluation.objects.filter(pk__in=keys))
        yield csv_text([_cells(QualityLine(one)) for one in found])


def _cells(line: QualityLine) -> list[str]:
    one = line.evaluation
    total, place = one.content["total"], one.hromada
    cells = [
        line.provider,
        one.organisation.code or "",
        one.kind,
        one.service_type.slug if one.service_type else "",
        place.code if place else "",
        place.label if place else "",
        (one.contract.number or "") if one.contract else "",
        one.period_from.isoformat(),
        one.period_to.isoformat(),
        total["value"],
        one.grade,
        str(total["rated"]),
        str(total["indicators"]),
        total["weight_rated"],
        total["weight"],
        total["oldest_on"],
        day_of(one.published_at).isoformat() if one.published_at else "",
        "yes" if line.is_superseded else "no",
        "yes" if line.has_reply else "no",
        one.digest,
        absolute(line.url),
    ]
    return [guarded(cell) for cell in cells]
