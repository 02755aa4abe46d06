"""The reports that a contract asks for: one for each period of the version in force."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Final

from django.db.models import Max
from django.utils.translation import gettext as _

from procurement.contract_enums import ReportPeriod, ReportState
from procurement.contract_workflow import REPORT
from procurement.domain.contracts.steps import move, record, version_in_force
from procurement.domain.contracts.terms import Terms
from procurement.models import Contract, ContractVersion, ServiceReport
from registry.domain.providers import Actor

Span = tuple[date, date]
ONE_DAY: Final = timedelta(days=1)
# months that a period of the calendar takes
_MONTHS: Final = {ReportPeriod.MONTH: 1, ReportPeriod.QUARTER: 3, ReportPeriod.HALF_YEAR: 6}


def lay_out_reports(contract: Contract, *, actor: Actor, now: datetime) -> None:
    """Make the reports of the periods that have none yet, by the version in force; waive those it has no more.

    Called by whoever concludes or amends, the contract being held. Reports that were filed stay as they are; one that
    waits and whose period begins on the same day gets the new end, with what is already written in it.
    """
    version = version_in_force(contract)
    asked = spans_of(version) if version else []
    reports = list(contract.reports.exclude(state=ReportState.WAIVED))
    kept = [(row.period_from, row.period_to) for row in reports if row.state != ReportState.DUE]
    spans = [span for span in _uncovered(asked, kept) if span[0] <= span[1]]
    terms = Terms(contract, version)
    waiting = {row.period_from: row for row in reports if row.state == ReportState.DUE}
    fresh = [span for span in spans if not _takes_over(terms, waiting.pop(span[0], None), span)]
    for row in waiting.values():
        _waive(row, _("The contract asks for no report on this period any more."), contract, actor, now)
    made = _make(contract, terms, fresh)
    if made:
        record(contract, "lay_out", actor=actor, now=now, contract=contract, payload={"reports": made})


def waive_reports_after(contract: Contract, on: date, *, actor: Actor, now: datetime) -> None:
    """Waive the open reports of periods that begin after the day on which the contract ended.

    A period in which it ended gets that day as its last one, if nothing was filed on it yet.
    """
    for row in contract.reports.filter(state__in=ReportState.open, period_from__gt=on):
        _waive(row, _("The contract ended before this period."), contract, actor, now)
    terms = Terms.of(contract)
    for row in contract.reports.filter(state=ReportState.DUE, period_from__lte=on, period_to__gt=on):
        _takes_over(terms, row, (row.period_from, on))


def spans_of(version: ContractVersion) -> list[Span]:
    """Return the periods of a version in order: calendar ones, cut by its service time; none where it says none."""
    first, last = version.service_from, version.service_to
    if first is None or last is None or not version.report_period:
        return []
    if version.report_period == ReportPeriod.WHOLE:
        return [(first, last)]
    return list(_calendar_spans(first, last, _MONTHS[ReportPeriod(version.report_period)]))


def _calendar_spans(first: date, last: date, months: int) -> Iterator[Span]:
    start = first
    while start <= last:
        following = (start.month - 1) // months * months + months
        end = date(start.year + following // 12, following % 12 + 1, 1) - ONE_DAY
        yield start, min(end, last)
        start = end + ONE_DAY


def _uncovered(asked: list[Span], kept: list[Span]) -> Iterator[Span]:
    """Cut from the periods the days about which something was already filed."""
    for asked_from, to in asked:
        start = asked_from
        for kept_from, kept_to in sorted(kept):
            if kept_to < start or kept_from > to:
                continue
            yield start, min(to, kept_from - ONE_DAY)
            start = kept_to + ONE_DAY
        yield start, to


def _takes_over(terms: Terms, row: ServiceReport | None, span: Span) -> bool:
    """Give a waiting report the end and the term that hold now; say whether there was one."""
    if row is None:
        return False
    row.period_to = span[1]
    row.due_on, row.due_words = terms.report_due(span[1])
    row.save(update_fields=["period_to", "due_on", "due_words"])
    return True


def _make(contract: Contract, terms: Terms, spans: list[Span]) -> int:
    last = contract.reports.aggregate(last=Max("number"))["last"] or 0
    rows = []
    for number, (start, end) in enumerate(spans, last + 1):
        due_on, words = terms.report_due(end)
        span = {"period_from": start, "period_to": end, "due_on": due_on, "due_words": words}
        rows.append(ServiceReport(contract=contract, number=number, **span))
    return len(ServiceReport.objects.bulk_create(rows))


def _waive(row: ServiceReport, why: str, contract: Contract, actor: Actor, now: datetime) -> None:
    payload = {"report": row.number}
    move(row, "waive", flow=REPORT, actor=actor, now=now, contract=contract, comment=why, payload=payload)
