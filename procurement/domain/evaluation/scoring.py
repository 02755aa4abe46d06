"""Score sheets: each member alone, by the frozen rubric; nothing of others before all own is filed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING

from procurement.models import ConsensusNote, ScoreSheet

if TYPE_CHECKING:
    from portal.accounts.models import User

# "lot:proposal number:criterion"
Cell = str


def save_scores(
    *, sheet_id: int, user: User, version: int, cells: Mapping[Cell, Mapping[str, str]], now: datetime
) -> ScoreSheet:
    """Keep a draft: `{cell: {"points": "3"|""|"na", "reason": text}}`; points outside the rubric's scale are refused with
    the cell named, nothing else is lost. `version` as read; another window's later save of the same cell is a conflict.
    """
    raise NotImplementedError


def file_sheet(*, sheet_id: int, user: User, version: int, now: datetime) -> ScoreSheet:
    """File all own scores at once: every admitted proposal, lot and criterion has points, or none with a reason. The log
    gets the digest.
    """
    raise NotImplementedError


def return_sheet(*, sheet_id: int, user: User, reason: str, now: datetime) -> ScoreSheet:
    """Give a filed sheet back in the discussion, as the official or the chair; what was filed stays in `earlier`."""
    raise NotImplementedError


def put_note(
    *, round_id: int, lot: int, proposal: int, criterion: str, text: str, user: User, now: datetime
) -> ConsensusNote:
    """Write or change what the commission says about scores that lie far apart (members and the official)."""
    raise NotImplementedError
