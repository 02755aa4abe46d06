"""Lists and single objects of the register for programs: providers, services, territories."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from django.db.models import Exists, OuterRef, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from ninja import Field, Query, Router, Schema

from portal.accounts.enums import OwnershipForm, Sector
from portal.kernel.programs import Problem
from portal.site.open_api.answering import as_json
from portal.site.open_api.finding import Asked, NotUnderstood, not_understood, the_group, the_service, the_unit
from portal.site.open_api.shapes import Provider, ServiceOf, Unit
from portal.site.opendata.objects import KINDS, objects_of
from portal.site.opendata.objects.territories import LISTED
from registry.enums import PriceMode, Standing, UnitCategory
from registry.models import RegisterEntry, Service, Territory

router: Final = Router(tags=["register"])
LONGEST: Final = 100
LONGEST_KEY: Final = 40
# what every list and object may answer
_REFUSALS: Final[dict[int, Any]] = {404: Problem, 422: Problem}


class Paged(Schema):
    """`page` counts from 1; `size` objects on each."""

    page: int = Field(1, ge=1, le=1_000_000)
    size: int = Field(20, ge=1, le=LONGEST)


class ProvidersWanted(Paged):
    place: str = Field("", max_length=19, description="КАТОТТГ code: seated there or below it")
    service: str = Field("", max_length=60, description="slug of a service that it gives")
    ownership: OwnershipForm | None = Field(None, description="form of ownership")
    sector: Sector | None = Field(None, description="sector")
    standing: Standing | None = Field(None, description="standing in the register")
    after_revision: int = Field(0, ge=0, le=2**62, description="changed by a later revision of the register")


class ServicesWanted(Paged):
    place: str = Field("", max_length=19, description="КАТОТТГ code: of providers seated there or below it")
    service: str = Field("", max_length=60, description="slug of the service in the catalogue")
    group: str = Field("", max_length=60, description="slug of a group that it is for")
    price: PriceMode | None = Field(None, description="who pays")
    ownership: OwnershipForm | None = Field(None, description="form of ownership of the provider")
    urgent: bool | None = Field(None, description="given urgently")
    after_revision: int = Field(0, ge=0, le=2**62, description="changed by a later revision of the register")


class TerritoriesWanted(Paged):
    category: UnitCategory | None = Field(None, description="category of the unit; settlements are not listed")
    inside: str = Field("", max_length=19, description="КАТОТТГ code of a unit: those directly in it")


class PageNumbers(Schema):
    number: int
    count: int
    size: int


class Providers(Schema):
    total: int
    results: list[Provider]
    pages: PageNumbers


class Services(Schema):
    total: int
    results: list[ServiceOf]
    pages: PageNumbers


class Territories(Schema):
    total: int
    results: list[Unit]
    pages: PageNumbers


# --- providers -------------------------------------------------------------------------------------------------------


@router.get("providers", response={200: Providers, **_REFUSALS}, summary="List providers", url_name="providers")
def providers(request: HttpRequest, wanted: Query[ProvidersWanted]) -> HttpResponse:
    """List providers of the open register by their numbers."""
    del request
    try:
        rows = _providers(wanted)
    except NotUnderstood as error:
        return not_understood(error)
    asked = Asked(rows.count(), wanted.page, wanted.size)
    numbers = rows.order_by("number").values_list("number", flat=True)[asked.start : asked.stop]
    return _page("provider", list(numbers), asked)


@router.get("providers/{number}", response={200: Provider, **_REFUSALS}, summary="Read a provider", url_name="provider")
def provider(request: HttpRequest, number: str) -> HttpResponse:
    """Read a provider by its number in the register."""
    del request
    return single("provider", number)


def _providers(wanted: ProvidersWanted) -> QuerySet[RegisterEntry]:
    rows = RegisterEntry.objects.open()
    if wanted.place:
        rows = rows.within(the_unit("place", wanted.place))
    if wanted.service:
        kind = the_service(wanted.service)
        rows = rows.filter(Exists(Service.objects.filter(entry=OuterRef("pk"), service_type=kind)))
    if wanted.after_revision:
        rows = rows.filter(revision__gt=wanted.after_revision)
    exact = {
        "organisation__ownership_form": wanted.ownership,
        "organisation__sector": wanted.sector,
        "standing": wanted.standing,
    }
    return rows.filter(**{name: value for name, value in exact.items() if value})


# --- services --------------------------------------------------------------------------------------------------------


@router.get("services", response={200: Services, **_REFUSALS}, summary="List services", url_name="services")
def services(request: HttpRequest, wanted: Query[ServicesWanted]) -> HttpResponse:
    """List services of providers that were not excluded, by provider."""
    del request
    try:
        rows = _services(wanted)
    except NotUnderstood as error:
        return not_understood(error)
    asked = Asked(rows.count(), wanted.page, wanted.size)
    ordered = rows.order_by("entry__number", "pk").values_list("pk", "entry", "entry__number")
    return _page("service", list(keys_of(list(ordered[asked.start : asked.stop])).values()), asked)


@router.get("services/{id}", response={200: ServiceOf, **_REFUSALS}, summary="Read a service", url_name="service")
def service(request: HttpRequest, id: str) -> HttpResponse:  # noqa: A002 the name in the address
    """Read a service by its identifier."""
    del request
    return single("service", id)


def _services(wanted: ServicesWanted) -> QuerySet[Service]:
    entries = RegisterEntry.objects.open().filter(standing__in=Standing.active)
    if wanted.place:
        entries = entries.within(the_unit("place", wanted.place))
    if wanted.ownership:
        entries = entries.filter(organisation__ownership_form=wanted.ownership)
    if wanted.after_revision:
        entries = entries.filter(revision__gt=wanted.after_revision)
    rows = Service.objects.filter(entry__in=entries.values("pk"))
    if wanted.service:
        rows = rows.filter(service_type=the_service(wanted.service))
    if wanted.group:
        rows = rows.filter(groups=the_group(wanted.group))
    exact = {"price_mode": wanted.price, "urgent": wanted.urgent}
    return rows.filter(**{name: value for name, value in exact.items() if value is not None})


def keys_of(rows: Sequence[tuple[int, int, str]]) -> dict[int, str]:
    """Return the identifiers of services (key, entry, number) by key: places are counted among all of a provider's."""
    entries = {entry for _pk, entry, _number in rows}
    places: dict[int, int] = {}
    last, place = 0, 0
    for key, entry in Service.objects.filter(entry__in=entries).order_by("entry", "pk").values_list("pk", "entry"):
        place = place + 1 if entry == last else 1
        last, places[key] = entry, place
    return {key: f"s-{number}-{places[key]}" for key, _entry, number in rows if key in places}


