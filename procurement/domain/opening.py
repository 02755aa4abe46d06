"""The opening: the one act that uses the sealing key, recorded with those present."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from procurement.models import Opening

if TYPE_CHECKING:
    from portal.accounts.models import User


def open_proposals(*, competition_id: int, user: User, present: Sequence[Mapping[str, str]], now: datetime) -> Opening:
    """Open every submitted proposal of a closed competition. Raises `StepRefused`, `vault.VaultError`."""
    raise NotImplementedError
