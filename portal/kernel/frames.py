"""A draft as a file that people keep and bring back: which kind it is, of which version, and whether it is whole."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from portal.kernel import audit
from portal.kernel.workflow import StepRefused


@dataclass(frozen=True, slots=True)
class Frame:
    """What files of one kind have in common; `owner` is the key under which a file names the thing it was made of."""

    format: str
    version: int
    owner: str
    most: int
    too_large: str | Promise
    not_one: str | Promise

    def read(self, data: bytes) -> dict[str, Any]:
        """Return what the file holds, or raise `StepRefused` with the reason it is not taken."""
        if len(data) > self.most:
            raise StepRefused(self.too_large)
        try:
            frame = json.loads(data.decode("utf-8-sig"), parse_constant=_no_such_number)
        except (ValueError, RecursionError):
            raise StepRefused(self.not_one) from None
        if not isinstance(frame, dict) or frame.get("format") != self.format:
            raise StepRefused(self.not_one)
        if not isinstance(frame.get("content"), dict) or not isinstance(frame.get(self.owner), str):
            raise StepRefused(self.not_one)
        if frame.get("format_version") != self.version or type(frame.get("version")) is not int:
            raise StepRefused(_("This file was made by another version of the portal."))
        if not _is_whole(frame):
            raise StepRefused(_("The file was changed or damaged after it was exported."))
        return frame


def _is_whole(frame: dict[str, Any]) -> bool:
    try:
        return bool(audit.digest_of(frame["content"]) == frame.get("digest"))
    except (TypeError, ValueError, RecursionError):
        return False


def _no_such_number(name: str) -> None:
    raise ValueError(name)
