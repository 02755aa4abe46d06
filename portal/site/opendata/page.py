"""What the page of open data says: tables as they are now, interfaces for programs, the files of a snapshot."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from portal.site.opendata.groups import GROUPS
from portal.site.opendata.kept import Kept, KeptFile
from portal.site.opendata.tables import TABLES
from portal.site.opendata.tables.writing import csv_name, json_name

Words = str | Promise


@dataclass(frozen=True, slots=True)
class Way:
    """A way to get at data: `forms` are pairs of what it is called and where it leads."""

    title: Words
    about: Words
    forms: tuple[tuple[Words, str], ...]


@dataclass(frozen=True, slots=True)
class Listed:
    """A table or a file of a standard with its forms; `rows` where it is a list."""

    title: Words
    rows: int | None
    forms: tuple[tuple[str, KeptFile], ...]


@dataclass(frozen=True, slots=True)
class ListedGroup:
    title: Words
    about: Words
    lines: tuple[Listed, ...]


@dataclass(frozen=True, slots=True)
class Shown:
    """A snapshot with its files in groups; `others` describe and check the rest."""

    snapshot: Kept
    groups: tuple[ListedGroup, ...]
    others: tuple[KeptFile, ...]


# title, about, forms: name of the address with what it is given
_LIVE: Final = (
    (
        _("Register of providers"),
        _("with the filters of the list, as it is at this moment"),
        (
            ("CSV", "registry:export", ("csv",)),
            ("XLSX", "registry:export", ("xlsx",)),
            ("JSON", "registry:export", ("json",)),
            (_("what the columns mean"), "registry:data_dictionary", ()),
        ),
    ),
    (
        _("Contracts"),
        _("sums, acts, payments; with the filters of the list"),
        (("CSV", "procurement:contracts_csv", ()),),
    ),
    (_("Quality evaluations"), _("totals with the age of their evidence"), (("CSV", "procurement:quality_csv", ()),)),
    (_("Funded projects"), _("who got money for what"), (("CSV", "procurement:projects_csv", ()),)),
    (
        _("Competitions"),
        _("what is announced and until when; for readers of news and for calendars"),
        (("Atom", "procurement:feed", ()), ("iCalendar", "procurement:calendar", ())),
    ),
    (
        _("Decision log"),
        _("its seal at the end of each day; whoever keeps them sees when an entry was changed later"),
        (("Atom", "site:log_feed", ()),),
    ),
    (
        _("Needs and supply by hromada"),
        _("the table of the map"),
        (("CSV", "site:map_table", ()), (_("map"), "site:map", ())),
    ),
    (
        _("Figures"),
        _("each chart has its table and its download"),
        ((_("figures"), "site:figures", ()),),
    ),
)
_INTERFACES: Final = (
    Way(
        _("API"),
        _("services, providers, territories, competitions, contracts; no key, JSON"),
        (("/api/v1/", "/api/v1/services"), ("OpenAPI", "/api/v1/openapi.json"), (_("how to use it"), "/api/v1/docs")),
    ),
    Way(
        _("Feed of changes"),
        _("every change of a public object once, with a cursor: who follows from zero has the whole"),
        (("/api/v1/changes", "/api/v1/changes"),),
    ),
    Way(_("HSDS"), _("services in the shape of Open Referral UK 3.0"), (("/api/hsds/", "/api/hsds/"),)),
    Way(
        _("OCDS"),
        _("each competition and contract as one process, from the plan to the last payment"),
        ((_("releases"), "/open-data/files/ocds/releases.json"), (_("records"), "/open-data/files/ocds/records.json")),
    ),
    Way(
        _("Webhooks"),
        _("news of what you follow, sent to your address and signed; set up in the cabinet"),
        ((_("webhooks"), "/cabinet/webhooks/"),),
    ),
    Way(
        _("Widget"),
        _("services of a hromada on its own site, one line of code"),
        ((_("how to put it in"), "/embed/"),),
    ),
)


def live_exports() -> list[Way]:
    """Return the tables that are made at the moment of asking."""
    return [Way(title, about, tuple(_addresses(forms))) for title, about, forms in _LIVE]


def _addresses(forms: tuple[tuple[Words, str, tuple[str, ...]], ...]) -> Iterator[tuple[Words, str]]:
    for words, name, given in forms:
        try:
            yield words, reverse(name, args=given)
        except NoReverseMatch:
            continue


def interfaces() -> tuple[Way, ...]:
    return _INTERFACES


def shown(snapshot: Kept) -> Shown:
    """Return the snapshot with its files sorted into the sets of data."""
    files = snapshot.files
    groups = tuple(
        ListedGroup(group.title, group.about, (*_tables(group.name, files), *_standards(group.files, files)))
        for group in GROUPS
    )
    named = {file.name for group in groups for line in group.lines for _form, file in line.forms}
    return Shown(snapshot, groups, tuple(files[name] for name in sorted(files.keys() - named)))


def _tables(group: str, files: dict[str, KeptFile]) -> Iterator[Listed]:
    for table in TABLES:
        if table.group == group and csv_name(table) in files:
            one = files[csv_name(table)]
            yield Listed(table.title, one.rows, (("CSV", one), ("JSON", files[json_name(table)])))


def _standards(names: Mapping[str, Words], files: dict[str, KeptFile]) -> Iterator[Listed]:
    for name, title in names.items():
        if name in files:
            one = files[name]
            yield Listed(title, one.rows, ((name.rpartition(".")[2].upper(), one),))
