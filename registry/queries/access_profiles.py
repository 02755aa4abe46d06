"""What people need to get in and be served, by their profile, and whether an address is known to give it.

The profiles are data (`registry/reference/access_profiles.json`). Nothing said of a feature is unknown, never "no".
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final

from portal.kernel.models.reference import in_language

FILE: Final = Path(__file__).resolve().parent.parent / "reference" / "access_profiles.json"
# what is known of the features of an address: slug → there or not; one that is absent or None is unknown
Known = Mapping[str, bool | None]


@dataclass(frozen=True, slots=True)
class Need:
    """Something to be done at an address; any one of the features lets people do it. Without an essential one, no."""

    slug: str
    name_uk: str
    name_en: str
    any_of: tuple[str, ...]
    essential: bool

    @property
    def name(self) -> str:
        return in_language(self.name_uk, self.name_en)

    def met_by(self, known: Known) -> bool | None:
        """Say whether it can be done: yes by any feature that is there, no only where all are known to be absent."""
        states = [known.get(feature) for feature in self.any_of]
        if True in states:
            return True
        return None if None in states else False


@dataclass(frozen=True, slots=True)
class Profile:
    slug: str
    name_uk: str
    name_en: str
    needs: tuple[Need, ...]
    source: str

    @property
    def name(self) -> str:
        return in_language(self.name_uk, self.name_en)

    def open_to(self, known: Known) -> bool | None:
        """Say whether the address is known to be accessible: one essential need that fails is enough for "no"."""
        states = [need.met_by(known) for need in self.needs if need.essential]
        if False in states:
            return False
        return None if None in states or not states else True

    def open_anywhere(self, places: Iterable[Known]) -> bool | None:
        """Say it of a service given at several addresses: one that is accessible is enough."""
        states = [self.open_to(known) for known in places]
        if True in states:
            return True
        return None if None in states or not states else False


@lru_cache(maxsize=1)
def profiles() -> Mapping[str, Profile]:
    """Return the profiles by slug, in the order of the table."""
    rows = sorted(json.loads(FILE.read_text(encoding="utf-8")), key=lambda row: row["order"])
    return {
        row["slug"]: Profile(
            row["slug"],
            row["name_uk"],
            row["name_en"],
            tuple(Need(**{**need, "any_of": tuple(need["any_of"])}) for need in row["needs"]),
            row["source"],
        )
        for row in rows
    }


@lru_cache(maxsize=1)
def digest() -> str:
    """Return the digest of the table, for whoever keeps what follows from it."""
    return hashlib.sha256(FILE.read_bytes()).hexdigest()
