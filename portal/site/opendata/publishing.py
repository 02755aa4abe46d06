"""Publishing a snapshot: everything public of one moment as files, the same bytes for the same state.

A folder appears whole or not at all: it is written aside and put in its place by a rename. `published.kept` knows those
that the clock has published, `zipped` makes of one the archive that is downloaded.
"""

from __future__ import annotations

import os
import shutil
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.utils import translation

from portal.kernel.models.log import moment_text
from portal.site.opendata import difference, manifest, package, standards
from portal.site.opendata.files import Output
from portal.site.opendata.published import readme, script
from portal.site.opendata.state import State
from portal.site.opendata.tables import TABLES
from portal.site.opendata.tables.writing import Progress, write_table

# the first moment that the format knows: an archive that depends on its files alone
_NEVER: Final = (1980, 1, 1, 0, 0, 0)
_READABLE: Final = 0o644 << 16
_UNIX: Final = 3
_PIECE: Final = 1 << 20
Tell = Callable[[str], object]


class NotASnapshotError(ValueError):
    """The folder to write into holds something that is no snapshot."""


@dataclass(frozen=True, slots=True)
class Published:
    """What was published."""

    folder: Path
    digest: str
    files: int
    size: int
    rows: int
    difference: dict[str, Any] | None


def publish(
    folder: Path, *, previous: Path | None = None, progress: Progress | None = None, tell: Tell | None = None
) -> Published:
    """Write a snapshot into a folder that is new, empty or an older snapshot, and return what it came to.

    `previous` is the folder of the snapshot to compare with; `progress` is told rows, `tell` the name of each file that
    is begun. Raises `NotASnapshotError`, and OSError or ValueError where `previous` cannot be read.
    """
    _refuse_strangers(folder)
    if previous is not None:
        manifest.read_manifest(previous)
    aside = folder.parent / f".{folder.name}.{os.getpid()}.part"
    shutil.rmtree(aside, ignore_errors=True)
    aside.mkdir(parents=True)
    try:
        # whoever publishes: words of the tables are those of the portal's first language
        with translation.override(settings.LANGUAGE_CODE):
            done = _write(Output(aside), folder, previous, progress, tell or (lambda _name: None))
        _put_in_place(aside, folder)
    finally:
        shutil.rmtree(aside, ignore_errors=True)
    return done


def _write(output: Output, folder: Path, previous: Path | None, progress: Progress | None, tell: Tell) -> Published:
    with standards.reading_with_feed() as state:
        for table in TABLES:
            tell(table.name)
            write_table(output, table, state, progress)
        standards.write_standards(output, state, tell)
        follow = standards.where_the_feed_stands()
    tell(package.NAME)
    output.put_json(package.NAME, package.package(state, TABLES, output.written))
    _put_head(output, state)
    told = None
    if previous is not None:
        tell(difference.NAME)
        digests = {name: one.sha256 for name, one in output.written.items()}
        told = difference.difference(output.root, previous, digests)
        output.put_json(difference.NAME, told)
    _put_catalogue(output, state)
    output.put("README.md", readme().encode())
    output.put("verify.py", script())
    manifest.write_sums(output)
    whole = manifest.write_manifest(output, state, follow, told)
    files = list(output.written.values())
    rows = sum(one.rows or 0 for one in files if one.name.endswith(".csv"))
    return Published(folder, whole["digest"], len(files), sum(one.size for one in files), rows, told)


def _put_head(output: Output, state: State) -> None:
    """Write where the decision log ended: whoever has the log can tell whether its tail was changed since."""
    head = {"seq": state.log_seq, "digest": state.log_digest, "moment": moment_text(state.moment)}
    output.put_json("log/head.json", head)


def _put_catalogue(output: Output, state: State) -> None:
    # whoever only serves pages has no need of a library of graphs in memory
    from portal.site.opendata import catalogue  # noqa: PLC0415

    output.put(catalogue.NAME, catalogue.catalogue(state, TABLES, output.written))


def _refuse_strangers(folder: Path) -> None:
    """Refuse a folder that holds anything but a snapshot: all that is in it goes when the new one takes its place."""
    if not folder.exists():
        return
    if not folder.is_dir() or (any(folder.iterdir()) and _strangers(folder)):
        raise NotASnapshotError(f"{folder} holds something that is no snapshot")


def _strangers(folder: Path) -> set[str]:
    """Return the files that no manifest of a snapshot names."""
    found = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if not path.is_dir()}
    try:
        told = manifest.read_manifest(folder)
    except (OSError, ValueError):
        return found or {folder.name}
    return found - {manifest.NAME, *(str(one["name"]) for one in told["files"])}


def _put_in_place(aside: Path, folder: Path) -> None:
    """Rename the whole folder to its name; an older snapshot of that name goes first."""
    if folder.exists():
        old = aside.with_suffix(".old")
        folder.rename(old)
        aside.rename(folder)
        shutil.rmtree(old)
    else:
        aside.rename(folder)


def zipped(folder: Path, archive: Path) -> None:
    """Write the snapshot as one archive, the same bytes for the same files."""
    aside = archive.with_name(f".{archive.name}.{os.getpid()}.part")
    try:
        with zipfile.ZipFile(aside, "w", allowZip64=True) as packed:
            for path in sorted(path for path in folder.rglob("*") if path.is_file()):
                info = zipfile.ZipInfo(path.relative_to(folder).as_posix(), _NEVER)
                info.compress_type, info.create_system, info.external_attr = zipfile.ZIP_DEFLATED, _UNIX, _READABLE
                with path.open("rb") as source, packed.open(info, "w", force_zip64=True) as target:
                    shutil.copyfileobj(source, target, _PIECE)
        aside.rename(archive)
    finally:
        aside.unlink(missing_ok=True)
