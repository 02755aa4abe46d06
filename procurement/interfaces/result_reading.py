"""What signed minutes say about scores, by the keys that tables of results look up.

The shape of the content is told in `procurement.domain.evaluation.minutes_content` and `minutes_scores`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

Content = Mapping[str, Any]
# member, criterion, lot, proposal
ReasonKey = tuple[str, str, int, int]
# criterion, lot, proposal
NoteKey = tuple[str, int, int]


def names_of(content: Content) -> dict[int, str]:
    """Return the applicants by the numbers of their proposals."""
    return {int(row["number"]): str(row["applicant"]) for row in content.get("proposals") or ()}


def reasons_of(content: Content) -> dict[ReasonKey, str]:
    """Return why each member gave what, members named as scores.csv names them."""
    return {
        (one_line(given["member"]), row["code"], lot, proposal): str(given.get("reason") or "")
        for lot, proposal, row in _criteria(content)
        for given in row.get("points") or ()
    }


def notes_of(content: Content) -> dict[NoteKey, str]:
    """Return what the commission says about scores that lie far apart."""
    return {(row["code"], lot, proposal): row["note"] for lot, proposal, row in _criteria(content) if row.get("note")}


def _criteria(content: Content) -> Iterator[tuple[int, int, Mapping[str, Any]]]:
    for row in content.get("scores") or ():
        for criterion in row["criteria"]:
            yield int(row["lot"]), int(row["proposal"]), criterion


def one_line(name: Any) -> str:
    """Return a name as scores.csv writes it."""
    return " ".join(str(name).split())
