"""Forms of proposals as data: what a definition may hold, which fields apply, what is computed, what is wrong."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise


@dataclass(frozen=True, slots=True)
class Problem:
    """What keeps a proposal from being submitted: where (path of the content), the section, in words."""

    path: str
    section: str
    text: str | Promise
    missing: bool = False


def problems_of(definition: Mapping[str, Any], content: Mapping[str, Any], facts: Mapping[str, Any]) -> list[Problem]:
    """Judge a whole content by a frozen definition; `facts` are what a form may compare with (ceilings of lots …)."""
    raise NotImplementedError
