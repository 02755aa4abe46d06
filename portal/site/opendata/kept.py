"""Snapshots that the clock publishes: one a day in a folder of its own, the archive of it beside, so many days kept."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.utils import timezone

from portal.kernel import turns
from portal.site.opendata import manifest
from portal.site.opendata.publishing import Published, publish, zipped

_DAY: Final = re.compile(r"20[0-9]{2}-[01][0-9]-[0-3][0-9]")
_PIECE: Final = 1 << 20


@dataclass(frozen=True, slots=True)
class KeptFile:
    """A file of a snapshot, or the archive of it, as it is handed out."""

    path: Path
    name: str
    size: int
    sha256: str
    rows: int | None = None


@dataclass(frozen=True)
class Kept:
    """A snapshot that is kept: its manifest, its archive, its files."""

    day: date
    folder: Path
    manifest: dict[str, Any]
    archive: KeptFile | None

    @property
    def name(self) -> str:
        return self.day.isoformat()

    @property
    def moment(self) -> datetime:
        return datetime.fromisoformat(self.manifest["moment"])

    @property
    def size(self) -> int:
        return sum(one["size"] for one in self.manifest["files"])

    @property
    def files(self) -> dict[str, KeptFile]:
        """Every file by its name, the manifest too; what the manifest does not name is not handed out."""
        told = {
            one["name"]: KeptFile(self.folder / one["name"], one["name"], one["size"], one["sha256"], one.get("rows"))
            for one in self.manifest["files"]
        }
        path = self.folder / manifest.NAME
        return {**told, manifest.NAME: KeptFile(path, manifest.NAME, path.stat().st_size, self.manifest["digest"])}


def root() -> Path:
    return Path(settings.SNAPSHOTS_DIR)


def kept() -> list[Kept]:
    """Return the snapshots that are kept, the latest first."""
    return [one for name in _days() if (one := kept_on(name))]


def _days() -> list[str]:
    if not root().is_dir():
        return []
    return sorted((path.name for path in root().iterdir() if _DAY.fullmatch(path.name)), reverse=True)


def kept_on(name: str) -> Kept | None:
    """Return the snapshot of a day, written as the folder is; None where there is none."""
    if not _DAY.fullmatch(name):
        return None
    folder = root() / name
    try:
        told = _manifest(folder, (folder / manifest.NAME).stat().st_mtime_ns)
        return Kept(date.fromisoformat(name), folder, told, _archive(name))
    except (OSError, ValueError):
        return None


def latest() -> Kept | None:
    return next((one for name in _days() if (one := kept_on(name))), None)


@lru_cache(maxsize=128)
def _manifest(folder: Path, _changed: int) -> dict[str, Any]:
    return manifest.read_manifest(folder)


def _archive(name: str) -> KeptFile | None:
    path = root() / f"{name}.zip"
    try:
        digest = path.with_suffix(".zip.sha256").read_text(encoding="ascii").split()[0]
        return KeptFile(path, path.name, path.stat().st_size, digest)
    except (OSError, IndexError):
        return None


# --- by the clock ----------------------------------------------------------------------------------------------------


def is_due(now: datetime) -> bool:
    """Say whether the snapshot of the day is still to be made: at night, or at once where there is none at all."""
    local = timezone.localtime(now)
    if not settings.SNAPSHOTS_KEPT or kept_on(local.date().isoformat()):
        return False
    return local.hour >= settings.SNAPSHOT_HOUR or latest() is None


@contextmanager
def turn() -> Iterator[bool]:
    """Say whether this is the one process, and the one thread of it, that may publish; the turn ends with the block."""
    root().mkdir(parents=True, exist_ok=True)
    with turns.alone(root().with_suffix(".lock")) as taken:
        yield taken


def publish_due(now: datetime) -> Published | None:
    """Publish the snapshot of the day if it is due and nobody else is at it, with the difference to the one before."""
    if not is_due(now):
        return None
    with turn() as is_ours:
        return _publish(now) if is_ours else None


def _publish(now: datetime) -> Published:
    """Publish the snapshot of the day and drop the oldest."""
    day = timezone.localdate(now).isoformat()
    before = latest()
    _sweep()
    # the archive first: the folder says that everything is there
    aside = root() / f".{day}"
    done = publish(aside, previous=before.folder if before else None)
    archive = root() / f"{day}.zip"
    zipped(aside, archive)
    archive.with_suffix(".zip.sha256").write_text(f"{_digest(archive)}  {archive.name}\n", encoding="ascii")
    aside.rename(root() / day)
    _forget()
    return done


def _sweep() -> None:
    """Take away what runs that were killed have left."""
    for path in root().glob(".*"):
        shutil.rmtree(path) if path.is_dir() else path.unlink()


def _forget() -> None:
    for name in _days()[settings.SNAPSHOTS_KEPT :]:
        # the folder first: a snapshot without its archive is one, an archive alone is none
        shutil.rmtree(root() / name, ignore_errors=True)
        for path in _beside(name):
            with suppress(FileNotFoundError):
                path.unlink()


def _beside(name: str) -> Iterator[Path]:
    yield root() / f"{name}.zip"
    yield root() / f"{name}.zip.sha256"


def _digest(path: Path) -> str:
    found = sha256()
    with path.open("rb") as file:
        while piece := file.read(_PIECE):
            found.update(piece)
    return found.hexdigest()
