"""Reports: written without loss, filed once, returned with remarks, accepted; their people stay numbers."""

from datetime import date
from decimal import Decimal
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied

from portal.kernel.models import LogEntry
from portal.kernel.workflow import StepRefused
from procurement.contract_enums import ReportState
from procurement.domain.delivery.reports import (
    Remark,
    ReportFacts,
    RowFacts,
    StaleReportError,
    accept_report,
    file_report,
    gaps_of,
    is_late,
    return_report,
    save_report,
)
from procurement.models import ServiceReport
from tests.delivery.conftest import make_deal
from tests.factories.contracts import NOW, make_report

UNITS = Decimal("176.50")


def _save(deal, report, *, version=0, done="Догляд надано.", rows=None, user=None):
    facts = ReportFacts(rows=rows if rows is not None else [RowFacts(1, None, 19, UNITS)], done=done)
    return save_report(report_id=report.pk, user=user or deal.person, version=version, facts=facts, now=NOW)


def _file(deal, report, key=None):
    return file_report(report_id=report.pk, user=deal.person, key=key or uuid4(), now=NOW)


def test_report_is_filed_returned_filed_again_and_accepted(deal):
    report = make_report(deal.contract, state="due")
    _save(deal, report)
    _file(deal, report)
    remarks = [Remark("line-1", "Журнал каже 170 годин."), Remark("done", " ")]
    return_report(report_id=report.pk, user=deal.official, reason="Перевірте години.", remarks=remarks, now=NOW)
    report.refresh_from_db()
    assert (report.state, report.remarks) == ("returned", [{"field": "line-1", "text": "Журнал каже 170 годин."}])
    _save(deal, report, version=1, rows=[RowFacts(1, None, 19, Decimal(170))])
    _file(deal, report)
    accepted = accept_report(report_id=report.pk, user=deal.official, now=NOW)
    first, second = report.filings.all()
    assert accepted.state == ReportState.ACCEPTED
    assert (first.reason, second.returned_at) == ("Перевірте години.", None)
    assert (first.content["rows"][0]["units"], second.content["rows"][0]["units"]) == ("176.50", "170.00")


def test_second_press_files_once(deal):
    report, key = make_report(deal.contract, state="due"), uuid4()
    _save(deal, report)
    assert _file(deal, report, key) == _file(deal, report, key)
    assert report.filings.count() == 1


def test_stale_report_is_not_overwritten(deal):
    report = make_report(deal.contract, state="due")
    _save(deal, report, done="Перший.")
    with pytest.raises(StaleReportError) as told:
        _save(deal, report, done="Другий.")
    assert told.value.report.done == "Перший."


def test_gaps_are_named_at_their_places(deal):
    report = make_report(deal.contract, state="due")
    assert [gap.field for gap in gaps_of(report)] == ["done", "line-1"]
    with pytest.raises(StepRefused, match="what was done"):
        _file(deal, report)
    saved = _save(deal, report, rows=[RowFacts(1, None, None, Decimal(0))])
    assert gaps_of(saved) == []


def test_zero_units_are_told_and_unknown_ones_are_not_zero(deal):
    report = make_report(deal.contract, state="due")
    saved = _save(deal, report, rows=[RowFacts(1, None, 0, None)])
    assert [gap.field for gap in gaps_of(saved)] == ["line-1"]


def test_digest_in_the_log_leads_to_no_number_of_people(deal):
    report = make_report(deal.contract, state="due")
    _save(deal, report, rows=[RowFacts(1, None, 3, UNITS)])
    first = _file(deal, report)
    entry = LogEntry.objects.get(tag="procurement:servicereport:file")
    assert first.digest in str(entry.payload)
    assert "recipients" not in str(entry.payload)


def test_nobody_else_writes_files_or_accepts(deal):
    stranger = make_deal(number="2027-D00099").person
    report = make_report(deal.contract, state="due")
    for call in (lambda: _save(deal, report, user=stranger), lambda: _save(deal, report, user=deal.official)):
        with pytest.raises(PermissionDenied):
            call()
    _save(deal, report)
    _file(deal, report)
    with pytest.raises(PermissionDenied):
        accept_report(report_id=report.pk, user=deal.person, now=NOW)


def test_unknown_service_and_doubled_group_are_refused(deal):
    report = make_report(deal.contract, state="due")
    for rows in ([RowFacts(9, None, 1, UNITS)], [RowFacts(1, None, 1, UNITS)] * 2):
        with pytest.raises(StepRefused):
            _save(deal, report, rows=rows)


def test_lateness_is_judged_by_the_first_filing():
    report = ServiceReport(due_on=date(2027, 4, 7), state="due")
    assert not is_late(report, date(2027, 4, 7))
    assert is_late(report, date(2027, 4, 8))
    report.first_filed_at = NOW.replace(month=4, day=7)
    assert not is_late(report, date(2027, 9, 1))
    report.due_on = None
    assert not is_late(report, date(2030, 1, 1))


def test_report_of_a_period_that_has_not_begun_is_refused(deal):
    report = make_report(deal.contract, 9, state="due")
    _save(deal, report)
    with pytest.raises(StepRefused, match="not begun"):
        _file(deal, report)
