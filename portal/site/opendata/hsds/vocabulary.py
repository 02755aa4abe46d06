"""Controlled vocabularies as taxonomies: services, groups of people, forms of delivery, access, forms of ownership."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final

from django.urls import reverse
from django.utils import translation
from django.utils.text import capfirst

from portal.accounts.enums import OwnershipForm
from portal.accounts.letters import absolute
from portal.accounts.models import Organisation
from portal.site.opendata.hsds.identity import identify
from registry.models import AccessFeature, DeliveryForm, ServiceType, VulnerableGroup
from registry.queries import memory

SERVICE, GROUP, FORM, ACCESS, OWNERSHIP = "service", "group", "form", "access", "ownership"
MODELS: Final[dict[str, Any]] = {
    SERVICE: ServiceType,
    GROUP: VulnerableGroup,
    FORM: DeliveryForm,
    ACCESS: AccessFeature,
}
TAXONOMIES: Final = (*MODELS, OWNERSHIP)
LANGUAGE: Final = "uk"


@dataclass(frozen=True, slots=True)
class Term:
    """A word of a vocabulary and the object that tells of it; `key` is the row of a reference table, if it is one."""

    taxonomy: str
    slug: str
    key: int | None
    told: dict[str, Any]


@dataclass(slots=True)
class Terms:
    """All vocabularies of one moment: taxonomies as objects, their words by identifier and by slug."""

    taxonomies: dict[str, dict[str, Any]] = field(default_factory=dict)
    by_id: dict[str, Term] = field(default_factory=dict)
    by_slug: dict[tuple[str, str], Term] = field(default_factory=dict)

    def add(self, term: Term) -> None:
        self.by_id[term.told["id"]] = self.by_slug[term.taxonomy, term.slug] = term

    def of(self, taxonomy: str) -> list[Term]:
        return [term for term in self.by_id.values() if term.taxonomy == taxonomy]

    def taxonomy_of(self, identifier: str) -> str | None:
        """Return which taxonomy has this identifier."""
        return next((slug for slug, told in self.taxonomies.items() if told["id"] == identifier), None)


def read_terms() -> Terms:
    """Read the vocabularies, one query for each reference table."""
    terms = Terms()
    with translation.override(LANGUAGE):
        for slug in TAXONOMIES:
            terms.taxonomies[slug] = _taxonomy(slug)
            for term in _read(slug, terms.taxonomies[slug]):
                terms.add(term)
    return terms


def kept_terms() -> Terms:
    """Return the vocabularies as they were within the last minute."""
    return memory.kept("hsds_terms", read_terms)


def _taxonomy(slug: str) -> dict[str, Any]:
    words = MODELS[slug]._meta.verbose_name_plural if slug in MODELS else _ownership()  # noqa: SLF001
    name = capfirst(str(words))
    told = {"id": identify("taxonomy", slug), "name": name, "description": name}
    if slug == SERVICE:
        told["uri"] = absolute(reverse("registry:services"))
    return told


def _ownership() -> Any:
    return Organisation._meta.get_field("ownership_form").verbose_name  # noqa: SLF001


def _read(slug: str, taxonomy: dict[str, Any]) -> Iterator[Term]:
    if slug == OWNERSHIP:
        for value, label in OwnershipForm.choices:
            yield Term(slug, value, None, _told(slug, value, str(label), taxonomy))
        return
    for row in MODELS[slug].objects.order_by("order", "slug"):
        told = _told(slug, row.slug, row.name_uk, taxonomy)
        if slug == SERVICE:
            told["description"] = row.summary_uk or row.name_uk
            told["term_uri"] = absolute(reverse("registry:service_type", args=[row.slug]))
        yield Term(slug, row.slug, row.pk, told)


def _told(slug: str, code: str, name: str, taxonomy: dict[str, Any]) -> dict[str, Any]:
    return {
        "id": identify("taxonomy_term", slug, code),
        "code": code,
        "name": capfirst(name),
        "description": capfirst(name),
        "taxonomy": taxonomy["name"],
        "taxonomy_id": taxonomy["id"],
        "language": LANGUAGE,
    }
