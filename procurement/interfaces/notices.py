"""The announcement of a competition as people read it: from the content of a version, never from rows that move on.

The fields and their order are those of published announcements (domain.md §4.3): who orders, by what right, the table
of the services that are the subject of the order, what is asked of participants, where and when.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final

from django.urls import reverse
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from portal.kernel.models.reference import in_language
from procurement.enums import Moment
from procurement.interfaces.moments import in_words, read_day, read_money, read_point
from procurement.interfaces.rubric_words import rule_lines
from registry.enums import PriceUnit
from registry.templatetags.register import money

Line = tuple[str, str]
# whole numbers are written without decimals
_PLACES: Final = 2


@dataclass(frozen=True, slots=True)
class LotNotice:
    """One lot: what is ordered, to which standard, for whom, how much of it, where, when, at what price."""

    number: int
    title: str
    service: str
    service_slug: str
    group: str
    form: str
    standard: str
    standard_url: str
    standard_is_draft: bool
    content: str
    categories: str
    recipients: int | None
    volume: str
    place: str
    quality: str
    tariff: str
    ceiling: Decimal | None
    term: str

    @property
    def scope(self) -> str:
        """The quantity in words: how many people, how many units."""
        people = _("%(count)s recipients") % {"count": number_format(self.recipients)} if self.recipients else ""
        return ", ".join(filter(None, (people, self.volume)))

    @property
    def service_url(self) -> str:
        return reverse("registry:service_type", args=[self.service_slug]) if self.service_slug else ""


@dataclass(frozen=True, slots=True)
class DraftContract:
    name: str
    url: str


@dataclass(frozen=True, slots=True)
class Criterion:
    """A criterion of the rubric: what it is worth and what each value means, as far as that is set."""

    name: str
    weight: str
    most: str
    values: tuple[Line, ...]
    note: str = ""


@dataclass(frozen=True, slots=True)
class Notice:
    """What one version of an announcement says."""

    title: str
    procedure: str
    commissioner: dict[str, str]
    legal_ground: str
    lots: tuple[LotNotice, ...]
    requirements: str
    documents: tuple[tuple[str, bool], ...]
    documents_note: str
    submission_note: str
    opening_place: str
    contact: dict[str, str]
    budget_limit: Decimal | None
    draft_contract: DraftContract | None
    form_title: str
    dates: dict[str, date | datetime]
    rubric: tuple[Criterion, ...]
    rubric_title: str
    rubric_is_verified: bool
    threshold: str
    # how points become a ranking: (what, how)
    rubric_rules: tuple[Line, ...] = ()

    @property
    def total(self) -> Decimal | None:
        """The limit of the budget; where none is named, what the ceilings of the lots add up to."""
        if self.budget_limit is not None:
            return self.budget_limit
        ceilings = [lot.ceiling for lot in self.lots if lot.ceiling is not None]
        return sum(ceilings, Decimal(0)) if ceilings else None

    @property
    def term(self) -> str:
        """When the services are given, where all lots have one term."""
        terms = {lot.term for lot in self.lots}
        return terms.pop() if len(terms) == 1 else ""

    @property
    def recipients(self) -> int | None:
        known = [lot.recipients for lot in self.lots if lot.recipients]
        return sum(known) if known and len(known) == len(self.lots) else None

    @property
    def moments(self) -> list[tuple[str, str]]:
        """The dates in their order with their names."""
        return [(str(point.label), in_words(self.dates[point.value])) for point in Moment if point.value in self.dates]


def read_notice(content: Mapping[str, Any], frozen: Mapping[str, Any] | None = None) -> Notice:
    """Read what a version says; a key that is missing is a fact that is not known, never an error."""
    rubric = content.get("rubric") or {}
    definition = rubric.get("definition") or rubric
    return Notice(
        title=_text(content, "title"),
        procedure=_procedure(content, frozen),
        commissioner={name: str(value) for name, value in (content.get("commissioner") or {}).items() if value},
        legal_ground=_text(content, "legal_ground"),
        lots=tuple(_lot(row) for row in content.get("lots") or ()),
        requirements=_text(content, "requirements"),
        documents=tuple(
            (in_language(_text(row, "label_uk"), _text(row, "label_en")), bool(row.get("required", True)))
            for row in content.get("documents") or ()
        ),
        documents_note=_text(content, "documents_note"),
        submission_note=_text(content, "submission_note"),
        opening_place=_text(content, "opening_place"),
        contact={name: str(value) for name, value in (content.get("contact") or {}).items() if value},
        budget_limit=read_money(content.get("budget_limit")),
        draft_contract=_draft_contract(content.get("draft_contract") or {}),
        form_title=_title(content.get("form") or {}),
        dates=_dates(content.get("dates") or {}),
        rubric=tuple(_criterion(row) for row in definition.get("criteria") or ()),
        rubric_title=_title(rubric),
        rubric_is_verified=_is_verified(rubric, frozen),
        threshold="" if definition.get("threshold") is None else str(definition["threshold"]),
        rubric_rules=rule_lines(definition),
    )


def _is_verified(rubric: Mapping[str, Any], frozen: Mapping[str, Any] | None) -> bool:
    """Say whether the rubric was compared with its act: what was frozen with the announcement knows."""
    kept = (frozen or {}).get("rubric") or rubric
    return bool(kept.get("verified", False))


def _text(row: Mapping[str, Any], name: str) -> str:
    value = row.get(name)
    return value.strip() if isinstance(value, str) else ""


def _title(row: Mapping[str, Any]) -> str:
    title = row.get("title")
    if isinstance(title, Mapping):
        return in_language(str(title.get("uk", "")), str(title.get("en", "")))
    return _text(row, "title") or in_language(_text(row, "title_uk"), _text(row, "title_en"))


def _procedure(content: Mapping[str, Any], frozen: Mapping[str, Any] | None) -> str:
    policy = (frozen or {}).get("policy") or {}
    return in_language(_text(policy, "name"), _text(policy, "name_en")) or _text(content, "procedure")


def _dates(rows: Mapping[str, Any]) -> dict[str, date | datetime]:
    read = {point.value: read_point(rows.get(point.value)) for point in Moment}
    return {point: value for point, value in read.items() if value is not None}


def _draft_contract(row: Mapping[str, Any]) -> DraftContract | None:
    if not row.get("id"):
        return None
    return DraftContract(_text(row, "name"), reverse("kernel:file", args=[row["id"]]))


def _lot(row: Mapping[str, Any]) -> LotNotice:
    tariff, ceiling = read_money(row.get("tariff")), read_money(row.get("ceiling"))
    return LotNotice(
        number=int(row.get("number") or 1),
        title=_text(row, "title"),
        service=in_language(_text(row, "service"), _text(row, "service_en")),
        service_slug=_text(row, "service_slug"),
        group=in_language(_text(row, "group"), _text(row, "group_en")),
        form=in_language(_text(row, "form"), _text(row, "form_en")),
        standard=_text(row, "standard"),
        standard_url=_text(row, "standard_url"),
        standard_is_draft=bool(row.get("standard_is_draft")),
        content=_text(row, "content"),
        categories=_text(row, "categories"),
        recipients=int(row["recipients"]) if row.get("recipients") else None,
        volume=_volume(row),
        place=_text(row, "place"),
        quality=_text(row, "quality"),
        tariff=" — ".join(filter(None, (_tariff(row, tariff), _text(row, "tariff_act")))),
        ceiling=ceiling,
        term=term_words(read_day(row.get("service_from")), read_day(row.get("service_to"))),
    )


def _unit(row: Mapping[str, Any]) -> str:
    unit = _text(row, "unit")
    return str(PriceUnit(unit).label) if unit in PriceUnit.values else unit


def _volume(row: Mapping[str, Any]) -> str:
    volume = read_money(row.get("volume"))
    if volume is None:
        return ""
    places = 0 if volume == volume.to_integral_value() else _PLACES
    number = number_format(volume, places, force_grouping=True)
    # the unit stands in its dictionary form, which no number can be put before
    return f"{number} ({_unit(row)})" if _unit(row) else number


def _tariff(row: Mapping[str, Any], tariff: Decimal | None) -> str:
    if tariff is None:
        return ""
    return f"{money(tariff)} / {_unit(row)}" if _unit(row) else money(tariff)


def term_words(first: date | None, last: date | None) -> str:
    """Write when a service is given; one of the two ends may be unknown."""
    if first and last:
        return _("from %(first)s to %(last)s") % {"first": in_words(first), "last": in_words(last)}
    if first:
        return pgettext("term", "from %(day)s") % {"day": in_words(first)}
    return pgettext("term", "until %(day)s") % {"day": in_words(last)} if last else ""


def _criterion(row: Mapping[str, Any]) -> Criterion:
    weight = row.get("weight")
    values = tuple(
        (str(value.get("value", "")), in_language(_of(value, "text", "uk"), _of(value, "text", "en")))
        for value in row.get("values") or ()
    )
    return Criterion(
        in_language(_of(row, "name", "uk"), _of(row, "name", "en")),
        "" if weight is None else str(weight),
        "" if row.get("max") is None else str(row["max"]),
        values,
        in_language(_of(row, "note", "uk"), _of(row, "note", "en")),
    )


def _of(row: Mapping[str, Any], name: str, language: str) -> str:
    """Read a text that stands as `name_uk`, as `{"uk": …}` or alone."""
    value = row.get(name)
    if isinstance(value, Mapping):
        return str(value.get(language, ""))
    own = _text(row, f"{name}_{language}")
    return own or (_text(row, name) if language == "uk" else "")
