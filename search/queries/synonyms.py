"""Questions about the table of synonyms."""

from __future__ import annotations

import re
from typing import Final

from django.db.models import Count, Max, Q, QuerySet

from registry.models import ReferenceLoad
from search.models import Synonym
from search.queries.targets import Targets, tidy

FILE: Final = "synonyms.csv"


def find_synonyms(synonyms: QuerySet[Synonym], text: str, targets: Targets) -> QuerySet[Synonym]:
    """Narrow to the rows whose phrase, target, its name or note has every word of the text."""
    for word in tidy(text).split()[:8]:
        # SQLite compares Cyrillic letters without case in its REGEXP only, which is Python's
        pattern = re.escape(word)
        condition = Q(phrase__iregex=pattern) | Q(target__iregex=pattern) | Q(note__iregex=pattern)
        for kind, slug in targets.called(word):
            condition |= Q(kind=kind, target=slug)
        synonyms = synonyms.filter(condition)
    return synonyms


def thesaurus_stamp() -> str:
    """Return a text that differs when the synonyms do, for processes that no signal of an edit reaches: two queries."""
    facts = Synonym.objects.aggregate(rows=Count("pk"), used=Count("pk", filter=Q(active=True)), last=Max("edited_at"))
    loaded = ReferenceLoad.objects.filter(name=FILE).values_list("loaded_at", flat=True).first()
    return " ".join(str(part) for part in (*facts.values(), loaded))
