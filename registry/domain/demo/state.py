"""What the register remembers of its demonstration set: seed and size, or that it was told to remove it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from registry.models import ReferenceLoad

_NAME: Final = "demo"
_REMOVING, _REMOVED = "removing", "removed"


class DemoRefused(RuntimeError):  # noqa: N818 the name says what happened
    """Two sets do not stand in one register: remove the first one first."""

    def __init__(self, seed: int | None) -> None:
        super().__init__(seed)
        self.seed = seed


@dataclass(slots=True, frozen=True)
class DemoState:
    seed: int | None = None
    count: int = 0
    is_being_removed: bool = False
    was_removed: bool = False

    def refuse_other_seed(self, seed: int) -> None:
        if self.is_being_removed or (self.seed is not None and self.seed != seed):
            raise DemoRefused(self.seed)


def read() -> DemoState:
    """Return the state; a register that never had a set has the empty one."""
    text = ReferenceLoad.objects.filter(name=_NAME).values_list("digest", flat=True).first() or ""
    if text in (_REMOVING, _REMOVED):
        return DemoState(is_being_removed=text == _REMOVING, was_removed=text == _REMOVED)
    seed, _, count = text.partition(":")
    return DemoState(int(seed), int(count)) if text else DemoState()


def write_count(seed: int, count: int) -> None:
    _write(f"{seed}:{count}")


def write_removing() -> None:
    _write(_REMOVING)


def write_removed() -> None:
    _write(_REMOVED)


def _write(text: str) -> None:
    ReferenceLoad.objects.update_or_create(name=_NAME, defaults={"digest": text})
