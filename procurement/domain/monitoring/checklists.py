"""What a checklist is as data, what refuses one that would not work, and which one a contract is visited by."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

from portal.kernel.models.reference import in_language
from procurement.contract_enums import Severity
from procurement.models import ChecklistVersion, Contract

_CODE: Final = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
# made on a device for what the checklist does not ask; no item may be called so
EXTRA: Final = "extra-"
LONGEST_CODE: Final = 60
_TEXTS: Final = ("text_uk", "text_en", "part_uk", "part_en", "hint_uk", "hint_en", "citation", "kind")
_ITEM: Final = frozenset({"code", "severity", "verified", *_TEXTS})


@dataclass(frozen=True, slots=True)
class Item:
    """One thing to look at: `citation` names the act that asks it, `kind` and `severity` are offered for a finding."""

    code: str
    text: str
    part: str
    hint: str
    citation: str
    is_verified: bool
    severity: str
    kind: str


def items_of(version: ChecklistVersion | None) -> list[Item]:
    """Return the items in their order, in the language now read; none where there is no checklist."""
    rows = version.definition["items"] if version else ()
    return [_item(row) for row in rows]


def checklist_for(contract: Contract) -> ChecklistVersion | None:
    """Return the newest checklist that names most services of the contract, else the one for all; or nothing."""
    services = set(contract.services)
    newest: dict[str, ChecklistVersion] = {}
    for version in ChecklistVersion.objects.order_by("code", "number"):
        newest[version.code] = version
    fits = [(len(services & set(one.definition["services"])), one) for one in newest.values()]
    named = [(count, one) for count, one in fits if count]
    if named:
        return max(named, key=lambda pair: (pair[0], pair[1].pk))[1]
    return next((one for _count, one in fits if not one.definition["services"]), None)


def require_checklist(definition: Any) -> None:
    """Raise `ValueError`, naming every place, for a definition that is not as `reference/README.md` says."""
    faults = list(_faults(definition))
    if faults:
        raise ValueError("; ".join(faults))


def _item(row: dict[str, Any]) -> Item:
    def words(name: str) -> str:
        return in_language(row.get(f"{name}_uk", ""), row.get(f"{name}_en", ""))

    return Item(
        code=row["code"],
        text=words("text"),
        part=words("part"),
        hint=words("hint"),
        citation=row.get("citation", ""),
        is_verified=bool(row.get("verified")),
        severity=row.get("severity", Severity.MINOR),
        kind=row.get("kind", ""),
    )


def _faults(definition: Any) -> Iterable[str]:
    if not isinstance(definition, dict) or set(definition) != {"services", "items"}:
        yield "a checklist has `services` and `items`, nothing else"
        return
    services, items = definition["services"], definition["items"]
    if not isinstance(services, list) or not all(isinstance(one, str) and _CODE.fullmatch(one) for one in services):
        yield "services: a list of slugs"
    if not isinstance(items, list) or not items:
        yield "items: at least one"
        return
    seen: set[str] = set()
    for place, row in enumerate(items, 1):
        yield from (f"items/{place}: {fault}" for fault in _item_faults(row))
        code = row.get("code") if isinstance(row, dict) else None
        if isinstance(code, str):
            if code in seen:
                yield f"items/{place}: the code {code} stands twice"
            seen.add(code)


def _item_faults(row: Any) -> Iterable[str]:
    if not isinstance(row, dict):
        yield "an object"
        return
    code = row.get("code")
    if not isinstance(code, str) or not _CODE.fullmatch(code) or len(code) > LONGEST_CODE or code.startswith(EXTRA):
        yield "code: a slug that does not begin with “extra-”"
    if not isinstance(row.get("text_uk"), str) or not row["text_uk"].strip():
        yield "text_uk: what is looked at"
    if row.get("severity", Severity.MINOR) not in Severity.values:
        yield "severity: minor, major or critical"
    if not isinstance(row.get("verified", False), bool):
        yield "verified: true or false"
    if unknown := sorted(set(row) - _ITEM):
        yield f"unknown: {', '.join(unknown)}"
    if wrong := [name for name in _TEXTS if not isinstance(row.get(name, ""), str)]:
        yield f"not a text: {', '.join(wrong)}"
