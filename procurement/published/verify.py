"""Say whether a dossier of the portal is whole: every file is there, none is added and not a byte differs.

    python verify.py                 beside manifest.json, in the unpacked archive
    python verify.py dossier.zip     the archive as it was downloaded, or a folder

It needs Python 3.9 and nothing else, neither the portal nor the network. It ends with 0 when the dossier is whole and
with 1 when it is not; every file that differs, is missing or was added is named. What stands in log.jsonl is checked
entry by entry: the digest of each entry is computed anew from what the entry says.

It shows that nothing was changed since the manifest was made. Whoever made another manifest made another dossier, so
compare the digest that is printed with the one that the portal shows for this dossier.
"""

from __future__ import annotations

import hashlib
import json
import sys
import zipfile
import zlib
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

MANIFEST = "manifest.json"
LOG = "log.jsonl"
CHUNK = 1 << 20
# the columns of an entry in the order in which they are hashed
COLUMNS = ("seq", "at", "actor_role", "tag", "subject", "clause", "payload", "payload_digest", "prev_digest")


class Folder:
    """An unpacked dossier."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def names(self) -> set[str]:
        found = (path for path in self.root.rglob("*") if path.is_file() or path.is_symlink())
        return {path.relative_to(self.root).as_posix() for path in found}

    def read(self, name: str) -> bytes:
        return (self.root / name).read_bytes()


class Archive:
    """A dossier as it was downloaded."""

    def __init__(self, path: Path) -> None:
        self.file = zipfile.ZipFile(path)

    def names(self) -> set[str]:
        told = [info.filename for info in self.file.infolist() if not info.is_dir()]
        if len(told) != len(set(told)):
            raise zipfile.BadZipFile("a name stands in the archive twice")
        return set(told)

    def read(self, name: str) -> bytes:
        return self.file.read(name)


def tell(line: str) -> None:
    sys.stdout.write(f"{line}\n")


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def content_of(source: Folder | Archive, name: str) -> bytes | None:
    """Return the bytes of a file, or None where the archive itself cannot give them."""
    try:
        return source.read(name)
    except (KeyError, OSError, zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError):
        return None


def read_manifest(content: bytes) -> tuple[dict[str, Any], str]:
    """Return the files of the manifest and its digest; ValueError when it is not the one that was made."""
    told = json.loads(content.decode())
    text = json.dumps(told, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
    if text.encode() != content:
        raise ValueError("it is not written as the portal writes it")
    files = told["files"]
    said = json.dumps(
        {name: value for name, value in told.items() if name != "digest"},
        ensure_ascii=False,
        sort_keys=True,
        separators=(",", ":"),
    )
    if sha256(said.encode()) != told["digest"]:
        raise ValueError("its digest is not that of what it says")
    return {one["name"]: one for one in files}, told["digest"]


def faults_of_files(source: Folder | Archive, files: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield what is wrong with the files, by name."""
    names = source.names()
    for name in sorted(set(files) - names):
        yield "missing", name
    for name in sorted(names - set(files) - {MANIFEST}):
        yield "added", name
    for name in sorted(names & set(files)):
        content = content_of(source, name)
        if content is None or len(content) != files[name]["size"] or sha256(content) != files[name]["sha256"]:
            yield "differs", name


def faults_of_log(content: bytes) -> Iterator[tuple[str, str]]:
    """Yield the entries of the decision log that do not say what their digests were made of."""
    for number, line in enumerate(content.decode().splitlines(), 1):
        entry = json.loads(line)
        text = json.dumps([entry[name] for name in COLUMNS], ensure_ascii=False, separators=(",", ":"))
        if sha256(entry["payload"].encode()) != entry["payload_digest"] or sha256(text.encode()) != entry["digest"]:
            yield "differs", f"{LOG}, line {number}, entry {entry['seq']}"


def verify(source: Folder | Archive, say: Callable[[str], object] = tell) -> int:
    """Tell every fault and return how many there are."""
    content = content_of(source, MANIFEST)
    if content is None:
        say(f"missing   {MANIFEST}")
        return 1
    try:
        files, digest = read_manifest(content)
    except (ValueError, KeyError, TypeError) as error:
        say(f"differs   {MANIFEST} ({error})")
        return 1
    faults = list(faults_of_files(source, files))
    if LOG in files and not any(name == LOG for _kind, name in faults):
        try:
            faults += faults_of_log(source.read(LOG))
        except (ValueError, KeyError, TypeError) as error:
            faults.append(("differs", f"{LOG} ({error})"))
    for kind, name in faults:
        say(f"{kind:<9} {name}")
    if not faults:
        say(f"whole: {len(files)} files")
        say(f"manifest: {digest}")
    return len(faults)


def main(arguments: list[str]) -> int:
    place = Path(arguments[0]) if arguments else Path(__file__).resolve().parent
    try:
        source: Folder | Archive = Folder(place) if place.is_dir() else Archive(place)
        return 1 if verify(source) else 0
    except (OSError, zipfile.BadZipFile) as error:
        tell(f"differs   {place.name} ({error})")
        return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
