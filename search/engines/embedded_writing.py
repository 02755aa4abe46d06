"""Writing the directories of the embedded engine.

    writer.lock      held by whoever writes: a lock of the operating system, which dies with its process
    current          the name of the live index
    <name>/0, 1, …   the parts of an index; each entry of the register is in one of them with all its documents

A rebuild writes a directory of its own and then moves the name. The part 0 has the state of the index and is committed
last: of a writer that dies between two parts, others see some entries of the next batch early, none of them in halves.
"""

from __future__ import annotations

import shutil
from base64 import b64encode
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final

import orjson
import tantivy
from tantivy import Query

from portal.kernel import turns
from search.engines.embedded_query import STATE
from search.engines.interface import STATE_ID, IndexState

HEAP: Final = 64 * 1024 * 1024


def pointer(root: Path) -> Path:
    """Return the file that names the live index."""
    return root / "current"


def live_parts(root: Path) -> list[Path]:
    """Return the directories of the live index, none where there is no index that this program can read."""
    try:
        name = pointer(root).read_text().strip()
        return sorted(part for part in (root / name).iterdir() if part.is_dir())
    except FileNotFoundError:
        return []


class EmbeddedWriter:
    """Writes all parts of one index."""

    def __init__(self, indexes: Sequence[tantivy.Index], schema: tantivy.Schema) -> None:
        self._parts = [index.writer(HEAP, 1) for index in indexes]
        self._schema = schema

    def put(self, documents: Iterable[Mapping[str, Any]]) -> None:
        for document in documents:
            self.remove([document["id"]])
            told = {name: value for name, value in document.items() if value is not None and value != []}
            told["data"] = _packed(document["data"])
            self._parts[document["entry"] % len(self._parts)].add_json(orjson.dumps(told).decode())

    def remove(self, ids: Iterable[str]) -> None:
        for one in ids:
            for part in self._parts:
                part.delete_documents_by_term("id", one)

    def remove_of_entries(self, entry_ids: Iterable[int]) -> None:
        for one in entry_ids:
            # by a term, whole numbers are taken for signed ones and nothing is found
            query = Query.term_query(self._schema, "entry", one)
            self._parts[one % len(self._parts)].delete_documents_by_query(query)

    def commit(self, state: IndexState) -> None:
        self._parts[0].delete_documents_by_term("id", STATE_ID)
        told = {"id": STATE_ID, "kind": STATE, "entry": 0, "data": _packed(asdict(state))}
        self._parts[0].add_json(orjson.dumps(told).decode())
        for part in reversed(self._parts):
            part.commit()

    def close(self) -> None:
        for part in self._parts:
            with suppress(ValueError):
                part.rollback()
            with suppress(ValueError):
                part.wait_merging_threads()


@contextmanager
def writing(root: Path, schema: tantivy.Schema) -> Iterator[EmbeddedWriter | None]:
    """Open the live index for writing; None where there is none, or another process writes."""
    with _alone(root) as alone:
        parts = live_parts(root) if alone else []
        if not parts:
            yield None
            return
        writer = EmbeddedWriter([tantivy.Index.open(str(part)) for part in parts], schema)
        try:
            yield writer
        finally:
            writer.close()


@contextmanager
def rebuilding(root: Path, schema: tantivy.Schema, name: str, parts: int) -> Iterator[EmbeddedWriter | None]:
    """Make an index of so many parts that takes the place of the live one when the block ends well."""
    with _alone(root) as alone:
        if not alone:
            yield None
            return
        directory = root / name
        shutil.rmtree(directory, ignore_errors=True)
        writer = EmbeddedWriter([_made(directory / str(number), schema) for number in range(parts)], schema)
        try:
            yield writer
        except BaseException:
            writer.close()
            shutil.rmtree(directory, ignore_errors=True)
            raise
        writer.close()
        new = root / "current.new"
        new.write_text(name)
        new.replace(pointer(root))
        for old in root.iterdir():
            if old.is_dir() and old.name != name:
                shutil.rmtree(old, ignore_errors=True)


def _made(directory: Path, schema: tantivy.Schema) -> tantivy.Index:
    directory.mkdir(parents=True)
    return tantivy.Index(schema, path=str(directory))


def _alone(root: Path) -> AbstractContextManager[bool]:
    """Say whether this process may write the indexes of this directory."""
    return turns.alone(root / "writer.lock")


def _packed(data: Any) -> str:
    return b64encode(orjson.dumps(data)).decode()
