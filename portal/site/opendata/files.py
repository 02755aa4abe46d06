"""Files of a snapshot as they are written: piece by piece, counted and digested on the way."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any, BinaryIO, Final

JSON: Final = "application/json"
# by the ending of the name
MEDIA_TYPES: Final = {
    ".csv": "text/csv",
    ".json": JSON,
    ".jsonl": "application/x-ndjson",
    ".md": "text/markdown",
    ".py": "text/x-python",
    ".ttl": "text/turtle",
    ".zip": "application/zip",
}


@dataclass(frozen=True, slots=True)
class Written:
    """A file that is whole; `rows` where it is a list."""

    name: str
    size: int
    sha256: str
    rows: int | None = None


class Stream:
    """A file that is being written."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._sum = sha256()
        self.size = 0

    def write(self, content: bytes) -> None:
        self._file.write(content)
        self._sum.update(content)
        self.size += len(content)

    @property
    def digest(self) -> str:
        return self._sum.hexdigest()


@dataclass(slots=True)
class Output:
    """The folder of a snapshot; `written` knows every file in it by name."""

    root: Path
    written: dict[str, Written] = field(default_factory=dict)

    @contextmanager
    def stream(self, name: str) -> Iterator[Stream]:
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("xb") as file:
            stream = Stream(file)
            yield stream
        self.written[name] = Written(name, stream.size, stream.digest)

    def counted(self, name: str, rows: int) -> None:
        """Say how many rows a file that is whole has."""
        one = self.written[name]
        self.written[name] = Written(one.name, one.size, one.sha256, rows)

    def put(self, name: str, content: bytes) -> None:
        with self.stream(name) as stream:
            stream.write(content)

    def put_json(self, name: str, value: Mapping[str, Any]) -> None:
        self.put(name, pretty(value))

    def put_list(self, name: str, items: Iterable[Mapping[str, Any]]) -> None:
        """Write a list that is never in memory as a whole."""
        count = 0
        with self.stream(name) as stream:
            stream.write(b"[")
            for count, item in enumerate(items, 1):
                stream.write((b",\n" if count > 1 else b"\n") + compact(item))
            stream.write(b"\n]\n")
        self.counted(name, count)

    def put_lines(self, name: str, items: Iterable[Mapping[str, Any]]) -> None:
        """Write an object on each line."""
        count = 0
        with self.stream(name) as stream:
            for count, item in enumerate(items, 1):  # noqa: B007 the last number is the count
                stream.write(compact(item) + b"\n")
        self.counted(name, count)


def compact(value: Any) -> bytes:
    """Write JSON in the one way that depends on nothing but the value."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def pretty(value: Any) -> bytes:
    return (json.dumps(value, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode()
