"""An archive that anybody can check without the portal: its files, a manifest of their digests, a script that compares.

The same facts give the same bytes. `manifest.json` names every other file with size and SHA-256, and carries the digest
of what it says itself; `verify.py` needs Python alone and names each file that differs, is missing or was added.
"""

from __future__ import annotations

import json
import tempfile
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from hashlib import sha256
from importlib.resources import files
from pathlib import Path
from typing import IO, Any, Final

from django.utils.translation import gettext as _

from portal.kernel import audit
from portal.kernel.models import LogEntry
from portal.kernel.models.log import moment_text

# the first moment that the format knows: an archive that depends on its files alone
_NEVER: Final = (1980, 1, 1, 0, 0, 0)
_READABLE: Final = 0o644 << 16
_UNIX: Final = 3
# what is kept in memory while it is packed
_IN_MEMORY: Final = 4 * 2**20
SUMS: Final = "SHA256SUMS"
MANIFEST: Final = "manifest.json"
SCRIPT: Final = "verify.py"
_FORMAT: Final = 1


@dataclass(frozen=True, slots=True)
class Part:
    """A file of the archive: its content, or where that lies."""

    name: str
    about: str
    digest: str
    content: bytes = b""
    path: Path | None = None

    @property
    def size(self) -> int:
        return self.path.stat().st_size if self.path else len(self.content)

    def read(self) -> bytes:
        return self.path.read_bytes() if self.path else self.content


@dataclass(frozen=True, slots=True)
class Dossier:
    """All parts of an archive in their order; `about` says in the manifest what it is a dossier of."""

    parts: tuple[Part, ...]
    about: Mapping[str, str] = field(default_factory=dict)

    @property
    def sums(self) -> str:
        """The digests as `sha256sum --check` reads them."""
        return "".join(f"{one.digest}  {one.name}\n" for one in self.parts)

    @property
    def manifest(self) -> dict[str, Any]:
        """What `verify.py` compares with; its own digest stands for the whole archive."""
        listed = [*self.parts, text_part(SUMS, _("Digests as sha256sum reads them"), self.sums)]
        told: dict[str, Any] = {
            **self.about,
            "format": _FORMAT,
            "files": [{"name": one.name, "sha256": one.digest, "size": one.size} for one in listed],
        }
        return {**told, "digest": audit.digest_of(told)}

    @property
    def digest(self) -> str:
        return str(self.manifest["digest"])


def pack(dossier: Dossier) -> IO[bytes]:
    """Write the archive and return it, to be read from its beginning."""
    file = tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115 whoever sends it closes it
    rest = (json_part(MANIFEST, "", dossier.manifest), text_part(SUMS, "", dossier.sums))
    with zipfile.ZipFile(file, "w") as archive:
        for one in (*dossier.parts, *rest):
            info = zipfile.ZipInfo(one.name, _NEVER)
            info.compress_type, info.create_system, info.external_attr = zipfile.ZIP_DEFLATED, _UNIX, _READABLE
            archive.writestr(info, one.read(), compresslevel=9)
    file.seek(0)
    return file


def script_part() -> Part:
    """Return the script that checks the archive it lies in."""
    return text_part(SCRIPT, _("Says whether every file is here and unchanged"), _script())


@cache
def _script() -> str:
    return files("procurement.published").joinpath(SCRIPT).read_text(encoding="utf-8")


def log_part(entries: Iterable[LogEntry], about: str) -> Part:
    """Return entries of the decision log, a line for each, with the very characters that were hashed."""
    lines = (json.dumps(_entry(one), ensure_ascii=False) for one in entries)
    return text_part("log.jsonl", about, "".join(f"{line}\n" for line in lines))


def _entry(entry: LogEntry) -> dict[str, Any]:
    told = {name: getattr(entry, name) for name in audit.COLUMNS}
    return {**told, "at": moment_text(told["at"])}


def text_part(name: str, about: str, text: str) -> Part:
    return bytes_part(name, about, text.encode())


def bytes_part(name: str, about: str, content: bytes) -> Part:
    return Part(name, about, sha256(content).hexdigest(), content)


def json_part(name: str, about: str, value: Mapping[str, Any] | Sequence[Any]) -> Part:
    return text_part(name, about, json.dumps(value, ensure_ascii=False, indent=1, sort_keys=True) + "\n")
