"""What an application changes, and the same changes made on a register that has moved on meanwhile."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from registry.domain.contents import PARTS, Content
from registry.models import Application


@dataclass(slots=True)
class Rebased:
    """A newer state of the register with the changes on top; `clashes` are paths of `mine` that both sides changed."""

    content: Content
    clashes: list[str] = field(default_factory=list)


def prefilled_of(application: Application) -> Content:
    """Return what the draft was begun with: for an amendment, what the register said then."""
    first = application.versions.order_by("version").values_list("patch", flat=True).first()
    return dict(first or {})


def changed_paths(base: Content, mine: Content) -> list[str]:
    """Return the paths that differ, in the order of the content; consents change nothing in the register."""
    paths = dict.fromkeys([*mine, *base])
    return [path for path in paths if base.get(path) != mine.get(path) and not path.startswith("consents/")]


def rebase(*, base: Content, mine: Content, current: Content) -> Rebased:
    """Make on `current` the changes that lead from `base` to `mine`; parts are known again by their `row`.

    Where both sides changed a field otherwise, `mine` stands and the path is named. A changed part that the register
    has no more is a clash as well and stays away.
    """
    renamed = {part: _new_keys(part, {**base, **mine}, current) for part in PARTS}
    result = Rebased(dict(current))
    for path in changed_paths(base, mine):
        target = _moved(path, renamed)
        if target is None:
            if not path.endswith("/removed"):
                result.clashes.append(path)
            continue
        value = _value(path, mine.get(path), renamed)
        was = _value(path, base.get(path), renamed)
        if current.get(target) not in (was, value):
            result.clashes.append(path)
        if value is None:
            result.content.pop(target, None)
        else:
            result.content[target] = value
    return result


def _new_keys(part: str, mine: Content, current: Content) -> dict[str, str | None]:
    """Return the key of every part in the newer content: of the same row, or a fresh one; none when the row is gone."""
    rows = {value: path.split("/")[1] for path, value in current.items() if _is_row(path, part)}
    taken = max((int(path.split("/")[1]) for path in current if path.startswith(f"{part}/")), default=0)
    found: dict[str, str | None] = {}
    for key in sorted({path.split("/")[1] for path in mine if path.startswith(f"{part}/")}, key=int):
        row = mine.get(f"{part}/{key}/row")
        if row is None:
            taken += 1
        found[key] = rows.get(row) if row is not None else str(taken)
    return found


def _is_row(path: str, part: str) -> bool:
    return path.startswith(f"{part}/") and path.endswith("/row")


def _moved(path: str, renamed: dict[str, dict[str, str | None]]) -> str | None:
    part, _slash, rest = path.partition("/")
    keys = renamed.get("services" if part == "criteria" else part)
    if keys is None:
        return path
    key, _slash, name = rest.partition("/")
    new = keys.get(key)
    return f"{part}/{new}/{name}" if new else None


def _value(path: str, value: Any, renamed: dict[str, dict[str, str | None]]) -> Any:
    if not path.endswith("/at_sites") or value is None:
        return value
    return sorted((new for key in value if (new := renamed["sites"].get(key))), key=int) or None
