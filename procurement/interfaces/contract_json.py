"""A contract as programs read it: the API's answer and the files of its dossier, figures as the page has them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import models
from django.urls import reverse

from portal.accounts.letters import absolute
from procurement.domain.delivery.sums import FundingFigures
from procurement.interfaces import contract_fields as fields
from procurement.interfaces.contract_page import ContractPage
from procurement.interfaces.contract_parts import (
    LineOfContract,
    ShownAct,
    ShownFinding,
    ShownMilestone,
    ShownNotice,
    ShownPayment,
    ShownReport,
    ShownVersion,
)
from procurement.interfaces.contract_table import cells_of
from procurement.interfaces.json_values import written
from procurement.interfaces.quality_list import QualityLine
from procurement.interfaces.risk_cards import RiskLine
from procurement.models import Contract, Visit
from procurement.queries.contracts.people import without_few
from procurement.queries.orders_needs import Shown


def row_json(one: Contract) -> dict[str, Any]:
    """Return the facts of a contract under the names that the table has; sums are texts, so that none is rounded."""
    return {name: _value(value) for name, value in cells_of(one).items()}


def contract_json(page: ContractPage) -> dict[str, Any]:
    """Return everything that is public of a contract."""
    one = page.contract
    return {
        **row_json(one),
        "state_label": one.get_state_display(),
        "channel_label": one.get_channel_display(),
        "standing": page.standing,
        "ground": one.ground_text,
        "identifier_url": one.identifier_url,
        "end_ground": one.end_ground.text if one.end_ground else "",
        "end_reason": one.end_reason,
        "figures": figures_json(page),
        "lines": [line_json(each) for each in page.lines],
        "funding": [funding_json(each) for each in page.figures.fundings],
        "versions": [version_json(each) for each in reversed(page.versions)],
        "milestones": [milestone_json(each) for each in page.milestones],
        "reports": [report_json(each) for each in page.reports],
        "acts": [act_json(each) for each in page.acts],
        "visits": [_fields(each, fields.VISIT) for each in page.visits],
        "findings": [finding_json(each) for each in page.findings],
        "notices": [notice_json(each) for each in page.notices],
        "risks": [risk_json(each) for each in page.risks],
        "evaluations": [evaluation_json(each) for each in page.evaluations],
        "dossier": absolute(reverse("procurement:contract_dossier", args=[one.number])),
    }


def figures_json(page: ContractPage) -> dict[str, Any]:
    """Return the sums of the contract and their course, the same that the picture draws."""
    names = (
        "first_sum",
        "sum",
        "claimed",
        "deducted",
        "corrected",
        "accepted",
        "paid",
        "refunded",
        "to_pay",
        "to_return",
        "remaining",
    )
    return {
        **{name: _value(getattr(page.figures, name)) for name in names},
        "course": [
            {name: _value(getattr(point, name)) for name in ("on", "plan", "obligation", "accepted", "paid")}
            for point in page.picture.points
        ],
    }


def line_json(one: LineOfContract) -> dict[str, Any]:
    names = ("reported", "units", "claimed", "deducted", "corrected", "accepted", "remaining")
    return {
        **_fields(one.line, fields.LINE),
        "service": one.line.service_type.slug if one.line.service_type else "",
        "group": one.line.group.slug if one.line.group else "",
        **people_json(one.recipients, "recipients"),
        **{name if name != "units" else "units_accepted": _value(getattr(one.figures, name)) for name in names},
    }


def people_json(number: Shown, name: str = "people") -> dict[str, Any]:
    """Return a number of people; where it is not told, why."""
    return {name: number.value, f"{name}_hidden": number.hidden.value}


def funding_json(one: FundingFigures) -> dict[str, Any]:
    line = one.funding.line
    sums = {name: _value(getattr(one, name)) for name in ("amount", "committed", "paid", "refunded")}
    return {"year": line.year, "code": line.code, "economic_code": line.economic_code, "title": line.title, **sums}


def version_json(one: ShownVersion) -> dict[str, Any]:
    version = one.version
    signatures = [_fields(each, ("side", "signer", "at", "digest")) for each in version.signatures.all()]
    return {
        **_fields(version, fields.VERSION),
        "ground": version.ground.text if version.ground else "",
        "difference": _value(one.difference),
        "is_in_force": one.is_in_force,
        "signatures": signatures,
    }


def milestone_json(one: ShownMilestone) -> dict[str, Any]:
    return _fields(one.milestone, fields.MILESTONE)


def report_json(one: ShownReport) -> dict[str, Any]:
    lines = [
        {
            "line": each.line,
            "units": _value(each.units),
            "groups": [
                {"group": group.group.slug if group.group else "", **people_json(group.people)} for group in each.groups
            ],
        }
        for each in one.lines
    ]
    return {**_fields(one.report, fields.REPORT), "days_late": one.days_late, "lines": lines}


def act_json(one: ShownAct) -> dict[str, Any]:
    act = one.act
    return {
        **_fields(act, fields.ACT),
        "corrects": act.corrects.number if act.corrects else None,
        "report": act.report.number if act.report else None,
        "to_pay": _value(one.to_pay),
        "lines": [_fields(each, ("line", "units", "tariff", "amount")) for each in act.lines.all()],
        "deductions": [
            {**_fields(each, ("line", "amount", "reason")), "ground": each.ground.text} for each in act.deductions.all()
        ],
        "payments": [payment_json(each) for each in one.payments],
    }


def payment_json(one: ShownPayment) -> dict[str, Any]:
    line = one.payment.funding.line
    return {**_fields(one.payment, fields.PAYMENT), "is_undone": one.is_undone, "year": line.year, "code": line.code}


def finding_json(one: ShownFinding) -> dict[str, Any]:
    finding = one.finding
    return {
        **_fields(finding, fields.FINDING),
        "visit": finding.visit.number,
        "kind": finding.kind.text,
        "replies": [_fields(each, ("text", "at", "log_seq")) for each in finding.replies.all()],
        "results": [_fields(each, ("outcome", "reason", "due_on", "at", "log_seq")) for each in finding.results.all()],
    }


def notice_json(one: ShownNotice) -> dict[str, Any]:
    return {**_fields(one.notice, fields.NOTICE), "ground": one.notice.ground.text, "findings": one.numbers}


def risk_json(one: RiskLine) -> dict[str, Any]:
    card = one.card
    replies = [_fields(each, ("side", "text", "at", "log_seq")) for each in card.replies.all()]
    data = without_few(card.data)
    return {
        "rule": card.rule.slug,
        "name": card.rule.text,
        **_fields(card, fields.CARD),
        "data": data,
        "replies": replies,
    }


def evaluation_json(one: QualityLine) -> dict[str, Any]:
    """Return an evaluation without its ratings, which stand in its own download."""
    evaluation = one.evaluation
    return {
        **_fields(evaluation, fields.EVALUATION),
        "service": evaluation.service_type.slug if evaluation.service_type else "",
        "is_superseded": one.is_superseded,
        "replies": [_fields(each, ("text", "at", "log_seq")) for each in evaluation.replies.all()],
        "url": absolute(one.url),
    }


def visit_json(one: Visit) -> dict[str, Any]:
    return _fields(one, fields.VISIT)


def _fields(thing: models.Model, names: Iterable[str]) -> dict[str, Any]:
    return {name: _value(getattr(thing, name)) for name in names}


def _value(value: Any) -> Any:
    if isinstance(value, Decimal):
        return str(value)
    return written(value) if isinstance(value, date | datetime) else value
