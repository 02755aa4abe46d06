"""What search engines may list, section by section; each address in both languages, with the day it last changed.

Of providers, competitions and contracts the day is the one on which the feed of public changes saw them change. What is
invented for demonstration is left out: nobody should find it by a search engine.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar, Final

from django.contrib.sitemaps import Sitemap
from django.db.models import F, Model, OuterRef, QuerySet, Subquery
from django.urls import reverse
from django.utils import translation
from wagtail.models import Page

from portal.accounts.letters import absolute
from portal.site.models import FeedObject
from portal.site.opendata.objects import competitions, contracts, providers
from procurement.models import Competition
from procurement.queries.contracts.public import public_contracts
from registry.enums import UnitCategory
from registry.models import RegisterEntry, ServiceType, Territory

# so many things in one file, each of them twice: far below what search engines take, and quickly written
LIMIT: Final = 2_000
_FIRST: Final = "uk"
# pages that stand by themselves
STANDING: Final = (
    "registry:register",
    "registry:services",
    "registry:territories",
    "registry:entitlement",
    "registry:staffing",
    "registry:overdue",
    "registry:data_dictionary",
    "procurement:competitions",
    "procurement:sealing",
    "procurement:contracts",
    "procurement:orders",
    "procurement:projects",
    "procurement:commissions",
    "procurement:quality",
    "procurement:risks",
    "site:map",
    "site:figures",
    "site:open_data",
    "site:api",
    "site:embed",
    "site:accessibility",
    "kernel:verify",
)


@dataclass(frozen=True, slots=True)
class Place:
    """A page in the languages that it has, the address in each, and when it last changed as far as that is known."""

    paths: dict[str, str]
    at: datetime | None = None


class Section(Sitemap):
    """One part of the portal; `places` turns a slice of `rows` into pages without a query for each of them."""

    limit = LIMIT

    def rows(self) -> Sequence[Any] | QuerySet[Any]:
        raise NotImplementedError

    def places(self, rows: Iterable[Any]) -> Iterable[Place]:
        raise NotImplementedError

    def latest(self) -> datetime | None:
        return None

    def items(self) -> Sequence[Any] | QuerySet[Any]:
        return self.rows()

    def get_latest_lastmod(self) -> datetime | None:
        return self.latest()

    def get_urls(self, page: int | str = 1, site: Any = None, protocol: str | None = None) -> list[dict[str, Any]]:
        """Return what the template of a sitemap asks for: every page once for each language, naming the others."""
        del site, protocol
        self.latest_lastmod = self.latest()
        found = self.paginator.page(page).object_list
        return [entry for place in self.places(found) for entry in _entries(place)]


class Pages(Section):
    """The pages that editors write, and those that stand by themselves."""

    def rows(self) -> list[Place]:
        return [*_standing(), *_written()]

    def places(self, rows: Iterable[Place]) -> Iterable[Place]:
        return rows

    def latest(self) -> datetime | None:
        return max((row.at for row in _written() if row.at), default=None)


class Rows(Section):
    """Rows with a page of their own each; `name` is its route, `field` what the route takes."""

    name: ClassVar[str]
    field: ClassVar[str]
    # the kind of object in the feed of public changes, where it is in the feed
    kind: ClassVar[str] = ""

    def public(self) -> QuerySet[Any]:
        raise NotImplementedError

    def rows(self) -> QuerySet[Any]:
        rows: QuerySet[Model] = self.public().order_by(self.field)
        if not self.kind:
            return rows.values_list(self.field)
        seen = FeedObject.objects.filter(kind=self.kind, key=OuterRef(self.field)).values("at")[:1]
        return rows.annotate(seen_at=Subquery(seen)).values_list(self.field, F("seen_at"))

    def places(self, rows: Iterable[Any]) -> Iterable[Place]:
        before, after = _around(self.name)
        return (Place(in_both(f"{before}{key}{after}"), *at) for key, *at in rows)

    def latest(self) -> datetime | None:
        if not self.kind:
            return None
        last = FeedObject.objects.filter(kind=self.kind).order_by("-position")
        return last.values_list("at", flat=True).first()


class Services(Rows):
    name, field = "registry:service_type", "slug"

    def public(self) -> QuerySet[ServiceType]:
        return ServiceType.objects.all()


class Cards(Rows):
    """Cards of providers in good standing."""

    name, field, kind = "registry:entry", "number", providers.KIND

    def public(self) -> QuerySet[RegisterEntry]:
        return RegisterEntry.objects.open().in_good_standing().filter(is_demo=False)


class Units(Rows):
    """Oblasts and hromadas."""

    name, field = "registry:territory", "code"

    def public(self) -> QuerySet[Territory]:
        return Territory.objects.filter(category__in=(*UnitCategory.regions, UnitCategory.HROMADA))


class Needs(Units):
    """Needs against supply, hromada by hromada."""

    name = "site:map_hromada"

    def public(self) -> QuerySet[Territory]:
        return Territory.objects.hromadas()


class Competitions(Rows):
    name, field, kind = "procurement:competition", "number", competitions.KIND

    def public(self) -> QuerySet[Competition]:
        return Competition.objects.public().filter(is_demo=False)


class Contracts(Rows):
    name, field, kind = "procurement:contract", "number", contracts.KIND

    def public(self) -> QuerySet[Any]:
        return public_contracts().filter(is_demo=False)


SECTIONS: Final[dict[str, type[Sitemap[Any]] | Sitemap[Any]]] = {
    "pages": Pages,
    "services": Services,
    "providers": Cards,
    "hromadas": Units,
    "needs": Needs,
    "competitions": Competitions,
    "contracts": Contracts,
}


def in_both(path: str) -> dict[str, str]:
    """Return the address of a page in each language by its Ukrainian one: English stands under /en/."""
    return {"uk": path, "en": f"/en{path}"}


def _entries(place: Place) -> list[dict[str, Any]]:
    alternates = [{"lang_code": code, "location": absolute(path)} for code, path in place.paths.items()]
    return [{"location": one["location"], "lastmod": place.at, "alternates": alternates} for one in alternates]


def _around(name: str) -> tuple[str, str]:
    """Return what stands before and after the key in the Ukrainian address of a page: asked once, not for each row."""
    with translation.override(_FIRST):
        before, _mark, after = reverse(name, args=["0"]).rpartition("0")
    return before, after


def _standing() -> list[Place]:
    with translation.override(_FIRST):
        return [Place(in_both(reverse(name))) for name in STANDING]


def _written() -> list[Place]:
    """Return the published pages of editors; a page and its translation are one place."""
    rows = Page.objects.live().public().filter(depth__gt=1).select_related("locale").order_by("path")
    paths: dict[Any, dict[str, str]] = defaultdict(dict)
    at: dict[Any, datetime] = {}
    for row in rows:
        if not row.url:
            continue
        paths[row.translation_key][row.locale.language_code] = row.url
        if row.last_published_at:
            at[row.translation_key] = max(row.last_published_at, at.get(row.translation_key, row.last_published_at))
    return [Place(told, at.get(key)) for key, told in paths.items()]
