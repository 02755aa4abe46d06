"""What an import says about a file: counts, every fault by row and column, and what would change."""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict, dataclass, field
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

KEPT_FAULTS: Final = 1_000
KEPT_CHANGES: Final = 200
SHORT: Final = 80
HIDDEN: Final = "•••"


class CellFault(ValidationError):  # noqa: N818 named for what the reader of the report sees
    """A cell that cannot be taken; `code` is stable, the message is for people."""

    def __init__(self, code: str, reason: str | Promise, **params: object) -> None:
        super().__init__(reason, code=code, params=params or None)


class FileFault(Exception):  # noqa: N818
    """The file as a whole cannot be read, or its header cannot be understood."""

    def __init__(self, code: str, reason: str, *, row: int | None = None, column: str = "", value: str = "") -> None:
        super().__init__(reason)
        self.fault = Fault(row, column, shortened(value), reason, code)


@dataclass(frozen=True, slots=True)
class Fault:
    """Where and why: the row as the file counts (the header is 1; None is the whole file), column, value, reason."""

    row: int | None
    column: str
    value: str
    reason: str
    code: str

    def __str__(self) -> str:
        place = _("row %(row)s") % {"row": self.row} if self.row else _("the file")
        column = f", {self.column}" if self.column else ""
        value = f" «{self.value}»" if self.value else ""
        return f"{place}{column}{value}: {self.reason}"


@dataclass(frozen=True, slots=True)
class Change:
    """What one provider gains or would gain, for a preview: (field, old, new) as texts."""

    row: int
    number: str
    name: str
    kind: str
    fields: list[tuple[str, str, str]]


@dataclass(slots=True)
class ImportReport:
    """The outcome of one run; lists are capped, counts are not."""

    file_name: str
    dry_run: bool = False
    partial: bool = False
    column_map: str = ""
    applied: bool = False
    rows: int = 0
    created: int = 0
    changed: int = 0
    unchanged: int = 0
    # rows with at least one fault
    faulty: int = 0
    fault_count: int = 0
    by_code: Counter[str] = field(default_factory=Counter)
    faults: list[Fault] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    sha256: str = ""
    # keys of the hromadas (or oblasts) of the entries touched; zero for an entry without a place
    places: set[int] = field(default_factory=set)

    def add(self, fault: Fault) -> None:
        self.fault_count += 1
        self.by_code[fault.code] += 1
        if len(self.faults) < KEPT_FAULTS:
            self.faults.append(fault)

    @property
    def is_clean(self) -> bool:
        return self.fault_count == 0

    @property
    def changes_anything(self) -> bool:
        return bool(self.created or self.changed)

    def as_json(self) -> dict[str, Any]:
        """Return plain data for `ImportRun.report`."""
        plain = asdict(self)
        plain["by_code"] = dict(self.by_code)
        del plain["places"]
        return plain

    def summary(self) -> list[str]:
        """Return the outcome in a few sentences."""
        lines = [
            ngettext("%(count)s row read.", "%(count)s rows read.", self.rows) % {"count": self.rows},
            *self.notes,
        ]
        if self.fault_count:
            lines.append(
                ngettext("%(count)s fault found.", "%(count)s faults found.", self.fault_count)
                % {"count": self.fault_count}
            )
        lines.append(self._verdict())
        return lines

    def _verdict(self) -> str:
        counts = {"created": self.created, "changed": self.changed, "unchanged": self.unchanged}
        if self.fault_count and not self.partial:
            return _("Nothing was entered: correct the file, or ask for the faultless rows only.")
        if not self.changes_anything:
            return _("No change.") if self.rows else _("Nothing to enter.")
        if self.dry_run:
            return (
                _("Trial run, nothing was entered. New: %(created)s, changed: %(changed)s, as before: %(unchanged)s.")
                % counts
            )
        return _("Entered. New: %(created)s, changed: %(changed)s, as before: %(unchanged)s.") % counts


def shortened(value: object) -> str:
    """Return one line of at most 80 characters, safe to show."""
    text = "".join(character if character.isprintable() else " " for character in str(value)[: SHORT + 1])
    return text if len(text) <= SHORT else text[: SHORT - 1] + "…"