# --- territories -----------------------------------------------------------------------------------------------------


@router.get("territories", response={200: Territories, **_REFUSALS}, summary="List territories", url_name="territories")
def territories(request: HttpRequest, wanted: Query[TerritoriesWanted]) -> HttpResponse:
    """List units of the codifier down to hromadas and districts of cities, by their codes."""
    del request
    rows = Territory.objects.filter(category__in=LISTED)
    try:
        if wanted.inside:
            rows = rows.filter(parent=the_unit("inside", wanted.inside))
    except NotUnderstood as error:
        return not_understood(error)
    if wanted.category:
        rows = rows.filter(category=wanted.category)
    asked = Asked(rows.count(), wanted.page, wanted.size)
    codes = rows.order_by("code").values_list("code", flat=True)[asked.start : asked.stop]
    return _page("territory", list(codes), asked)


@router.get(
    "territories/{code}",
    response={200: Unit, **_REFUSALS},
    summary="Read a territory",
    url_name="territory",
)
def territory(request: HttpRequest, code: str) -> HttpResponse:
    """Read a unit by its code; settlements too."""
    del request
    return single("territory", code)


# --- pages and objects -----------------------------------------------------------------------------------------------


def single(kind: str, key: str) -> HttpResponse:
    """Return one object; raises `Http404` for what is not public."""
    found = objects_of(KINDS[kind], [key], today=timezone.localdate()) if _can_be(key) else iter(())
    for _key, one in found:
        return as_json(one)
    raise Http404


def _can_be(key: str) -> bool:
    return len(key) <= LONGEST_KEY and key.isprintable()


def _page(kind: str, keys: list[str], asked: Asked) -> HttpResponse:
    told = [one for _key, one in objects_of(KINDS[kind], keys, today=timezone.localdate())]
    return as_json({"total": asked.total, "results": told, "pages": asked.numbers})
