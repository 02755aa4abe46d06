"""The sets of data that a snapshot consists of: which tables and files make one, by which standards."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from portal.site.opendata.files import Written
from portal.site.opendata.tables import Table
from portal.site.opendata.tables.writing import csv_name, json_name

_PACKAGE: Final = ("https://specs.frictionlessdata.io/tabular-data-package/", "Tabular Data Package")


@dataclass(frozen=True, slots=True)
class Group:
    """A set of data; `files` are those of standards, by name, with what each is."""

    name: str
    title: str | Promise
    about: str | Promise
    files: Mapping[str, str | Promise]
    standards: tuple[tuple[str, str], ...] = (_PACKAGE,)


GROUPS: Final = (
    Group(
        "register",
        _("Register of providers"),
        _("Providers of social services of every ownership form, with addresses, public contacts and services."),
        {
            "hsds/services.json": _("Services by HSDS 3.1"),
            "objects/provider.jsonl": _("Providers as the API gives them, a line each"),
            "objects/service.jsonl": _("Services as the API gives them, a line each"),
        },
        (_PACKAGE, ("https://docs.openreferral.org/en/3.1/", "Human Services Data Specification 3.1")),
    ),
    Group(
        "orders",
        _("Needs and the social order"),
        _("Published needs of hromadas, budgets, decisions on the social order and what they order."),
        {},
    ),
    Group(
        "competitions",
        _("Competitions and awards"),
        _("Announced competitions with lots, decisions on winners and funded projects."),
        {
            "ocds/releases.json": _("Releases of all contracting processes by OCDS 1.1.5"),
            "ocds/records.json": _("Records of all contracting processes by OCDS 1.1.5"),
            "360giving.json": _("Grants to projects by 360Giving"),
            "objects/competition.jsonl": _("Competitions as the API gives them, a line each"),
        },
        (
            _PACKAGE,
            ("https://standard.open-contracting.org/1.1/en/", "Open Contracting Data Standard 1.1"),
            ("https://standard.threesixtygiving.org/en/1.4/", "360Giving Data Standard 1.4"),
        ),
    ),
    Group(
        "contracts",
        _("Contracts, acts and payments"),
        _("Concluded contracts with services, accepted acts, payments, milestones and findings of visits."),
        {"objects/contract.jsonl": _("Contracts as the API gives them, a line each")},
    ),
    Group(
        "quality",
        _("Quality and risks"),
        _("Published quality evaluations, risk cards with their data, and what both sides say."),
        {},
    ),
    Group(
        "vocabulary",
        _("Territories and words"),
        _("Units of the codifier, the catalogue of services, groups of people and other words that tables name."),
        {"objects/territory.jsonl": _("Territories as the API gives them, a line each")},
    ),
    Group(
        "feed",
        _("Feed of changes"),
        _("Every public object with its position in the feed of changes and its digest: where a reader stands."),
        {},
    ),
)


def files_of(
    group: Group, tables: Sequence[Table], written: Mapping[str, Written]
) -> Iterator[tuple[str | Promise, Written]]:
    """Yield the files of a set that are there, each with what it is."""
    for table in tables:
        if table.group == group.name:
            for name in (csv_name(table), json_name(table)):
                if name in written:
                    yield table.title, written[name]
    for name, title in group.files.items():
        if name in written:
            yield title, written[name]
