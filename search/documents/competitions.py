"""A competition in the index: what its announcement says, nothing of proposals."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from search.analysis.tokens import tokens
from search.annotation import Annotator
from search.documents.shape import Document, lot, summary, with_tokens
from search.enums import Facet, Kind
from search.thesaurus import SERVICE


@dataclass(frozen=True, slots=True)
class CompetitionFacts:
    """What the public may see of a competition for the social order."""

    id: str
    title: str
    text: str
    authority: str
    # codes of the units it is for, each with its ancestors
    hromadas: tuple[str, ...]
    # slugs of the services ordered
    services: tuple[str, ...]
    closes_at: datetime
    url: str
    # slugs of the groups that it is for
    groups: tuple[str, ...] = ()
    # the hromada in words
    place: str = ""
    is_demo: bool = False
    version: int = 1


def competition_document(facts: CompetitionFacts, annotator: Annotator) -> Document:
    """Return what the index knows of a competition: what its announcement says, nothing of proposals."""
    document = Document(f"c-{facts.id}", Kind.COMPETITION)
    document.title = tokens(facts.title)
    document.needs = [
        *[token for slug in facts.services for token in annotator.of(SERVICE, slug)],
        *annotator.tokens(facts.title),
        *(f"g:{slug}" for slug in facts.groups),
    ]
    document.body = [*tokens(facts.text), *annotator.tokens(facts.text)]
    document.provider = tokens(facts.authority)
    document.facets = {Facet.SERVICE.value: facts.services, Facet.GROUP.value: facts.groups}
    document.place = document.covers = facts.hromadas
    document.quality = lot(document.id)
    document.data = {
        "kind": document.kind.value,
        "id": document.id,
        "url": facts.url,
        "title_uk": facts.title,
        "title_en": facts.title,
        "provider": facts.authority,
        "services": list(facts.services),
        "closes_at": facts.closes_at.isoformat(),
        "competition": facts.id,
        "version": facts.version,
        "place": facts.place,
        "is_demo": facts.is_demo,
        "summary": summary(facts.text),
    }
    return with_tokens(document)
