"""What a questionnaire is as data, and what refuses one that would not work."""

from __future__ import annotations

from typing import Any


def require_questionnaire(definition: Any) -> None:
    """Raise `ValueError`, naming the place, for a definition that is not as `procurement/reference/README.md` says."""
