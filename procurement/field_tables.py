"""How a table of who reads which field is written: names one after another, by audience."""

from __future__ import annotations

from portal.kernel.visibility import Audience


def fields_of(*, public: str = "", official: str = "", nobody: str = "id") -> dict[str, Audience]:
    """Return a table from names written one after another; `id` is nobody's unless it is named elsewhere."""
    told = ((Audience.NOBODY, nobody), (Audience.OFFICIAL, official), (Audience.PUBLIC, public))
    return {name: audience for audience, names in told for name in names.split()}
