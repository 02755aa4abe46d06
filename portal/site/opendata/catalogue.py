"""The catalogue of a snapshot as DCAT-AP 3 tells it to other portals of open data.

Nothing in the graph is a blank node, so that its Turtle is the same bytes for the same state. Only who publishes
imports this module: processes that serve pages do not need the library of graphs.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any, Final

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from rdflib import RDF, RDFS, SKOS, XSD, Graph, Literal, Namespace, URIRef
from rdflib.namespace import DCAT, DCTERMS, FOAF

from portal.site.opendata.files import MEDIA_TYPES, Written
from portal.site.opendata.groups import GROUPS, Group, files_of
from portal.site.opendata.package import ABOUT, LICENCE, TITLE, in_both
from portal.site.opendata.state import State
from portal.site.opendata.tables import Table

NAME: Final = "catalogue.ttl"
_EU: Final = "http://publications.europa.eu/resource/authority/"
_IANA: Final = "https://www.iana.org/assignments/media-types/"
_SPDX: Final = Namespace("http://spdx.org/rdf/terms#")
_VCARD: Final = Namespace("http://www.w3.org/2006/vcard/ns#")
_PREFIXES: Final = {"dcat": DCAT, "dct": DCTERMS, "foaf": FOAF, "spdx": _SPDX, "vcard": _VCARD}
_FILE_TYPES: Final = {".csv": "CSV", ".json": "JSON", ".jsonl": "JSON"}
_THEMES: Final = {"SOCI": "Population and society", "GOVE": "Government and public sector"}


@dataclass(frozen=True, slots=True)
class Service:
    """An interface that gives the same data as they are now."""

    name: str
    title: str | Promise
    path: str
    described_by: str
    serves: tuple[str, ...]


SERVICES: Final = (
    Service(
        "api",
        _("API of Poruch, version 1"),
        "/api/v1/",
        "/api/v1/openapi.json",
        ("register", "competitions", "contracts", "vocabulary", "feed"),
    ),
    Service("hsds-api", _("API in the shape of HSDS-UK 3.0"), "/api/hsds/", "/api/hsds/", ("register",)),
)


def catalogue(state: State, tables: Sequence[Table], written: dict[str, Written]) -> bytes:
    """Return the catalogue as Turtle."""
    made = _Catalogue(state)
    sets = [made.add_set(group, tables, written) for group in GROUPS]
    made.add_catalogue(sets, [made.add_service(one) for one in SERVICES])
    made.add_people()
    return made.graph.serialize(format="turtle", encoding="utf-8")


def _portal(path: str) -> URIRef:
    return URIRef(f"{settings.PORTAL_BASE_URL}{path}")


def _own(name: str) -> URIRef:
    return _portal(f"/open-data/#{name}")


class _Catalogue:
    """Puts the graph together."""

    def __init__(self, state: State) -> None:
        self.state = state
        self.graph = Graph()
        for prefix, space in _PREFIXES.items():
            self.graph.bind(prefix, space)
        self.page = self.known(_portal("/open-data/"), FOAF.Document)
        self.licence = self.known(URIRef(LICENCE["path"]), DCTERMS.LicenseDocument)

    def say(self, one: URIRef, what: URIRef, *values: Any) -> None:
        for value in values:
            self.graph.add((one, what, value))

    def words(self, one: URIRef, what: URIRef, text: str | Promise) -> None:
        first, second = in_both(text)
        self.say(one, what, Literal(first, lang="uk"), Literal(second, lang="en"))

    def known(self, one: URIRef, kind: URIRef) -> URIRef:
        """Return what another vocabulary names, said to be of its kind."""
        self.say(one, RDF.type, kind)
        return one

    def authority(self, name: str, kind: URIRef) -> URIRef:
        return self.known(URIRef(f"{_EU}{name}"), kind)

    def describe(self, one: URIRef, title: str | Promise, about: str | Promise) -> None:
        """Say what a catalogue or a set is, who publishes it, in which language, about where and up to when."""
        self.words(one, DCTERMS.title, title)
        self.words(one, DCTERMS.description, about)
        self.say(one, DCTERMS.publisher, _own("publisher"))
        self.say(one, DCTERMS.modified, Literal(self.state.moment.isoformat(timespec="seconds"), datatype=XSD.dateTime))
        self.say(one, DCTERMS.spatial, self.authority("country/UKR", DCTERMS.Location))
        self.say(one, DCTERMS.language, self.authority("language/UKR", DCTERMS.LinguisticSystem))

    def add_people(self) -> None:
        publisher, contact = self.known(_own("publisher"), FOAF.Agent), self.known(_own("contact"), _VCARD.Kind)
        self.say(publisher, FOAF.name, Literal("Поруч", lang="uk"))
        self.say(publisher, FOAF.homepage, _portal("/"))
        self.say(contact, _VCARD.fn, Literal("Поруч", lang="uk"))
        self.say(contact, _VCARD.hasURL, self.page)

    def add_catalogue(self, sets: Sequence[URIRef], services: Sequence[URIRef]) -> None:
        one = self.known(_own("catalogue"), DCAT.Catalog)
        self.describe(one, TITLE, ABOUT)
        self.say(one, DCTERMS.license, self.licence)
        self.say(one, FOAF.homepage, self.page)
        self.say(one, DCAT.dataset, *sets)
        self.say(one, DCAT.service, *services)
        themes = self.authority("data-theme", SKOS.ConceptScheme)
        self.say(one, DCAT.themeTaxonomy, themes)
        self.say(themes, DCTERMS.title, Literal("Data theme", lang="en"))

    def add_set(self, group: Group, tables: Sequence[Table], written: dict[str, Written]) -> URIRef:
        """Add a set of data with its files."""
        one, period = self.known(_own(group.name), DCAT.Dataset), self.known(_own("period"), DCTERMS.PeriodOfTime)
        self.describe(one, group.title, group.about)
        self.say(one, DCTERMS.identifier, Literal(f"poruch-{group.name}"))
        self.say(one, DCTERMS.accrualPeriodicity, self.authority("frequency/DAILY", DCTERMS.Frequency))
        self.say(one, DCTERMS.temporal, period)
        self.say(period, DCAT.endDate, Literal(self.state.today.isoformat(), datatype=XSD.date))
        self.say(one, DCAT.contactPoint, _own("contact"))
        self.say(one, DCAT.landingPage, self.page)
        self.say(one, DCAT.keyword, *(Literal(word, lang="uk") for word in ("соціальні послуги", "громади")))
        for code, label in _THEMES.items():
            theme = self.authority(f"data-theme/{code}", SKOS.Concept)
            self.say(theme, SKOS.prefLabel, Literal(label, lang="en"))
            self.say(one, DCAT.theme, theme)
        for address, title in group.standards:
            standard = self.known(URIRef(address), DCTERMS.Standard)
            self.say(standard, DCTERMS.title, Literal(title, lang="en"))
            self.say(one, DCTERMS.conformsTo, standard)
        self.say(one, DCAT.distribution, *(self.file(*each) for each in files_of(group, tables, written)))
        return one

    def file(self, title: str | Promise, file: Written) -> URIRef:
        """Add a file as a distribution; its address is always that of the latest snapshot."""
        name, ending = file.name.replace("/", "-"), PurePosixPath(file.name).suffix
        one = self.known(_own(name), DCAT.Distribution)
        self.words(one, DCTERMS.title, title)
        self.say(one, DCAT.accessURL, self.known(self.page, RDFS.Resource))
        address = self.known(_portal(f"/open-data/files/{file.name}"), RDFS.Resource)
        self.say(one, DCAT.downloadURL, address)
        self.say(one, DCAT.mediaType, self.known(URIRef(f"{_IANA}{MEDIA_TYPES[ending]}"), DCTERMS.MediaType))
        self.say(one, DCTERMS["format"], self.authority(f"file-type/{_FILE_TYPES[ending]}", DCTERMS.MediaTypeOrExtent))
        self.say(one, DCAT.byteSize, Literal(str(file.size), datatype=XSD.decimal))
        self.say(one, DCTERMS.license, self.licence)
        checksum = self.known(_own(f"{name}-sha256"), _SPDX.Checksum)
        self.say(one, _SPDX.checksum, checksum)
        self.say(checksum, _SPDX.algorithm, self.known(_SPDX.checksumAlgorithm_sha256, _SPDX.ChecksumAlgorithm))
        self.say(checksum, _SPDX.checksumValue, Literal(file.sha256, datatype=XSD.hexBinary))
        return one

    def add_service(self, service: Service) -> URIRef:
        one = self.known(_own(service.name), DCAT.DataService)
        self.words(one, DCTERMS.title, service.title)
        self.say(one, DCAT.endpointURL, self.known(_portal(service.path), RDFS.Resource))
        self.say(one, DCAT.endpointDescription, self.known(_portal(service.described_by), RDFS.Resource))
        self.say(one, DCAT.servesDataset, *(_own(name) for name in service.serves))
        self.say(one, DCTERMS.license, self.licence)
        return one
