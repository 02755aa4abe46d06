"""What a column of an import file is."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from django.utils.functional import Promise

from registry.interfaces.importing.widgets import CellWidget


class Part(StrEnum):
    """What a column speaks of."""

    KEY = "key"
    PROVIDER = "provider"
    CONTACT = "contact"
    SITE = "site"
    SERVICE = "service"


@dataclass(frozen=True, slots=True)
class Column:
    name: str
    part: Part
    widget: CellWidget
    meaning: str | Promise
    example: str
    aliases: tuple[str, ...] = ()
