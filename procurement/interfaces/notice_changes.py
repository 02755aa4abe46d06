"""What one version of an announcement says otherwise than the one before: each field by its name, old and new."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from procurement.enums import Moment
from procurement.interfaces.moments import in_words
from procurement.interfaces.notices import LotNotice, Notice, read_notice
from registry.templatetags.register import money


@dataclass(frozen=True, slots=True)
class NoticeChange:
    """A field of the announcement that says something else now; an empty side is a field that was not there."""

    label: str
    old: str
    new: str


def changes_between(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[NoticeChange]:
    """Compare two contents as people read them; the order is that of the announcement."""
    before, after = dict(_told(read_notice(old))), dict(_told(read_notice(new)))
    labels = [*after, *(label for label in before if label not in after)]
    return [
        NoticeChange(label, before.get(label, ""), after.get(label, ""))
        for label in labels
        if before.get(label, "") != after.get(label, "")
    ]


def _told(notice: Notice) -> Iterator[tuple[str, str]]:
    """Yield every field with its text, each name once."""
    yield _("Title"), notice.title
    yield from (
        (label, notice.commissioner.get(name, ""))
        for name, label in (
            ("name", _("Commissioner of services")),
            ("code", _("EDRPOU")),
            ("address", _("Commissioner's address")),
            ("phone", _("Commissioner's phone")),
            ("email", _("Commissioner's e-mail")),
            ("website", _("Commissioner's website")),
        )
    )
    yield _("Legal ground"), notice.legal_ground
    for lot in notice.lots:
        yield from _told_of_lot(lot)
    yield _("Requirements to participants"), notice.requirements
    yield _("Documents to attach"), "\n".join(label for label, _required in notice.documents)
    yield _("About the documents"), notice.documents_note
    yield _("How to submit"), notice.submission_note
    yield _("Place of the opening"), notice.opening_place
    yield _("Contact person"), ", ".join(filter(None, (notice.contact.get(key) for key in ("name", "phone", "email"))))
    yield _("Limit of the budget"), "" if notice.budget_limit is None else money(notice.budget_limit)
    yield _("Draft contract"), notice.draft_contract.name if notice.draft_contract else ""
    yield _("Form of the proposal"), notice.form_title
    yield _("Rubric"), notice.rubric_title
    yield from _told_of_dates(notice)


def _told_of_lot(lot: LotNotice) -> Iterator[tuple[str, str]]:
    said = {
        _("title"): lot.title,
        _("service"): lot.service,
        _("state standard"): f"{lot.standard} ({_('draft')})" if lot.standard_is_draft else lot.standard,
        _("content"): lot.content,
        _("categories of people"): lot.categories,
        _("vulnerable group"): lot.group,
        _("form of delivery"): lot.form,
        _("recipients"): str(lot.recipients or ""),
        _("volume"): lot.volume,
        _("place"): lot.place,
        _("quality"): lot.quality,
        _("tariff"): lot.tariff,
        _("price ceiling"): "" if lot.ceiling is None else money(lot.ceiling),
        _("term"): lot.term,
    }
    for name, text in said.items():
        yield _("Lot %(number)d, %(field)s") % {"number": lot.number, "field": name}, text


def _told_of_dates(notice: Notice) -> Iterator[tuple[str, str]]:
    for point in Moment:
        label = str(point.label)
        yield label[:1].upper() + label[1:], in_words(notice.dates.get(point.value))
