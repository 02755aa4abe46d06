"""What an application says, as an official reads it: its flat content as blocks of named values, private ones apart."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from registry.domain.contents import Content, keys_of
from registry.models import Territory
from registry.queries.content_words import ContentWords
from registry.queries.desk import place_text

Line = tuple[str, str]

STEP_LABELS: Final = {
    "submit": pgettext_lazy("step of an application", "submitted"),
    "enter_at_once": pgettext_lazy("step of an application", "entered at once"),
    "take": pgettext_lazy("step of an application", "taken up for examination"),
    "ask_correction": pgettext_lazy("step of an application", "correction asked for"),
    "correct": pgettext_lazy("step of an application", "corrected"),
    "lapse_correction": pgettext_lazy("step of an application", "the day for correction has passed"),
    "propose": pgettext_lazy("step of an application", "outcome proposed"),
    "send_back": pgettext_lazy("step of an application", "sent back for examination"),
    "decide": pgettext_lazy("step of an application", "decided"),
    "withdraw": pgettext_lazy("step of an application", "withdrawn"),
}
# the fields of each part in the order of the form
FIELDS: Final = {
    part: names.split()
    for part, names in {
        "organisation": "name short_name person_type legal_form ownership_form sector head",
        "about": "about",
        "sites": "kind label territory postal_index street building room latitude longitude hours",
        "contacts": "kind value note",
        "services": "service_type title content conditions groups delivery_forms price_mode price price_unit price_on"
        " capacity capacity_on urgent meets_standard area_kind areas at_sites hours",
        "exclusion": "reason from",
    }.items()
}
_SITE_PUBLIC: Final = ("hours",)


@dataclass(slots=True)
class Block:
    """One address, contact or service of an application; `hidden` says that something in it is kept from this view."""

    key: str
    title: str
    lines: list[Line] = field(default_factory=list)
    private: bool = False
    hidden: bool = False


@dataclass(slots=True)
class Asked:
    """Everything an application says, part by part."""

    organisation: list[Line]
    sites: list[Block]
    contacts: list[Block]
    services: list[Block]
    exclusion: list[Line]

    @property
    def private_parts(self) -> list[str]:
        """Name what would be, or was, shown beyond what the public will see."""
        named = (("address", self.sites), ("contact", self.contacts))
        return [f"{name} {block.key}" for name, blocks in named for block in blocks if block.private]


class Reader:
    """Reads one content; what its codes are called is asked once, in as many queries for one service as for ten."""

    def __init__(self, content: Content) -> None:
        self.content = content
        self.words = ContentWords(content)
        codes = {value for path, value in content.items() if path.startswith("sites/") and path.endswith("/territory")}
        units = Territory.objects.filter(code__in=codes).select_related("hromada", "raion", "oblast")
        # a village alone is not known by its name
        self._places = {unit.code: place_text(unit) for unit in units} if codes else {}

    def value(self, path: str) -> str:
        """Write what stands under the path; an empty text where nothing does."""
        value = self.content.get(path)
        if value in (None, "", [], {}, "unknown") or value is False:
            return ""
        if path.endswith("/territory") and value in self._places:
            return self._places[value]
        return self.words.value(path, value)

    def title(self, part: str, key: str) -> str:
        """Name one address, contact or service so that people know which is meant."""
        start = f"{part}/{key}"
        if part == "services":
            return self.value(f"{start}/title") or self.value(f"{start}/service_type") or _("not chosen yet")
        kind = capfirst(self.value(f"{start}/kind"))
        if part == "sites":
            return " · ".join(filter(None, (kind, self.value(f"{start}/label")))) or self.words.part(f"{start}/kind")
        return kind or self.words.part(f"{start}/kind")

    def lines(self, part: str, key: str, names: Iterable[str]) -> list[Line]:
        """Return the stated ones of these fields in the order of the form."""
        start = f"{part}/{key}" if key else part
        told = [(f"{start}/{name}", self.value(f"{start}/{name}")) for name in names]
        return [(capfirst(self.words.field(path)), words) for path, words in told if words]

    def access(self, key: str) -> list[Line]:
        start = f"sites/{key}/access/"
        return [
            (capfirst(self.words.field(path)), self.words.value(path, known))
            for path, known in self.content.items()
            if path.startswith(start)
        ]


def read_content(content: Content, *, opened: bool) -> Asked:
    """Return what an application says; `opened` shows what the public will not see."""
    reader = Reader(content)
    return Asked(
        [*reader.lines("organisation", "", FIELDS["organisation"]), *reader.lines("about", "", FIELDS["about"])],
        [_site(reader, key, opened=opened) for key in keys_of(content, "sites")],
        [_contact(reader, key, opened=opened) for key in keys_of(content, "contacts")],
        [
            Block(key, reader.title("services", key), reader.lines("services", key, FIELDS["services"]))
            for key in keys_of(content, "services")
        ],
        reader.lines("exclusion", "", FIELDS["exclusion"]),
    )


def _site(reader: Reader, key: str, *, opened: bool) -> Block:
    private = bool(reader.content.get(f"sites/{key}/confidential"))
    if private and not opened:
        title = capfirst(reader.value(f"sites/{key}/kind")) or reader.words.part(f"sites/{key}/kind")
        return Block(key, title, reader.lines("sites", key, _SITE_PUBLIC), private=True, hidden=True)
    lines = reader.lines("sites", key, FIELDS["sites"][2:])
    return Block(key, reader.title("sites", key), [*lines, *reader.access(key)], private=private)


def _contact(reader: Reader, key: str, *, opened: bool) -> Block:
    private = bool(reader.content.get(f"contacts/{key}/private"))
    if private and not opened:
        return Block(key, _("Contact for officials"), private=True, hidden=True)
    lines = reader.lines("contacts", key, FIELDS["contacts"][1:])
    return Block(key, reader.title("contacts", key), lines, private=private)
