"""Reports of a provider: written, filed, returned with remarks, accepted; people are in them as numbers alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from portal.kernel import audit
from portal.kernel.calendar import day_of
from portal.kernel.workflow import StepRefused
from procurement.contract_enums import Pricing, ReportState
from procurement.contract_workflow import REPORT
from procurement.domain.contracts.steps import (
    contractor_actor,
    lines_in_force,
    move,
    official_actor,
    require_contract_state,
)
from procurement.domain.delivery.held import ACCOUNTED, lock_with_contract
from procurement.models import Contract, ReportFiling, ReportRow, ServiceReport

if TYPE_CHECKING:
    from portal.accounts.models import User

TEXTS: Final = ("done", "difficulties", "changes")


class StaleReportError(Exception):
    """The report was saved by somebody else after it was read; `report` is what stands there now."""

    def __init__(self, report: ServiceReport) -> None:
        super().__init__(str(report.pk))
        self.report = report


@dataclass(frozen=True, slots=True)
class RowFacts:
    """What was given of one service (`ContractLine.number`) to one group, by the group's key; unknown is not zero."""

    line: int
    group_id: int | None
    recipients: int | None
    units: Decimal | None


@dataclass(frozen=True, slots=True)
class ReportFacts:
    """What a report says."""

    rows: Sequence[RowFacts] = ()
    done: str = ""
    difficulties: str = ""
    changes: str = ""


@dataclass(frozen=True, slots=True)
class Remark:
    """What to correct at one place: a name of a text, or `line-<number>`."""

    field: str
    text: str


@dataclass(frozen=True, slots=True)
class Gap:
    """What keeps a report from being filed, and where."""

    field: str
    text: str


@transaction.atomic
def save_report(*, report_id: int, user: User, version: int, facts: ReportFacts, now: datetime) -> ServiceReport:
    """Write what is known so far, by whoever prepares it; `version` is that which was read.

    Raises `StaleReportError` where another one was saved since.
    """
    report, contract = lock_with_contract(ServiceReport, report_id)
    contractor_actor(contract, user)
    require_contract_state(contract, *ACCOUNTED)
    if report.state not in ReportState.open:
        raise StepRefused(_("The report is filed: nothing is written in it any more."))
    if report.version != version:
        raise StaleReportError(report)
    _require_known(contract, facts.rows)
    for name in TEXTS:
        setattr(report, name, getattr(facts, name).strip())
    report.version, report.saved_at = report.version + 1, now
    report.save(update_fields=[*TEXTS, "version", "saved_at"])
    report.rows.all().delete()
    told = [row for row in facts.rows if row.recipients is not None or row.units is not None]
    ReportRow.objects.bulk_create(
        ReportRow(report=report, line=row.line, group_id=row.group_id, recipients=row.recipients, units=row.units)
        for row in told
    )
    return report


@transaction.atomic
def file_report(*, report_id: int, user: User, key: UUID, now: datetime) -> ReportFiling:
    """File what is saved; the same key a second time is the same filing. Raises `StepRefused` with the first gap."""
    report, contract = lock_with_contract(ServiceReport, report_id)
    actor = contractor_actor(contract, user)
    before = ReportFiling.objects.filter(key=key).first()
    if before is not None:
        return _same(before, report)
    require_contract_state(contract, *ACCOUNTED)
    if day_of(now) < report.period_from:
        raise StepRefused(_("The period of the report has not begun yet."))
    if gaps := gaps_of(report):
        raise StepRefused(gaps[0].text)
    content = content_of(report)
    # salted: the numbers of people in it are few enough to be tried out
    filing = ReportFiling(
        report=report,
        number=report.filings.count() + 1,
        key=key,
        content=content,
        digest=audit.personal_digest(audit.canonical(content)),
        at=now,
        by=user,
    )
    report.filed_at, report.filed_by = now, user
    report.first_filed_at = report.first_filed_at or now
    filing.log_seq = report.log_seq = move(
        report,
        "file",
        flow=REPORT,
        actor=actor,
        now=now,
        contract=contract,
        payload={"report": report.number, "filing": filing.number, "digest": filing.digest},
        fields=["filed_at", "filed_by", "first_filed_at"],
    )
    report.save(update_fields=["log_seq"])
    filing.save()
    return filing


