"""What the index knows of a thing: one shape for every kind, one constructor each, nothing private in it.

A constructor takes rows as plain facts and asks the visibility registry field by field. The texts become tokens by
`search.analysis`, the same ones a question becomes.
"""

from search.documents.competitions import CompetitionFacts, competition_document
from search.documents.facts import Names, Unit
from search.documents.pages import page_document
from search.documents.parts import is_offered
from search.documents.providers import provider_document, service_document
from search.documents.shape import NO_PRICE, Document

__all__ = [
    "NO_PRICE",
    "CompetitionFacts",
    "Document",
    "Names",
    "Unit",
    "competition_document",
    "is_offered",
    "page_document",
    "provider_document",
    "service_document",
]
