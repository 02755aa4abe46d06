"""Lines of the register of projects, the filter of its address, and the table that programs read."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.http import QueryDict
from django.urls import reverse

from portal.accounts.letters import absolute
from portal.kernel.pieces import pieces
from procurement.domain.forms.definition import REGISTERED, registered_paths
from procurement.enums import AwardState
from procurement.models import Award
from procurement.queries.applicants import printed_name
from procurement.queries.projects import clarified_of, definitions_of, for_list
from registry.interfaces.exporting.columns import guarded
from registry.interfaces.exporting.csv_text import BYTE_ORDER_MARK, csv_text
from registry.models import Territory
from registry.views.paging import page_number

COLUMNS: Final = (
    "hromada_code",
    "hromada",
    "oblast",
    "commissioner",
    "competition",
    "lot",
    "applicant",
    "applicant_code",
    *(f"project_{name}" for name in REGISTERED),
    "amount_uah",
    "state",
    "decision_number",
    "decided_on",
    "url",
)
CHUNK: Final = 500
_YEAR: Final = re.compile(r"20[0-9]{2}\Z")


@dataclass(frozen=True, slots=True)
class ProjectFilter:
    """What the list shows, already checked."""

    hromada: Territory | None = None
    year: int | None = None
    state: str = ""
    page: int = 1

    @property
    def narrows(self) -> bool:
        return bool(self.hromada or self.year or self.state)

    def query(self, **other: object) -> str:
        """Return the address of the same list with something else in it; what is empty is left out."""
        known = {"hromada": self.hromada.code if self.hromada else "", "year": self.year, "state": self.state}
        return urlencode({name: value for name, value in {**known, **other}.items() if value})

    def rows(self, rows: QuerySet[Award]) -> QuerySet[Award]:
        if self.hromada:
            rows = rows.filter(decision__competition__hromada=self.hromada)
        if self.year:
            rows = rows.filter(decision__act_on__year=self.year)
        return rows.filter(state=self.state) if self.state else rows


@dataclass(frozen=True, slots=True)
class ProjectLine:
    """A funded project: `told` are the answers of the form that the register repeats."""

    award: Award
    told: Mapping[str, Any]

    @property
    def title(self) -> str:
        return str(self.told.get("name") or self.award.lot.title)

    @property
    def applicant(self) -> str:
        return printed_name(self.award.proposal.organisation, self.award.proposal.number)

    @property
    def starts(self) -> date | None:
        return _day(self.told.get("from"))

    @property
    def ends(self) -> date | None:
        return _day(self.told.get("to"))

    @property
    def goal(self) -> str:
        return str(self.told.get("goal") or "")

    @property
    def group(self) -> str:
        return str(self.told.get("group") or "")

    @property
    def people(self) -> str:
        return str(self.told.get("people") or "")

    @property
    def is_accepted(self) -> bool:
        return self.award.state == AwardState.ACCEPTED

    @property
    def url(self) -> str:
        return reverse("procurement:results", args=[self.award.decision.competition.number])


def read_project_filter(params: QueryDict, hromadas: list[Territory]) -> ProjectFilter:
    """Read the parameters; what nobody can mean is left aside, never an error page."""
    asked = {name: params.get(name, "").strip() for name in ("hromada", "year", "state")}
    return ProjectFilter(
        next((one for one in hromadas if one.code == asked["hromada"]), None),
        int(asked["year"]) if _YEAR.match(asked["year"]) else None,
        asked["state"] if asked["state"] in AwardState.standing else "",
        page_number(params.get("page", "")),
    )


def lines_of(rows: QuerySet[Award]) -> list[ProjectLine]:
    """Return the lines of these awards in their order; what was clarified stands as it was clarified."""
    awards = list(rows)
    definitions = definitions_of({award.decision.competition_id for award in awards})
    paths = {key: registered_paths(definition) for key, definition in definitions.items()}
    clarified = clarified_of({award.proposal_id for award in awards})
    return [
        ProjectLine(award, _told(award, paths.get(award.decision.competition_id, {}), clarified)) for award in awards
    ]


def _told(award: Award, paths: Mapping[str, str], clarified: Mapping[Any, Mapping[str, Any]]) -> dict[str, Any]:
    content = {**((award.proposal.content or {}).get("content") or {}), **clarified.get(award.proposal_id, {})}
    return {name: content.get(path) for name, path in paths.items()}


def _day(text: object) -> date | None:
    try:
        return date.fromisoformat(str(text)) if text else None
    except ValueError:
        return None


def table_of(rows: QuerySet[Award]) -> Iterator[str]:
    """Write the register as CSV, piece by piece; no text of it is a formula to a spreadsheet."""
    yield BYTE_ORDER_MARK + csv_text([COLUMNS])
    ordered = list(for_list(rows).values_list("pk", flat=True))
    for keys in pieces(ordered, CHUNK):
        lines = lines_of(for_list(Award.objects.filter(pk__in=keys)))
        yield csv_text([_cells(line) for line in lines])


def _cells(line: ProjectLine) -> list[str]:
    award, competition = line.award, line.award.decision.competition
    place = competition.hromada
    cells = [
        place.code,
        place.label,
        place.oblast.label if place.oblast else "",
        competition.commissioner.organisation.name,
        competition.number or "",
        str(award.lot.number),
        line.applicant,
        award.proposal.organisation.code or "",
        *(" ".join(str(line.told.get(name) or "").split()) for name in REGISTERED),
        str(award.amount) if award.amount is not None else "",
        award.state,
        award.decision.act_number,
        award.decision.act_on.isoformat(),
        absolute(line.url),
    ]
    return [guarded(cell) for cell in cells]
