"""From the address of the map to what it asks for and back: page, table and points read the same."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import urlencode

from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.site.figures.gap import SORTS
from registry.models import ServiceType, Territory, VulnerableGroup
from registry.queries.register import vocabulary
from registry.views.paging import page_number

_NAMES: Final = {
    "service": gettext_lazy("service"),
    "group": gettext_lazy("group"),
    "oblast": gettext_lazy("oblast"),
    "sort": gettext_lazy("sorting"),
}
_LONGEST: Final = 60


@dataclass(frozen=True, slots=True)
class MapFilter:
    """What the map shows; without a service, which basic services nobody gives."""

    service: ServiceType | None = None
    group: VulnerableGroup | None = None
    oblast: Territory | None = None
    sort: str = SORTS[0]
    page: int = 1
    problems: Mapping[str, str] = field(default_factory=dict)

    def query(self, **other: object) -> str:
        """Return the address of the same map with something else in it; what is empty is left out."""
        known: dict[str, object] = {
            "service": self.service.slug if self.service else "",
            "group": self.group.slug if self.group else "",
            "oblast": self.oblast.code if self.oblast else "",
            "sort": self.sort if self.sort != SORTS[0] else "",
        }
        return urlencode({name: value for name, value in {**known, **other}.items() if value})

    @property
    def of_hromada(self) -> str:
        """The parameters that the page of one hromada takes over."""
        return self.query(oblast="", sort="")

    @property
    def whole_country(self) -> str:
        return self.query(oblast="")


def read_map_filter(params: QueryDict) -> MapFilter:
    """Read the parameters; an unknown value is named in `problems` and left aside, never an error page."""
    names = vocabulary()
    asked = {name: params.get(name, "").replace("\x00", "").strip() for name in _NAMES}
    found: dict[str, object] = {
        "service": names.service_called(asked["service"]),
        "group": names.group_called(asked["group"]),
        "oblast": names.oblast_called(asked["oblast"]),
        "sort": asked["sort"] if asked["sort"] in SORTS else "",
    }
    problems = {name: _unknown(name, asked[name]) for name, value in found.items() if asked[name] and not value}
    return MapFilter(
        **{**found, "sort": found["sort"] or SORTS[0]},  # type: ignore[arg-type]
        page=page_number(params.get("page", "")),
        problems=problems,
    )


def _unknown(name: str, value: str) -> str:
    return _("%(what)s: “%(value)s” is not known, so it was left aside.") % {
        "what": str(_NAMES[name]).capitalize(),
        "value": value[:_LONGEST],
    }
