"""A page of the site in the index: its title and its texts, without markup."""

from __future__ import annotations

from collections.abc import Iterator

from wagtail.fields import RichTextField, StreamField
from wagtail.models import Page
from wagtail.rich_text import get_text_for_indexing
from wagtail.search.index import SearchField

from search.analysis.tokens import tokens
from search.annotation import Annotator
from search.documents.shape import Document, lot, summary, with_tokens
from search.engines.interface import COUNTRY
from search.enums import Kind


def page_document(page: Page, annotator: Annotator) -> Document:
    """Return what the index knows of a page that everybody may read: its title and its texts, without markup."""
    specific = page.specific
    text = "\n".join([specific.search_description or "", *_texts_of(specific)])
    address = page.get_url_parts()
    document = Document(f"w-{page.pk}", Kind.PAGE)
    document.title = tokens(specific.title)
    document.needs = annotator.tokens(specific.title)
    document.body = [*tokens(text), *annotator.tokens(text), *annotator.needs(specific.title, text)]
    # what a page says holds everywhere, so a question about a place does not leave it out
    document.covers = (COUNTRY,)
    document.quality = lot(document.id)
    document.data = {
        "kind": document.kind.value,
        "id": document.id,
        "url": address[2] if address else "",
        "title_uk": specific.title,
        "title_en": specific.title,
        "language": page.locale.language_code,
        "summary": summary(specific.search_description or text),
    }
    return with_tokens(document)


def _texts_of(page: Page) -> Iterator[str]:
    """Yield the texts of a page's own fields that readers see: rich text, streams, what it declares searchable."""
    searchable = {one.field_name for one in page.get_search_fields() if isinstance(one, SearchField)}
    inherited = {one.name for one in Page._meta.get_fields()}  # noqa: SLF001 Django's public, if underscored, API
    for one in page._meta.concrete_fields:  # noqa: SLF001
        if one.name in inherited or not (isinstance(one, RichTextField | StreamField) or one.name in searchable):
            continue
        value = one.value_from_object(page)
        for part in one.get_searchable_content(value) if isinstance(one, StreamField) else [value]:
            yield get_text_for_indexing(str(part or ""))
