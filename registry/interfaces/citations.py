"""Acts and marks in words: what a ground rests on, and how far anybody has compared it with the act."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from portal.kernel.models import Act
from portal.kernel.models.reference import in_language
from registry.models import Criterion, Ground


@dataclass(frozen=True, slots=True)
class Cited:
    """A text of the law as a reader meets it: its words, where they stand, and whether that was compared."""

    text: str
    citation: str
    verified: bool

    @property
    def mark(self) -> str:
        return "" if self.verified else _("not compared with the edition in force")


def acts_in_words(codes: Iterable[str]) -> dict[str, str]:
    """Return what the acts of these codes are called, in one query."""
    wanted = set(codes) - {""}
    return {act.code: str(act) for act in Act.objects.filter(code__in=wanted)} if wanted else {}


def cite_rows(rows: Iterable[Ground | Criterion]) -> dict[int, Cited]:
    """Return the rows of reference in words, by their keys."""
    found = list(rows)
    acts = acts_in_words(row.act for row in found)
    return {row.pk: Cited(row.text, _where(acts, row.act, row.point), row.verified) for row in found}


def cite_kept(grounds: Iterable[Mapping[str, Any]]) -> list[Cited]:
    """Return grounds as a decision keeps them, in the words of the day it was made."""
    found = list(grounds)
    acts = acts_in_words(str(row.get("act", "")) for row in found)
    return [
        Cited(
            in_language(str(row.get("text_uk", "")), str(row.get("text_en", ""))),
            _where(acts, str(row.get("act", "")), str(row.get("point", ""))),
            bool(row.get("verified")),
        )
        for row in found
    ]


def _where(acts: Mapping[str, str], act: str, point: str) -> str:
    return ", ".join(filter(None, (acts.get(act, act), point)))
