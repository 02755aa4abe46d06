"""The register in the shape of Open Referral UK 3.0 (HSDS-UK), for programs that know that contract: `/api/hsds/`.

The contract knows no refusal but that there is nothing: a page before the first is the first, a page of too many is
cut, an identifier of nothing finds nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone, translation
from ninja import Field, Query, Schema

from portal.accounts.letters import absolute
from portal.kernel.programs import PortalAPI, Problem, refuse_in_one_shape
from portal.site.api import urls_of
from portal.site.open_api.answering import as_json
from portal.site.opendata.hsds import listing, selecting
from portal.site.opendata.hsds.listing import one_to_one
from portal.site.opendata.hsds.parts import Told
from portal.site.opendata.hsds.vocabulary import LANGUAGE, Term, Terms, kept_terms

api = PortalAPI(
    title="Поруч — HSDS",
    version="3.0",
    description="Services of the open register by the profile Open Referral UK 3.0, with fields of HSDS 3.1.",
    urls_namespace="hsds_api",
    docs_url=None,
    openapi_url="openapi.json",
    openapi_extra={
        "info": {"license": {"name": "CC BY 4.0", "url": "https://creativecommons.org/licenses/by/4.0/"}},
    },
)
refuse_in_one_shape(api)

VERSION: Final = "HSDS-UK-3.0"
PROFILE: Final = "https://github.com/OpenReferralUK/uk-profile/blob/main/docs/index.md"
LONGEST: Final = 100
# of rows that say little more than an identifier
LONGEST_IN_SHORT: Final = 5_000
_LAST_PAGE: Final = 1_000_000_000
_LONGEST_TEXT: Final = 200
_NOT_FOUND: Final[dict[int, Any]] = {404: Problem}


class Paged(Schema):
    """`format` is there for the contract: every answer is JSON; the whole in one file is in the nightly snapshot."""

    page: int = Field(1, description="from 1")
    per_page: int | None = Field(None, description=f"at most {LONGEST}")
    search: str = Field("", description="words")
    format: str = Field("json", description="json")


class ServicesWanted(Paged):
    taxonomy_term_id: str = Field("", description="that have this word of a taxonomy")
    taxonomy_id: str = Field("", description="that have any word of this taxonomy")
    organization_id: str = Field("", description="that this organisation gives")
    modified_after: str = Field("", description="changed at or after this moment")
    full: bool = Field(False, description="fully nested")


class ManyServicesWanted(ServicesWanted):
    minimal: bool = Field(False, description=f"identifiers and moments of change, up to {LONGEST_IN_SHORT} on a page")


class ServicesAtWanted(ServicesWanted):
    postcode: str = Field("", description="КАТОТТГ code of a place, or a postal index")
    proximity: str = Field("", description="metres around the place of the code")


class OrganizationsWanted(Paged):
    full: bool = Field(False, description="with addresses and services")
    full_service: bool = Field(False, description="with fully nested services")


class OrganizationWanted(Schema):
    full_service: bool = Field(False, description="with fully nested services")


class TermsWanted(Paged):
    taxonomy_id: str = Field("", description="words of this taxonomy")
    parent_id: str = Field("", description="words under this one; no vocabulary here has such")
    top_only: bool = Field(False, description="words that have none under them: all")


class Page(Schema):
    total_items: int
    total_pages: int
    page_number: int
    size: int
    first_page: bool
    last_page: bool
    empty: bool
    contents: list[dict[str, Any]]


class About(Schema):
    version: str
    profile: str
    openapi_url: str


@api.get("", response=About, summary="Read what this API is", url_name="about")
def about(request: HttpRequest) -> HttpResponse:
    """Read which version and profile of HSDS this is, and where it is described."""
    del request
    told = {"version": VERSION, "profile": PROFILE, "openapi_url": absolute("/api/hsds/openapi.json")}
    return as_json(told)


# --- services --------------------------------------------------------------------------------------------------------


@api.get("services", response=Page, summary="List services", url_name="services")
def services(request: HttpRequest, wanted: Query[ManyServicesWanted]) -> HttpResponse:
    """List services of providers that are in the register."""
    del request
    terms, today = kept_terms(), timezone.localdate()
    rows = selecting.services(terms, _clean(wanted))

    def read(start: int, stop: int) -> list[Told]:
        if wanted.minimal:
            return listing.services_in_short(rows, start, stop)
        found = listing.services_on(rows, start, stop, terms, today)
        return found if wanted.full else list(map(one_to_one, found))

    return _page(wanted, rows.count(), read, LONGEST_IN_SHORT if wanted.minimal else LONGEST)


@api.get("services/{id}", response={200: dict[str, Any], **_NOT_FOUND}, summary="Read a service", url_name="service")
def service(request: HttpRequest, id: str) -> HttpResponse:  # noqa: A002 the name in the address
    """Read a service with all that belongs to it."""
    del request
    with translation.override(LANGUAGE):
        return _one(listing.service(id, kept_terms(), timezone.localdate()))


@api.get("service_at_locations", response=Page, summary="List services at addresses", url_name="service_at_locations")
def service_at_locations(request: HttpRequest, wanted: Query[ServicesAtWanted]) -> HttpResponse:
    """List services by the addresses where they are given."""
    del request
    terms, today = kept_terms(), timezone.localdate()
    rows = selecting.services_at_locations(terms, _clean(wanted))

    def read(start: int, stop: int) -> list[Told]:
        found = listing.services_at_on(rows, start, stop, terms, today)
        return found if wanted.full else list(map(one_to_one, found))

    return _page(wanted, rows.count(), read)


@api.get(
    "service_at_locations/{id}",
    response={200: dict[str, Any], **_NOT_FOUND},
    summary="Read a service at an address",
    url_name="service_at_location",
)
def service_at_location(request: HttpRequest, id: str) -> HttpResponse:  # noqa: A002 the name in the address
    """Read a service at an address, with the service and the address."""
    del request
    with translation.override(LANGUAGE):
        return _one(listing.service_at_location(id, kept_terms(), timezone.localdate()))


# --- organisations ---------------------------------------------------------------------------------------------------


@api.get("organizations", response=Page, summary="List organisations", url_name="organizations")
def organizations(request: HttpRequest, wanted: Query[OrganizationsWanted]) -> HttpResponse:
    """List providers that are in the register."""
    del request
    rows = selecting.organizations(_clean(wanted).search)
    full = listing.with_full_services if wanted.full_service else listing.with_services
    shape = full if wanted.full or wanted.full_service else listing.plain

    def read(start: int, stop: int) -> list[Told]:
        return listing.organizations_on(rows, start, stop, kept_terms(), timezone.localdate(), shape)

    return _page(wanted, rows.count(), read)


@api.get(
    "organizations/{id}",
    response={200: dict[str, Any], **_NOT_FOUND},
    summary="Read an organisation",
    url_name="organization",
)
def organization(request: HttpRequest, id: str, wanted: Query[OrganizationWanted]) -> HttpResponse:  # noqa: A002
    """Read a provider with its addresses and services."""
    del request
    shape = listing.with_full_services if wanted.full_service else listing.with_services
    return _one(listing.organization_by(id, kept_terms(), timezone.localdate(), shape))


# --- taxonomies ------------------------------------------------------------------------------------------------------


@api.get("taxonomies", response=Page, summary="List taxonomies", url_name="taxonomies")
def taxonomies(request: HttpRequest, wanted: Query[Paged]) -> HttpResponse:
    """List vocabularies: services, groups of people, forms of delivery, access, forms of ownership."""
    del request
    found = [one for one in kept_terms().taxonomies.values() if _says(one, wanted.search)]
    return _page(wanted, len(found), lambda start, stop: found[start:stop])


@api.get(
    "taxonomies/{id}", response={200: dict[str, Any], **_NOT_FOUND}, summary="Read a taxonomy", url_name="taxonomy"
)
def taxonomy(request: HttpRequest, id: str) -> HttpResponse:  # noqa: A002 the name in the address
    """Read a vocabulary with its words."""
    del request
    terms = kept_terms()
    slug = terms.taxonomy_of(id)
    if slug is None:
        raise Http404
    return as_json({**terms.taxonomies[slug], "taxonomy_terms": [_term(terms, one) for one in terms.of(slug)]})


@api.get("taxonomy_terms", response=Page, summary="List words of taxonomies", url_name="taxonomy_terms")
def taxonomy_terms(request: HttpRequest, wanted: Query[TermsWanted]) -> HttpResponse:
    """List words of the vocabularies."""
    del request
    terms = kept_terms()
    found = [one for one in terms.by_id.values() if not wanted.parent_id and _says(one.told, wanted.search)]
    if wanted.taxonomy_id:
        found = [one for one in found if one.told["taxonomy_id"] == wanted.taxonomy_id]
    return _page(wanted, len(found), lambda start, stop: [_term(terms, one) for one in found[start:stop]])


@api.get(
    "taxonomy_terms/{id}",
    response={200: dict[str, Any], **_NOT_FOUND},
    summary="Read a word of a taxonomy",
    url_name="taxonomy_term",
)
def taxonomy_term(request: HttpRequest, id: str) -> HttpResponse:  # noqa: A002 the name in the address
    """Read a word of a vocabulary."""
    del request
    terms = kept_terms()
    return _one(_term(terms, terms.by_id[id]) if id in terms.by_id else None)


def _term(terms: Terms, one: Term) -> Told:
    return {**one.told, "term": one.told["name"], "taxonomy_detail": terms.taxonomies[one.taxonomy]}


def _says(told: Mapping[str, Any], search: str) -> bool:
    return search.strip().casefold() in f"{told['name']} {told['description']}".casefold()


# --- pages and objects -----------------------------------------------------------------------------------------------


def _clean(wanted: Any) -> Any:
    """Return what was asked for with texts that no database stumbles over."""
    texts = {name: text.replace("\x00", " ")[:_LONGEST_TEXT] for name, text in wanted if isinstance(text, str)}
    return wanted.model_copy(update=texts)


def _one(told: Told | None) -> HttpResponse:
    if told is None:
        raise Http404
    return as_json(told)


def _page(wanted: Paged, total: int, read: Callable[[int, int], list[Told]], longest: int = LONGEST) -> HttpResponse:
    """Return a page of so many objects; one beyond the end is empty."""
    usual = longest if longest > LONGEST else min(longest, 20)
    size = min(max(wanted.per_page if wanted.per_page is not None else usual, 1), longest)
    number = min(max(wanted.page, 1), _LAST_PAGE)
    start = (number - 1) * size
    contents = read(start, start + size) if start < total else []
    pages = max(-(-total // size), 1)
    return as_json(
        {
            "total_items": total,
            "total_pages": pages,
            "page_number": number,
            "size": len(contents),
            "first_page": number == 1,
            "last_page": number >= pages,
            "empty": not contents,
            "contents": contents,
        }
    )


urls = urls_of(api)
