"""The section `tender`: what a version of an announcement says, read from its content alone."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Final

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from portal.accounts.letters import absolute
from procurement.enums import Channel, Moment
from procurement.interfaces.moments import read_day, read_money
from procurement.interfaces.notices import Notice, read_notice
from procurement.models import CompetitionDocument, CompetitionVersion
from procurement.queries.moves import dates_of
from procurement.queries.orders_needs import shown

from .criteria import award_criteria_of, requirements_of, selection_of
from .reading import Process
from .values import SERVICES, Json, document, moment, money, number, period, place, pruned, unit

# ours, beside the four of the standard: what is ordered are social services, or projects of organisations
CATEGORIES: Final[dict[str, str]] = {Channel.PROJECT_COMPETITION: "socialProject"}
ORDER: Final = "socialOrder"


def tender_of(process: Process, version: CompetitionVersion) -> Json:
    """Return the whole section by this version."""
    content, policy = version.content, process.policy
    competition = version.competition
    notice = read_notice(content, {"policy": policy})
    lots = content.get("lots") or ()
    told = {
        "id": competition.number,
        "title": notice.title,
        "description": _("Invented for demonstration") if competition.is_demo else "",
        "status": "active",
        "value": money(notice.total),
        "procurementMethod": "open",
        "procurementMethodDetails": policy.get("name") or notice.procedure,
        "procurementMethodRationale": notice.legal_ground,
        "mainProcurementCategory": "services",
        "additionalProcurementCategories": [CATEGORIES.get(str(policy.get("channel")), ORDER)],
        "awardCriteria": "ratedCriteria" if notice.rubric else None,
        "awardCriteriaDetails": notice.rubric_title,
        "submissionMethod": ["electronicSubmission"],
        "submissionMethodDetails": notice.submission_note,
        "submissionTerms": {
            "electronicSubmissionPolicy": "required",
            "languages": ["uk"],
            "multipleBidsAllowed": False,
        },
        "eligibilityCriteria": notice.requirements,
        "selectionCriteria": selection_of(content, policy),
        "criteria": requirements_of(content, policy),
        "lots": [_lot(row, content) for row in lots],
        "items": [_item(process, row, content) for row in lots],
        "targets": _targets(lots),
        "documents": _documents(version, notice),
        **_periods(content, notice),
    }
    return pruned(told)


def _periods(content: Mapping[str, Any], notice: Notice) -> Json:
    dates = dates_of(content)
    return {
        "tenderPeriod": period(
            dates.get(Moment.OPENS_AT) or dates.get(Moment.PUBLISHED_AT),
            dates.get(Moment.CLOSES_AT),
            most=dates.get(Moment.HOLD_UNTIL),
        ),
        "enquiryPeriod": period(dates.get(Moment.PUBLISHED_AT), dates.get(Moment.QUESTIONS_UNTIL)),
        "awardPeriod": period(dates.get(Moment.OPENING_AT), dates.get(Moment.AWARD_ON)),
        "contractPeriod": period(dates.get(Moment.SERVICE_FROM), dates.get(Moment.SERVICE_TO)),
        "bidOpening": pruned(
            {
                "date": moment(dates.get(Moment.OPENING_AT)),
                "address": pruned({"streetAddress": notice.opening_place}),
            }
        ),
    }


# --- lots and what is ordered by them --------------------------------------------------------------------------------


def _lot(row: Mapping[str, Any], content: Mapping[str, Any]) -> Json:
    words = [row.get(name) for name in ("content", "categories", "quality", "standard")]
    return pruned(
        {
            "id": str(row.get("number") or 1),
            "title": row.get("title"),
            "description": "\n".join(str(one) for one in words if one),
            "status": "active",
            "value": money(read_money(row.get("ceiling"))),
            "contractPeriod": period(read_day(row.get("service_from")), read_day(row.get("service_to"))),
            "awardCriteria": award_criteria_of(content),
        }
    )


def _item(process: Process, row: Mapping[str, Any], content: Mapping[str, Any]) -> Json:
    volume, key = read_money(row.get("volume")), str(row.get("number") or 1)
    body = content.get("commissioner") or {}
    return pruned(
        {
            "id": key,
            "description": row.get("service") or row.get("title"),
            "classification": classification(process, str(row.get("service_slug") or "")),
            "quantity": None if volume is None else number(volume),
            "unit": unit(str(row.get("unit") or ""), read_money(row.get("tariff"))),
            "relatedLot": key,
            "deliveryLocation": place(str(body.get("hromada_code") or ""), str(row.get("place") or "")),
        }
    )


def classification(process: Process, slug: str) -> Json | None:
    """Return the code of a service in the Classifier; nothing where nobody has confirmed it."""
    kind = process.services.get(slug)
    return {"scheme": SERVICES, "id": kind.official_code, "description": kind.name_uk} if kind else None


def _targets(lots: Any) -> list[Json]:
    """Return for how many people the services are ordered; few people are not told."""
    people = [(row, shown(row.get("recipients")).value) for row in lots]
    told = [
        {
            "id": f"lot-{row.get('number') or 1}",
            "measure": value,
            "unit": {"name": pgettext("unit of measure", "people")},
            "notes": str(row.get("group") or ""),
        }
        for row, value in people
        if value is not None
    ]
    rows = [pruned(one) for one in told]
    return [{"id": "recipients", "title": _("Recipients of the service"), "observations": rows}] if rows else []


# --- documents -------------------------------------------------------------------------------------------------------


def _documents(version: CompetitionVersion, notice: Notice) -> list[Json]:
    competition = version.competition
    key = [competition.number, version.number]
    title = _("Announcement, version %(number)s") % {"number": version.number}
    page, paper = (absolute(reverse(f"procurement:{name}", args=key)) for name in ("version", "version_notice"))
    told = [
        document(f"notice-{version.number}", "tenderNotice", title, page, version.at, format="text/html"),
        document(f"notice-{version.number}-pdf", "tenderNotice", title, paper, version.at, format="application/pdf"),
    ]
    if notice.draft_contract:
        draft = absolute(notice.draft_contract.url)
        told.append(document("draft-contract", "contractDraft", notice.draft_contract.name, draft, version.at))
    return told


def attached(one: CompetitionDocument) -> Json:
    """Return a file that belongs to the announcement."""
    url = absolute(reverse("kernel:file", args=[one.document_id]))
    kind = one.document.content_type
    return document(f"file-{one.document_id}", "biddingDocuments", one.title, url, one.added_at, format=kind)


def total_of(version: CompetitionVersion) -> Decimal | None:
    """Return the limit of the budget, or what the ceilings of the lots add up to."""
    return read_notice(version.content).total
