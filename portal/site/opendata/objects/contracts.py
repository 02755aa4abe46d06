"""Concluded contracts with everything of them that is public, in the shapes that page and API have."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, Final

from django.urls import reverse
from django.utils import translation

from portal.accounts.letters import absolute
from portal.site.opendata.objects import contract_fields
from procurement.interfaces import contract_fields as published
from procurement.interfaces import contract_json as parts
from procurement.interfaces.contract_parts import (
    NOTHING,
    ShownAct,
    ShownFinding,
    ShownNotice,
    ShownReport,
    ShownVersion,
)
from procurement.interfaces.json_values import written
from procurement.interfaces.quality_list import QualityLine
from procurement.interfaces.risk_cards import RiskLine
from procurement.models import AcceptanceAct, ContractLine
from procurement.queries.contracts.many import ContractParts, public_parts
from procurement.queries.contracts.public import public_contracts
from procurement.queries.contracts.unpaid import balance
from procurement.queries.orders_needs import shown

KIND: Final = "contract"
KEY: Final = "number"
FIELDS: Final = contract_fields.FIELDS


def keys() -> list[str]:
    return [str(number) for number in public_contracts().order_by("number").values_list("number", flat=True)]


def objects(keys: Sequence[str], *, today: date) -> Iterator[dict[str, Any]]:
    """Yield the concluded contracts among these numbers, in the order given."""
    with translation.override("uk"):
        told = {number: _object(found, today) for number, found in public_parts(keys).items()}
    return (told[key] for key in keys if key in told)


def _object(found: ContractParts, today: date) -> dict[str, Any]:
    one = found.contract
    award = one.award
    return {
        **parts.row_json(one),
        "services": list(one.services),
        "competition": one.competition.number if one.competition else None,
        "award": {"decision": award.decision.number, "lot": award.lot.number, "place": award.place} if award else None,
        "provider_number": found.provider_number or None,
        "ground": one.ground_text,
        "identifier_url": one.identifier_url,
        "concluded_at": written(one.concluded_at),
        "suspended_at": written(one.suspended_at),
        "end_ground": one.end_ground.text_uk if one.end_ground else "",
        "end_reason": one.end_reason,
        "lines": _lines(found),
        "funding": [_funding(each) for each in found.funding],
        "versions": [parts.version_json(each) for each in _versions(found)],
        "milestones": [_fields(each, published.MILESTONE) for each in found.milestones],
        "reports": [parts.report_json(ShownReport(each, {})) for each in found.reports],
        "acts": [parts.act_json(each) for each in _acts(found.acts, today)],
        "visits": [parts.visit_json(each) for each in found.visits],
        "findings": [parts.finding_json(ShownFinding(each, today)) for each in found.findings],
        "notices": [parts.notice_json(ShownNotice(each)) for each in found.notices],
        "risks": [parts.risk_json(RiskLine(each, [])) for each in found.risks],
        "evaluations": [parts.evaluation_json(QualityLine(each)) for each in found.evaluations],
        "dossier": absolute(reverse("procurement:contract_dossier", args=[one.number])),
    }


def _lines(found: ContractParts) -> list[dict[str, Any]]:
    """Return the services of the version in force."""
    version = next((each for each in found.versions if each.number == found.contract.version), None)
    return [_line(line) for line in version.lines.all()] if version else []


def _line(line: ContractLine) -> dict[str, Any]:
    return {
        **_fields(line, published.LINE),
        "service": line.service_type.slug if line.service_type else "",
        "group": line.group.slug if line.group else "",
        **parts.people_json(shown(line.recipients), "recipients"),
    }


def _funding(each: Any) -> dict[str, Any]:
    line = each.line
    sums = {name: str(getattr(each, name)) for name in ("amount", "committed", "paid")}
    return {"year": line.year, "code": line.code, "economic_code": line.economic_code, "title": line.title, **sums}


def _versions(found: ContractParts) -> list[ShownVersion]:
    befores = [None, *found.versions[:-1]]
    return [
        ShownVersion(version, before, version.number == found.contract.version)
        for version, before in zip(found.versions, befores, strict=False)
    ]


def _acts(acts: Sequence[AcceptanceAct], today: date) -> list[ShownAct]:
    """Return the acts, each with how far accepted corrections lower what is to be paid by it."""
    lowered: dict[int, Decimal] = {}
    for one in acts:
        if one.corrects_id:
            lowered[one.corrects_id] = lowered.get(one.corrects_id, NOTHING) + min(balance(one), NOTHING)
    return [ShownAct(one, {}, today, lowered.get(one.pk, NOTHING)) for one in acts]


def _fields(thing: Any, names: Sequence[str]) -> dict[str, Any]:
    values = {name: getattr(thing, name) for name in names}
    return {name: str(value) if isinstance(value, Decimal) else written(value) for name, value in values.items()}
