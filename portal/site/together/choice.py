"""What the address of a comparison or of favourites asks for, and addresses of the same with a change."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlencode

from django.http import QueryDict

from portal.site.together.whereabouts import Whereabouts, whereabouts
from registry.queries.access_profiles import Profile, profiles
from registry.queries.chosen import keys_of

ONLY: Final = "differences"
LONGEST_KEY: Final = 30


@dataclass(frozen=True, slots=True)
class Choice:
    """Services by their keys, in the order asked, and what of the address can be no service at all."""

    keys: list[str]
    strange: list[str]
    only_differences: bool
    where: Whereabouts
    profile: Profile | None

    def address(self, **changes: Any) -> str:
        """Return the query string of this choice; `changes` replace parameters, None removes one."""
        state: dict[str, Any] = {
            "service": self.keys,
            "place": self.where.code or self.where.asked,
            "profile": self.profile.slug if self.profile else "",
            "only": ONLY if self.only_differences else "",
            **changes,
        }
        return urlencode([(name, value) for name, value in state.items() if value], doseq=True)

    def without(self, key: str) -> str:
        return self.address(service=[one for one in self.keys if one != key])


def read_choice(params: QueryDict, *, most: int) -> Choice:
    """Read the parameters; services past a generous number are not even looked at."""
    asked = [value.strip() for value in params.getlist("service")[: 4 * most] if value.strip()]
    keys = keys_of(asked)
    strange = [value[:LONGEST_KEY] for value in dict.fromkeys(asked) if value not in keys]
    return Choice(
        keys,
        strange,
        params.get("only") == ONLY,
        whereabouts(params.get("place", "")),
        profiles().get(params.get("profile", "")),
    )
