"""From what a page or its script sends to a patch of the draft: answers read by the forms of their paths."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from django.http import QueryDict
from django.utils.translation import gettext as _

from registry.domain.contents import Content
from registry.interfaces.application_forms import FORMS
from registry.interfaces.application_path_form import Known, Patch, PathForm

SINGLE: Final = ("organisation", "about", "consents", "exclusion")
MANY: Final = ("sites", "contacts", "services")
_LONGEST_PATH: Final = 200
# what the fields of a page began with: the version of the draft they were read at, and the value
Base = dict[str, tuple[int, Any]]


@dataclass(slots=True)
class Told:
    """What came in: the values to save, and those that are not well formed, with the reason."""

    patch: Patch = field(default_factory=dict)
    refused: dict[str, str] = field(default_factory=dict)


def split_path(path: str) -> tuple[str, str]:
    """Return the form that a path belongs to and the name of its field there; empty for what is no such path."""
    part, *rest = path.split("/")
    keys = 0 if part in SINGLE else 1 if part in MANY else 2 if part == "criteria" else -1
    if keys < 0 or len(rest) <= keys or len(path) > _LONGEST_PATH:
        return "", ""
    return "/".join([part, *rest[:keys]]), "/".join(rest[keys:])


def forms_of(content: Content, paths: Iterable[str], known: Known, data: Any = None) -> list[PathForm]:
    """Return the forms of just these fields, in the order of the paths; what has no form is left out."""
    wanted: dict[str, list[str]] = {}
    for path in paths:
        prefix, name = split_path(path)
        if prefix:
            wanted.setdefault(prefix, []).append(name)
    return [
        FORMS[prefix.split("/")[0]](prefix, content, known, data, only=names)
        for prefix, names in wanted.items()
        if is_known(content, prefix)
    ]


def is_known(content: Content, prefix: str) -> bool:
    """Say whether the draft has, or once had, the part; nobody makes up keys."""
    part, *keys = prefix.split("/")
    if part in SINGLE:
        return True
    owner = f"services/{keys[0]}/" if part == "criteria" else f"{prefix}/"
    return any(path.startswith(owner) for path in content)


def read_fields(content: Content, sent: Mapping[str, Any]) -> Told:
    """Read what the page's script sends: under each path the names and values of its controls, as a form has them."""
    data = QueryDict(mutable=True)
    for pairs in sent.values():
        for name, value in pairs if isinstance(pairs, list) else ():
            data.appendlist(str(name), str(value).replace("\x00", ""))
    told = Told()
    forms = forms_of(content, sent, Known(content), data)
    for form in forms:
        form.is_valid()
        told.patch |= form.patch({})
        told.refused |= {form.path(name): " ".join(errors) for name, errors in form.errors.items()}
    read = {path for form in forms for path in form.paths}
    told.refused |= dict.fromkeys(set(sent) - read, _("This part is not in the application any more."))
    return told


def loaded(text: str | bytes) -> Any:
    """Return what a browser sent as JSON; half of a character, as one cut in two leaves it, gives way to a "?".

    Raises `ValueError`, `RecursionError`.
    """
    return json.loads(json.dumps(json.loads(text), ensure_ascii=False).encode(errors="replace"))


def read_base(text: str) -> Base:
    """Read what the page says its fields began with, path to version and value; anything else is left out."""
    try:
        base = loaded(text or "{}")
    except (ValueError, RecursionError):
        return {}
    pairs = base.items() if isinstance(base, dict) else ()
    return {
        path: (read_number(pair[0]), pair[1])
        for path, pair in pairs
        if isinstance(pair, list) and len(pair) == 2  # noqa: PLR2004
    }


def read_body(body: bytes) -> dict[str, Any] | None:
    """Read what the script of a page sends to be saved; None for what it never sends."""
    try:
        sent = loaded(body)
    except (ValueError, RecursionError):
        return None
    return sent if isinstance(sent, dict) and isinstance(sent.get("fields"), dict) else None


def read_number(text: Any) -> int:
    """Read the version a page was made from; what is no number is older than every version."""
    value = str(text or "")
    return int(value) if value.isascii() and value.isdigit() and len(value) < 10 else 0  # noqa: PLR2004
