"""What a hromada shows of the portal on a site of its own: services given to its people, or open competitions."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from django.http import QueryDict
from django.urls import reverse
from pyroaring import BitMap

from portal.accounts.letters import absolute
from procurement.interfaces.competition_lists import CompetitionRow, found_competitions, page_rows
from procurement.queries.competitions import OPEN, CompetitionFilter
from registry.enums import UnitCategory
from registry.models import ServiceType, Territory
from registry.queries.figures import entries_in_good_standing, per_revision
from registry.queries.index import register_index
from registry.queries.register import vocabulary
from registry.queries.rows import Row, rows_of
from registry.queries.territory import hromada_around, hromadas_called, services_given_in

SERVICES: Final = "services"
COMPETITIONS: Final = "competitions"
SHOWN: Final = 20
LONGEST: Final = 60


@dataclass(slots=True)
class Widget:
    """The list, already checked; `hromada` is None where the address names none that is known."""

    hromada: Territory | None = None
    service: ServiceType | None = None
    show: str = SERVICES
    providers: list[Row] = field(default_factory=list)
    competitions: list[CompetitionRow] = field(default_factory=list)
    total: int = 0

    @property
    def more(self) -> int:
        return max(self.total - SHOWN, 0)

    @property
    def all_url(self) -> str:
        """Return the page of the portal with the whole list."""
        if self.hromada is None:
            return reverse("registry:register")
        if self.show == COMPETITIONS:
            return f"{reverse('procurement:competitions')}?hromada={self.hromada.code}"
        if self.service is not None:
            return f"{reverse('search:search')}?place={self.hromada.code}&service={self.service.slug}"
        return reverse("registry:territory", args=[self.hromada.code])


def read_widget(params: QueryDict, *, now: datetime) -> Widget:
    """Read the parameters and fill the list; what is not known is left aside."""
    found = Widget(hromada_around(params.get("hromada", "")), vocabulary().service_called(params.get("service", "")))
    if params.get("show") == COMPETITIONS:
        found.show = COMPETITIONS
    if found.hromada is not None:
        (_fill_competitions if found.show == COMPETITIONS else _fill_providers)(found, found.hromada, now)
    return found


def hromada_called(text: str) -> Territory | None:
    """Return the first hromada that a name or a code stands for."""
    text = " ".join(text.replace("\x00", " ").split())[:LONGEST]
    return hromada_around(text) or next(iter(hromadas_called(text)), None)


def others_called(text: str, chosen: Territory) -> list[Territory]:
    """Return the other hromadas of the same name as the one that was chosen for it."""
    return [one for one in hromadas_called(" ".join(text.split())) if one.pk != chosen.pk and one.name == chosen.name]


def code_for(found: Widget, *, language: str) -> str:
    """Return what an editor puts into a page of the hromada's site."""
    assert found.hromada is not None
    marks = {
        "data-hromada": found.hromada.code,
        "data-service": found.service.slug if found.service else "",
        "data-show": found.show if found.show != SERVICES else "",
        "data-lang": language if language != "uk" else "",
    }
    told = "".join(f' {name}="{value}"' for name, value in marks.items() if value)
    link = f'<a href="{absolute(found.all_url)}">Поруч: {found.hromada.label}</a>'
    return f'<div data-poruch{told}>{link}</div>\n<script src="{absolute("/widget.js")}" async></script>'


def preview(found: Widget) -> dict[str, Any]:
    """Return the parameters of the frame itself."""
    assert found.hromada is not None
    told = {"hromada": found.hromada.code, "service": found.service.slug if found.service else "", "show": found.show}
    return {name: value for name, value in told.items() if value}


def _fill_providers(found: Widget, hromada: Territory, now: datetime) -> None:
    register_index.refresh()
    given = per_revision(f"given:{hromada.pk}", lambda: services_given_in(hromada))
    kinds = [found.service.pk] if found.service else list(given)
    keys = BitMap.union(BitMap(), *(given.get(kind, BitMap()) for kind in kinds)) & entries_in_good_standing()
    level = "here" if hromada.category == UnitCategory.HROMADA else "oblast"
    seated = register_index.having(level, hromada.pk) & entries_in_good_standing()
    if found.service is None:
        keys |= seated
    found.total = len(keys)
    # first those that are there, then those that serve it from elsewhere
    page = register_index.in_name_order(keys & seated, 0, SHOWN)
    page += register_index.in_name_order(keys - seated, 0, SHOWN - len(page))
    about = found.service.pk if found.service else None
    found.providers = rows_of(page, today=now.date(), about=about)


def _fill_competitions(found: Widget, hromada: Territory, now: datetime) -> None:
    services = (found.service.slug,) if found.service else ()
    wanted = CompetitionFilter(phases=tuple(OPEN), services=services, hromada_id=hromada.pk)
    rows = found_competitions(wanted, now)
    found.competitions = page_rows(rows, 0, SHOWN, now)
    found.total = len(found.competitions) if len(found.competitions) < SHOWN else rows.count()
