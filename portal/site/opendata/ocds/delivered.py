"""How a contract is fulfilled: milestones, accepted reports and acts, payments; sums add up to those of its page.

The value of every transaction counts with its sign: what came back, and the undoing of a slip, are below zero, so the
transactions of a contract add up to what it has been paid.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from typing import Final

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from portal.accounts.letters import absolute
from procurement.contract_enums import ContractState, MilestoneState
from procurement.domain.delivery.sums import signed
from procurement.models import AcceptanceAct, Contract, ContractLine, Milestone, Payment, ServiceReport
from procurement.queries.contracts.people import GroupLine, ServiceLine, public_rows

from . import parties
from .awards import award_of
from .events import DELIVERY, Event
from .reading import Process
from .values import Json, document, moment, money, number, period, pruned, unit

NOTHING: Final = Decimal(0)
ACCEPTED: Final = "accepted"
_MILESTONES: Final = {
    MilestoneState.PLANNED: "scheduled",
    MilestoneState.MET: "met",
    MilestoneState.MISSED: "notMet",
}


def _contract(process: Process, contract: Contract, at: datetime, told: Json) -> Json:
    return {"contracts": [{"id": contract.number, "awardID": award_of(process, contract, at), **told}]}


# --- milestones ------------------------------------------------------------------------------------------------------


def milestones_of(process: Process, contract: Contract) -> Iterator[Event]:
    """Yield each milestone when it was planned, not before the conclusion, and when it was judged last."""
    concluded = contract.concluded_at
    if concluded is None:
        return
    for one in contract.milestones.all():
        at = max(process.planned.get(str(one.pk), concluded), concluded)
        tag = "contractUpdate" if at > concluded else "contract"
        yield Event(at, (tag,), _contract(process, contract, at, _planned(one)))
        if one.state != MilestoneState.PLANNED and one.decided_at is not None:
            at = max(one.decided_at, at)
            yield Event(at, (DELIVERY,), _contract(process, contract, at, _judged(one)))


def _planned(one: Milestone) -> Json:
    told = {
        "id": str(one.number),
        "title": one.title,
        "type": "delivery",
        "description": _measured(one.measure, one.plan),
        "dueDate": moment(one.due_on),
        "status": _MILESTONES[MilestoneState.PLANNED],
    }
    return {"milestones": [pruned(told)]}


def _judged(one: Milestone) -> Json:
    words = [_measured(one.measure, one.plan), "" if one.fact is None else _("reached: %(fact)s") % {"fact": one.fact}]
    met = one.state == MilestoneState.MET
    told = pruned(
        {
            "id": str(one.number),
            "description": "; ".join(filter(None, (*words, one.reason))),
            "dateMet": moment(one.decided_on) if met else None,
        }
    )
    # what is required no more has no status of the codelist
    return {"milestones": [{**told, "status": _MILESTONES.get(MilestoneState(one.state))}]}


def _measured(measure: str, plan: Decimal | None) -> str:
    planned = "" if plan is None else _("planned: %(plan)s") % {"plan": plan}
    return "; ".join(filter(None, (measure, planned)))


# --- reports ---------------------------------------------------------------------------------------------------------


def reports_of(process: Process, contract: Contract) -> Iterator[Event]:
    """Yield each accepted report: units by service, people by group where they are not few."""
    lines = {line.number: line for version in contract.versions.all() for line in version.lines.all()}
    page = absolute(reverse("procurement:contract", args=[contract.number]))
    for report in contract.reports.all():
        if report.decided_at is None:
            continue
        title = _("Report %(number)s") % {"number": report.number}
        paper = document(
            f"report-{report.number}",
            "physicalProgressReport",
            title,
            f"{page}#report-{report.number}",
            report.decided_at,
            format="text/html",
        )
        told = pruned({"documents": [paper], "metrics": _metrics(report, lines)})
        at = report.decided_at
        yield Event(at, (DELIVERY,), _contract(process, contract, at, {DELIVERY: told}))


def _metrics(report: ServiceReport, lines: dict[int, ContractLine]) -> list[Json]:
    rows = public_rows(report.rows.all())
    units = [_units(report, row, lines.get(row.line)) for row in rows if row.units is not None]
    people = [
        _people(report, row, group, place)
        for row in rows
        for place, group in enumerate(row.groups, 1)
        if group.people.value is not None
    ]
    told = (("units", _("Units given"), units), ("recipients", _("Recipients of the service"), people))
    return [{"id": key, "title": title, "observations": found} for key, title, found in told if found]


def _units(report: ServiceReport, row: ServiceLine, line: ContractLine | None) -> Json:
    return pruned(
        {
            "id": f"report-{report.number}-{row.line}",
            "period": period(report.period_from, report.period_to),
            "measure": number(row.units or NOTHING),
            "unit": unit(line.unit if line else "", None),
            "notes": line.title if line else "",
        }
    )


def _people(report: ServiceReport, row: ServiceLine, group: GroupLine, place: int) -> Json:
    return pruned(
        {
            "id": f"report-{report.number}-{row.line}-{place}",
            "period": period(report.period_from, report.period_to),
            "measure": group.people.value,
            "unit": {"name": pgettext("unit of measure", "people")},
            "notes": group.group.name_uk if group.group else "",
        }
    )


# --- acts and money --------------------------------------------------------------------------------------------------


def acts_and_payments(process: Process, contract: Contract) -> Iterator[Event]:
    """Yield each accepted act with its sum, and each payment when it was entered."""
    for act in contract.acts.all():
        if act.accepted_at is None:
            continue
        told = {DELIVERY: _act(contract, act)}
        yield Event(act.accepted_at, (DELIVERY,), _contract(process, contract, act.accepted_at, told))
        for place, payment in enumerate(act.payments.all(), 1):
            event = Event(max(payment.entered_at, act.accepted_at), (DELIVERY,), {})
            transaction = _transaction(process, contract, payment, f"{act.number}-{place}", event)
            event.told = _contract(process, contract, event.at, {DELIVERY: {"transactions": [transaction]}})
            yield event


def _act(contract: Contract, act: AcceptanceAct) -> Json:
    title = _("Act %(number)s of services rendered") % {"number": act.number}
    url = absolute(reverse("procurement:contract_act_pdf", args=[contract.number, act.number]))
    observation = pruned(
        {
            "id": f"act-{act.number}",
            "period": period(act.period_from, act.period_to),
            "value": money(act.accepted),
            "notes": _("claimed %(claimed)s, deducted %(deducted)s")
            % {"claimed": act.claimed, "deducted": act.deducted},
        }
    )
    told: Json = {
        "documents": [
            document(
                f"act-{act.number}", "completionCertificate", title, url, act.accepted_at, format="application/pdf"
            )
        ],
        "metrics": [{"id": ACCEPTED, "title": _("Accepted by acts"), "observations": [observation]}],
    }
    at = act.accepted_at
    if at is not None and contract.state in ContractState.ended and contract.ended_at and at > contract.ended_at:
        told["finalValue"] = money(accepted_until(contract, at))
    return told


def accepted_until(contract: Contract, at: datetime) -> Decimal:
    """Return what acts had accepted by a moment, corrections counted in."""
    taken = (act.accepted for act in contract.acts.all() if act.accepted_at and act.accepted_at <= at)
    return sum(taken, NOTHING)


def _transaction(process: Process, contract: Contract, payment: Payment, key: str, event: Event) -> Json:
    payer = parties.buyer(contract.commissioner, contract.hromada)
    return pruned(
        {
            "id": key,
            "source": absolute(reverse("procurement:contract", args=[contract.number])),
            "date": moment(payment.paid_on),
            "value": money(signed(payment)),
            "payer": event.take("payer", payer),
            "payee": event.take("payee", parties.supplier(contract, process.number)),
        }
    )
