"""What the demonstration tells, read from `procurement/reference/demo/`: hromadas, competitions, contracts, words."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any, Final

FOLDER: Final = Path(__file__).resolve().parents[2] / "reference" / "demo"


@cache
def hromadas() -> list[dict[str, Any]]:
    return _read("hromadas")


@cache
def competitions() -> list[dict[str, Any]]:
    return _read("competitions")


@cache
def contracts() -> list[dict[str, Any]]:
    return _read("contracts")


@cache
def texts() -> dict[str, Any]:
    return _read("texts")


def _read(name: str) -> Any:
    return json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))
