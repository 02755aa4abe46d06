"""The compiled release: what all releases of a process say together, by the merging rules of OCDS 1.1.

Objects are merged field by field, lists of objects by `id`; a list without identifiers, or one that the schema says to
be replaced as a whole, is replaced; null takes a field away.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from copy import deepcopy
from typing import Any, Final

from .values import Json

# `wholeListMerge` of the schema and of the extensions that we use
_WHOLE: Final = frozenset(
    {
        "additionalIdentifiers",
        "additionalClassifications",
        "classifications",
        "numbers",
    }
)
# the criteria of award and selection have no identifiers and are replaced; those of requirements have
_OF_RELEASE: Final = ("ocid", "id", "date", "tag")


def compiled(releases: Iterable[Json]) -> Json:
    """Return the compiled release of the releases of one process, the first one first."""
    told: Json = {}
    last: Json = {}
    for last in releases:
        merge(told, {name: value for name, value in last.items() if name not in _OF_RELEASE})
    head = {"ocid": last["ocid"], "id": f"{last['ocid']}-{last['date']}", "date": last["date"], "tag": ["compiled"]}
    return {**head, **told}


def merge(into: Json, later: Mapping[str, Any], *, keeps_null: bool = False) -> None:
    """Lay what a later release says over what was said before; `keeps_null` is for what becomes one release."""
    for name, value in later.items():
        if value is None and not keeps_null:
            into.pop(name, None)
        elif isinstance(value, Mapping):
            _merge_object(into, name, value, keeps_null)
        elif _has_keys(name, value):
            kept = into.setdefault(name, [])
            by_key = {one["id"]: one for one in kept}
            for one in value:
                if one["id"] not in by_key:
                    kept.append(by_key.setdefault(one["id"], {}))
                merge(by_key[one["id"]], one, keeps_null=keeps_null)
        else:
            into[name] = deepcopy(value)


def _merge_object(into: Json, name: str, value: Mapping[str, Any], keeps_null: bool) -> None:
    held = into.get(name)
    if not isinstance(held, dict):
        held = into[name] = {}
    merge(held, value, keeps_null=keeps_null)


def _has_keys(name: str, value: Any) -> bool:
    if name in _WHOLE or not isinstance(value, list) or not value:
        return False
    return all(isinstance(one, Mapping) and "id" in one for one in value)
