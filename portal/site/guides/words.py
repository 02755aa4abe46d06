"""The words of a page as plain lines, in the order a reader meets them: for the history and for readability."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from django.utils.html import strip_tags

_ENDS: Final = re.compile(r"</(?:p|li|h2|h3)>|<br ?/?>")
_FIELDS: Final = ("title", "summary", "question", "hint", "intro")
# values that are no words of the editor's
_NOT_WORDS: Final = frozenset({"kind", "services", "groups", "urgent", "image", "documents", "phone", "url", "clause"})
_WITH_NUMBERS: Final = _NOT_WORDS - {"phone", "clause", "url"}


def lines_of(page: Any) -> list[str]:
    """Return the sentences of a page: no phones, clauses or addresses."""
    told = {name: getattr(page, name, "") for name in _FIELDS}
    body = getattr(page, "body", None)
    return _lines(told, list(body.raw_data) if body else [], _NOT_WORDS)


def lines_of_revision(content: Mapping[str, Any]) -> list[str]:
    """Return all that a reader sees of a kept revision, phones, clauses and sources too."""
    parts = [part for name in ("body", "sources") for part in json.loads(content.get(name) or "[]")]
    return _lines(content, parts, _WITH_NUMBERS)


def _lines(told: Mapping[str, Any], parts: Iterable[Any], left_out: frozenset[str]) -> list[str]:
    texts = [str(told.get(name) or "") for name in _FIELDS]
    texts += [text for part in parts for text in _texts(part["value"], left_out)]
    return [line for text in texts for line in _plain(text)]


def _texts(value: Any, left_out: frozenset[str]) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        inner = value["value"] if set(value) >= {"type", "value", "id"} else None
        if inner is not None:
            yield from _texts(inner, left_out)
            return
        for name, one in value.items():
            if name not in left_out:
                yield from _texts(one, left_out)
    elif isinstance(value, list):
        for one in value:
            yield from _texts(one, left_out)


def _plain(text: str) -> Iterator[str]:
    """Yield the paragraphs of rich or plain text without markup."""
    for part in _ENDS.sub("\n", text).splitlines():
        if line := " ".join(html.unescape(strip_tags(part)).split()):
            yield line
