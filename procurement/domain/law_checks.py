"""What is wrong in a policy of competitions as an administrator wrote it, before anything rests on it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from django.utils.translation import gettext as _

from procurement.domain.forms.definition import Form, form_of
from procurement.models import FormVersion, RubricVersion

# what the portal can look up itself before admission; an item without one is judged by people alone
CHECKS: Final = ("", "form", "documents", "standing", "ceiling")
_SHARE: Final = re.compile(r"([1-9][0-9]?)/([1-9][0-9]?)")
_CODE: Final = re.compile(r"[a-z][a-z0-9_-]{0,59}")
_OF_ITEM: Final = {"code", "check", "text_uk", "text_en"}


def policy_faults(values: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield (field, sentence) of all that is wrong; a field that is missing was refused already."""
    for name in ("legal_forms", "sectors"):
        told = values.get(name, [])
        if not isinstance(told, list) or not all(isinstance(one, str) for one in told):
            yield name, _("This is a list of codes.")
    share = _SHARE.fullmatch(values.get("quorum_share") or "1/1")
    if share is None or int(share[1]) > int(share[2]):
        yield "quorum_share", _("Write the share as a fraction, such as 1/2.")
    yield from (("admission", fault) for fault in _admission(values.get("admission", [])))
    yield from _templates(values)


def _admission(items: Any) -> Iterator[str]:
    if not isinstance(items, list):
        yield _("This is a list of items.")
        return
    seen: set[str] = set()
    for item in items:
        code = item.get("code") if isinstance(item, Mapping) else None
        if not isinstance(code, str) or not _CODE.fullmatch(code) or code in seen:
            yield _("The code of an item is a word of its own: %(code)s.") % {"code": code}
            continue
        seen.add(code)
        if set(item) - _OF_ITEM or not item.get("text_uk") or item.get("check", "") not in CHECKS:
            words = _("%(code)s: an item has “text_uk”, “text_en” and “check”: nothing, or one of %(checks)s.")
            yield words % {"code": code, "checks": ", ".join(filter(None, CHECKS))}


def _templates(values: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Judge the form, the rubric, and whether the sum asked for stands where the policy says."""
    form = FormVersion.objects.filter(code=values.get("form") or "").order_by("-number").first()
    if values.get("form") and form is None:
        yield "form", _("There is no form with this code.")
    if values.get("rubric") and not RubricVersion.objects.filter(code=values["rubric"]).exists():
        yield "rubric", _("There is no rubric with this code.")
    path = values.get("asked_path")
    if path and form is not None and not _is_number_at(form_of(form.definition, {}), path):
        yield "asked_path", _("The form has no number there; in a table of lots the row is written {lot}.")


def _is_number_at(form: Form, path: str) -> bool:
    field = form.field(path)
    if field is None:
        above, _slash, name = path.rpartition("/")
        table, _slash, row = above.rpartition("/")
        owner = form.field(table)
        field = owner.column(name) if owner is not None and owner.of_lots and row == "{lot}" else None
    return field is not None and field.kind in ("number", "money", "calculated")
