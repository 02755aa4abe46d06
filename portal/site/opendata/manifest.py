"""The manifest of a snapshot: every file with its SHA-256, the state that it was made of, where the log stood.

It is written as that of a dossier (`procurement.interfaces.archive`), so that the same `verify.py` checks both.
"""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final

from portal.kernel import audit
from portal.kernel.models.log import moment_text
from portal.site.opendata.files import Output
from portal.site.opendata.package import LICENCE
from portal.site.opendata.state import State

NAME: Final = "manifest.json"
SUMS: Final = "SHA256SUMS"
_OF: Final = "poruch"
_FORMAT: Final = 1
# what the manifest repeats of difference.json
_DIFFERENCE: Final = ("added", "changed", "removed", "previous")


def write_sums(output: Output) -> None:
    """Write the digests as `sha256sum --check` reads them."""
    lines = (f"{one.sha256}  {one.name}\n" for one in sorted(output.written.values(), key=lambda one: one.name))
    output.put(SUMS, "".join(lines).encode())


def write_manifest(
    output: Output, state: State, feed: dict[str, Any], difference: dict[str, Any] | None
) -> dict[str, Any]:
    """Write the manifest, the last of all files, and return it; its own digest stands for the whole snapshot."""
    files = [asdict(one) for one in sorted(output.written.values(), key=lambda one: one.name)]
    told: dict[str, Any] = {
        "snapshot_of": _OF,
        "format": _FORMAT,
        "moment": moment_text(state.moment),
        "revision": state.revision,
        "log": {"seq": state.log_seq, "digest": state.log_digest},
        "feed": feed,
        "licence": LICENCE["name"],
        "files": [{name: value for name, value in one.items() if value is not None} for one in files],
    }
    if difference is not None:
        told["difference"] = {name: difference[name] for name in _DIFFERENCE}
    manifest = {**told, "digest": audit.digest_of(told)}
    output.put_json(NAME, manifest)
    return manifest


def read_manifest(folder: Path) -> dict[str, Any]:
    """Return the manifest of a snapshot; raises OSError or ValueError when there is none that can be read."""
    told = json.loads((folder / NAME).read_text(encoding="utf-8"))
    if not isinstance(told, dict) or told.get("snapshot_of") != _OF or "files" not in told or "digest" not in told:
        raise ValueError(f"{folder} has no manifest of a snapshot")
    return told
