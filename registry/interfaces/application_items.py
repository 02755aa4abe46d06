"""What an application says, for those who wrote it: lists of its addresses and services, and the answers to check."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from registry.domain.contents import keys_of
from registry.domain.drafts import Problem
from registry.interfaces.application_forms import FORMS
from registry.interfaces.application_pages import PARTS, page_url, part_url
from registry.models import Application
from registry.queries.content_words import ContentWords

_SITE_LINE: Final = ("label", "street", "building", "room", "territory")


@dataclass(slots=True)
class Item:
    """One address, contact or service in a list."""

    key: str
    title: str
    detail: str
    url: str
    lacks: int = 0
    removed: bool = False


@dataclass(slots=True)
class Line:
    """An answer; `file` is the name of a stored file, `url` its address."""

    label: str
    value: str
    file: str = ""
    url: str = ""


@dataclass(slots=True)
class Block:
    """Answers under one heading, with the page where they are changed."""

    title: str
    url: str
    lines: list[Line] = field(default_factory=list)


@dataclass(slots=True)
class Section:
    part: str
    title: str
    url: str
    blocks: list[Block]


def item_lines(
    application: Application, part: str, words: ContentWords, problems: Sequence[Problem] = ()
) -> list[Item]:
    """Return the things of a part by their names, the removed ones last."""
    keys = keys_of(application.content, part)
    gone = sorted(_all_keys(application, part) - set(keys), key=int)
    items = []
    for key in [*keys, *gone]:
        title, detail = item_name(application, part, key, words)
        address = page_url(application, f"{part}/{key}/")
        lacks = sum(problem.path.startswith(f"{part}/{key}/") for problem in problems)
        items.append(Item(key, title, detail, address, lacks, removed=key in gone))
    return items


def item_name(application: Application, part: str, key: str, words: ContentWords) -> tuple[str, str]:
    """Return how the owner tells this thing from the others of its kind, and a few words more."""
    content = application.content

    def said(name: str) -> str:
        path = f"{part}/{key}/{name}"
        return words.value(path, content[path]) if content.get(path) not in (None, "", [], {}) else ""

    if part == "sites":
        place = ", ".join(filter(None, (said(name) for name in _SITE_LINE)))
        return capfirst(said("kind")) or _("Address"), place or _("nothing is written yet")
    if part == "contacts":
        return capfirst(said("kind")), said("value")
    return said("service_type") or _("Service is not chosen yet"), said("title")


def _all_keys(application: Application, part: str) -> set[str]:
    return {path.split("/")[1] for path in application.content if path.startswith(f"{part}/")}


def answers(application: Application, criteria: dict[str, list[Any]]) -> list[Section]:
    """Return everything that was answered, part by part, each with the way to change it."""
    words = ContentWords(application.content)
    sections = [_single(application, words, "organisation", ("organisation", "about"))]
    sections += [_many(application, words, part) for part in ("sites", "contacts", "services")]
    sections += [
        _criteria(application, words, criteria),
        _single(application, words, "consents", ("consents",)),
        _single(application, words, "exclusion", ("exclusion",)),
    ]
    return [section for section in sections if any(block.lines for block in section.blocks)]


def _single(application: Application, words: ContentWords, part: str, prefixes: Iterable[str]) -> Section:
    url = part_url(application, part)
    lines = [line for prefix in prefixes for line in _lines(application, words, prefix)]
    return Section(part, str(PARTS[part][0]), url, [Block("", url, lines)])


def _many(application: Application, words: ContentWords, part: str) -> Section:
    blocks = []
    for key in keys_of(application.content, part):
        title, detail = item_name(application, part, key, words)
        url = page_url(application, f"{part}/{key}/")
        name = " · ".join(filter(None, (title, detail if part == "services" else "")))
        blocks.append(Block(name, url, _lines(application, words, f"{part}/{key}")))
    return Section(part, str(PARTS[part][0]), part_url(application, part), blocks)


def _criteria(application: Application, words: ContentWords, criteria: dict[str, list[Any]]) -> Section:
    blocks = []
    for key, rows in criteria.items():
        lines = []
        for row in rows:
            prefix = f"criteria/{key}/{row.slug}"
            told = _lines(application, words, prefix)
            said = " · ".join(line.value for line in told if line.value)
            file = next(((line.file, line.url) for line in told if line.url), ("", ""))
            lines.append(Line(row.text, said or ("" if file[0] else _("not stated")), *file))
        name = " · ".join(filter(None, item_name(application, "services", key, words)))
        blocks.append(Block(name, page_url(application, f"criteria/{key}/"), lines))
    return Section("criteria", str(PARTS["criteria"][0]), part_url(application, "criteria"), blocks)


def _lines(application: Application, words: ContentWords, prefix: str) -> list[Line]:
    """Return the stated fields under a prefix, in the order of its form."""
    content, part = application.content, prefix.partition("/")[0]
    order = [*FORMS[part].base_fields, *(("document",) if part == "criteria" else ()), "from"]
    stated = [f"{prefix}/{name}" for name in order]
    stated += sorted(path for path in content if path.startswith(f"{prefix}/access/"))
    lines = []
    for path in stated:
        value = content.get(path)
        if value in (None, "", [], {}) and not isinstance(value, bool):
            continue
        label, said = capfirst(words.field(path)), words.value(path, value)
        if path.endswith("/document"):
            lines.append(Line(label, "", said, reverse("kernel:file", args=[value])))
        else:
            lines.append(Line(label, said))
    return lines
