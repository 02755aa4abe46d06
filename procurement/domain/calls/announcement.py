"""What an announcement says: the content of a version, from rows to plain values; page, PDF and API read it alone.

`CompetitionVersion.content` holds

    commissioner   {name, code, address, phone, email, website, hromada, hromada_code}
    title, procedure, legal_ground, requirements, documents_note, submission_note, opening_place, budget_limit
    lots           [{number, title, ceiling, service, service_slug, group, group_slug, form, standard, …}]
    documents      [{code, label_uk, label_en, required}]     asked of bidders by the form
    contact        {name, phone, email}
    dates          {point: iso}
    timetable      [{point, label, typed, due, due_words, why, citations, verified}]
    form           {code, number, title, title_uk, title_en}
    rubric         {code, number, title, title_uk, title_en, criteria, …}
    draft_contract {id, name} or null
    rules_digest   the digest of what is frozen with it
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final

from django.conf import settings
from django.utils import translation

from portal.kernel import audit
from procurement.domain.calls.freezing import RuleSet, plan_of, typed_plan
from procurement.domain.calls.timeline import TimelineLine, lines_of
from procurement.domain.forms.definition import DOCUMENTS, form_of
from procurement.models import Competition, FormVersion, Lot, RubricVersion, ServiceSpecification

_TEXTS: Final = ("title", "procedure", "legal_ground", "requirements", "documents_note", "submission_note")
_COPIED: Final = (
    "standard",
    "standard_url",
    "standard_is_draft",
    "content",
    "categories",
    "recipients",
    "unit",
    "place",
    "quality",
    "tariff_act",
)


def content_of(
    competition: Competition, rules: RuleSet, frozen: Mapping[str, Any], lots: list[dict[str, Any]]
) -> dict[str, Any]:
    """Write down the whole announcement as it stands in the rows, with the snapshots of its lots."""
    contract = competition.draft_contract
    return {
        **{name: getattr(competition, name) for name in _TEXTS},
        "commissioner": _commissioner(competition),
        "lots": lots,
        "documents": _documents(competition.form),
        "opening_place": competition.opening_place,
        "contact": {
            "name": competition.contact_name,
            "phone": competition.contact_phone,
            "email": competition.contact_email,
        },
        "budget_limit": money(competition.budget_limit),
        "dates": typed_plan(plan_of(competition)),
        "timetable": _timetable(competition, rules),
        "rubric": _template(competition.rubric, with_definition=True),
        "form": _template(competition.form, with_definition=False),
        "draft_contract": {"id": str(contract.pk), "name": contract.name} if contract else None,
        "rules_digest": audit.digest_of(frozen),
    }


def snapshot_of(lot: Lot) -> dict[str, Any]:
    """Return the lot with its specification as they stand; a lot keeps it from the announcement on."""
    words = lot.specification or ServiceSpecification(title=lot.title)
    service, group, form = words.service_type, words.group, words.delivery_form
    return {
        "number": lot.number,
        "title": lot.title,
        "ceiling": money(lot.ceiling),
        "service": service.name_uk if service else "",
        "service_en": service.name_en if service else "",
        "service_slug": service.slug if service else "",
        "group": group.name_uk if group else "",
        "group_en": group.name_en if group else "",
        "group_slug": group.slug if group else "",
        "form": form.name_uk if form else "",
        "form_en": form.name_en if form else "",
        "form_slug": form.slug if form else "",
        "volume": money(words.volume),
        "tariff": money(words.tariff),
        **{name: getattr(words, name) for name in _COPIED},
        **term_of(lot),
    }


def term_of(lot: Lot) -> dict[str, str | None]:
    """Return when the service is given: by the specification, or where it is silent by the timetable as it is now."""
    words = lot.specification or ServiceSpecification()
    start = words.service_from or lot.competition.service_from
    end = words.service_to or lot.competition.service_to
    return {"service_from": _day(start), "service_to": _day(end)}


def money(amount: Decimal | None) -> str | None:
    return None if amount is None else str(amount)


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _commissioner(competition: Competition) -> dict[str, Any]:
    body = competition.commissioner
    return {
        "name": body.organisation.name,
        "code": body.organisation.code or "",
        **{name: getattr(body, name) for name in ("address", "phone", "email", "website")},
        "hromada": competition.hromada.name,
        "hromada_code": competition.hromada.code,
    }


def _documents(form: FormVersion | None) -> list[dict[str, Any]]:
    fields = form_of(form.definition, {}).fields() if form else ()
    return [
        {
            "code": field.name,
            "label_uk": field.spec.get("label_uk", ""),
            "label_en": field.spec.get("label_en", ""),
            "required": field.is_required,
        }
        for field in fields
        if field.kind == "document" and field.section == DOCUMENTS
    ]


def _template(version: FormVersion | RubricVersion | None, *, with_definition: bool) -> dict[str, Any] | None:
    if version is None:
        return None
    return {
        **(version.definition if with_definition else {}),
        "code": version.code,
        "number": version.number,
        "title": version.title_uk,
        "title_uk": version.title_uk,
        "title_en": version.title_en,
    }


def _timetable(competition: Competition, rules: RuleSet) -> list[dict[str, Any]]:
    """Write the reasons of the dates in the portal's first language, in which the announcement is made."""
    with translation.override(settings.LANGUAGE_CODE):
        return [line_as_json(line) for line in lines_of(plan_of(competition), rules)]


def line_as_json(line: TimelineLine) -> dict[str, Any]:
    """Write a line of the timeline as the API and the announcement have it."""
    return {
        "point": line.point,
        "label": line.label,
        "typed": _iso(line.typed),
        "due": _iso(line.due),
        "due_words": line.due_words,
        "why": list(line.why),
        "citations": list(line.citations),
        "verified": line.verified,
    }


def _iso(value: date | datetime | None) -> str | None:
    return value.isoformat() if value else None