@transaction.atomic
def return_report(
    *, report_id: int, user: User, reason: str, remarks: Sequence[Remark] = (), now: datetime
) -> ServiceReport:
    """Give it back to be corrected, with a reason for the whole and remarks at their places."""
    report, contract = lock_with_contract(ServiceReport, report_id)
    actor = official_actor(contract, user)
    report.reason = reason.strip()
    report.remarks = [{"field": one.field, "text": one.text.strip()} for one in remarks if one.text.strip()]
    report.decided_at, report.decided_by = now, user
    move(
        report,
        "return",
        flow=REPORT,
        actor=actor,
        now=now,
        contract=contract,
        comment=reason,
        payload={"report": report.number, "remarks": len(report.remarks)},
        fields=["reason", "remarks", "decided_at", "decided_by"],
    )
    last = report.filings.order_by("-number")[:1]
    told = {"returned_at": now, "reason": report.reason, "remarks": report.remarks}
    ReportFiling.objects.filter(pk__in=last.values("pk")).update(**told)
    return report


@transaction.atomic
def accept_report(*, report_id: int, user: User, now: datetime) -> ServiceReport:
    """Accept it: its words and units are public from now on, an act may be made of it."""
    report, contract = lock_with_contract(ServiceReport, report_id)
    actor = official_actor(contract, user)
    report.decided_at, report.decided_by = now, user
    report.reason, report.remarks = "", []
    report.log_seq = move(
        report,
        "accept",
        flow=REPORT,
        actor=actor,
        now=now,
        contract=contract,
        payload={"report": report.number, "units": {str(line): str(units) for line, units in units_of(report).items()}},
        fields=["decided_at", "decided_by", "reason", "remarks"],
    )
    report.save(update_fields=["log_seq"])
    return report


def gaps_of(report: ServiceReport) -> list[Gap]:
    """Return everything that keeps the report from being filed, at once; a unit price asks for units, be they zero."""
    gaps = []
    if not report.done.strip():
        gaps.append(Gap("done", _("Say what was done in the period.")))
    told = {row.line for row in report.rows.all() if row.units is not None}
    for line in lines_in_force(report.contract):
        if line.pricing == Pricing.UNIT and line.number not in told:
            words = {"number": line.number, "title": line.title}
            gaps.append(
                Gap(f"line-{line.number}", _("Service %(number)d, “%(title)s”: say how much was given.") % words)
            )
    return gaps


def units_of(report: ServiceReport) -> dict[int, Decimal]:
    """Add the units of all groups up by line."""
    found: dict[int, Decimal] = {}
    for row in report.rows.all():
        if row.units is not None:
            found[row.line] = found.get(row.line, Decimal(0)) + row.units
    return found


def content_of(report: ServiceReport) -> dict[str, Any]:
    """Return the record of a filing: what the report said then, the numbers of people among it, so never public."""
    rows = report.rows.select_related("group").order_by("line", "group__slug")
    return {
        "contract": report.contract.number,
        "report": report.number,
        "period": [report.period_from.isoformat(), report.period_to.isoformat()],
        "rows": [_row(row) for row in rows],
        **{name: getattr(report, name) for name in TEXTS},
    }


def is_late(report: ServiceReport, today: date) -> bool:
    """Say whether it was first filed after its day, or is not filed and the day is over; never where none is set."""
    if report.due_on is None or report.state == ReportState.WAIVED:
        return False
    filed = report.first_filed_at
    return (day_of(filed) if filed else today) > report.due_on


def _same(before: ReportFiling, report: ServiceReport) -> ReportFiling:
    if before.report_id != report.pk:
        raise StepRefused(_("This form was already sent. Open it anew."))
    return before


def _row(row: ReportRow) -> Mapping[str, Any]:
    return {
        "line": row.line,
        "group": row.group.slug if row.group else None,
        "recipients": row.recipients,
        "units": None if row.units is None else str(row.units),
    }


def _require_known(contract: Contract, rows: Sequence[RowFacts]) -> None:
    known = {line.number for line in lines_in_force(contract)}
    if {row.line for row in rows} - known:
        raise StepRefused(_("The contract has no such service."))
    if len({(row.line, row.group_id) for row in rows}) < len(rows):
        raise StepRefused(_("The same group stands twice at one service: add the figures up."))
    if any(row.units is not None and row.units < 0 for row in rows):
        raise StepRefused(_("Units cannot be below zero."))
