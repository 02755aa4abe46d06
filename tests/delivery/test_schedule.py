"""Which reports a contract asks for, and what an amendment or an end does with them."""

from datetime import date

from portal.accounts.enums import Role
from procurement.contract_enums import ReportState
from procurement.domain.delivery.schedule import lay_out_reports, spans_of, waive_reports_after
from procurement.models import ContractVersion, ServiceReport
from registry.domain.providers import Actor
from tests.delivery.conftest import AGREED, make_deal, sign_rows
from tests.factories.contracts import NOW, make_report, make_typed_ground, make_version


def _spans(period: str, first: date, last: date):
    return spans_of(ContractVersion(report_period=period, service_from=first, service_to=last))


def _actor(deal):
    return Actor(deal.official, Role.COMMISSIONER)


def _amend(contract, **fields):
    """Put another signed version in force, without the use case."""
    contract.version += 1
    ground, agreed = make_typed_ground("amendment"), {**AGREED, **fields}
    sign_rows(make_version(contract, number=contract.version, ground=ground, **agreed))
    contract.save(update_fields=["version"])


def test_spans_are_calendar_ones_cut_by_the_service_time():
    first, last = date(2027, 11, 15), date(2028, 2, 10)
    months = [date(2027, 11, 30), date(2027, 12, 31), date(2028, 1, 31), last]
    assert [end for _start, end in _spans("month", first, last)] == months
    assert _spans("quarter", first, last) == [(first, date(2027, 12, 31)), (date(2028, 1, 1), last)]
    assert _spans("half_year", first, last) == _spans("quarter", first, last)
    assert _spans("whole", first, last) == [(first, last)]
    assert _spans("", first, last) == []


def test_reports_are_laid_out_once_with_the_term_of_the_contract(deal):
    for _again in range(2):
        lay_out_reports(deal.contract, actor=_actor(deal), now=NOW)
    reports = list(deal.contract.reports.all())
    assert [row.number for row in reports] == list(range(1, 11))
    assert (reports[0].period_from, reports[-1].period_to) == (date(2027, 3, 1), date(2027, 12, 31))
    assert reports[0].due_on == date(2027, 4, 5)
    assert reports[0].due_words


def test_amendment_waives_what_is_not_asked_any_more_and_keeps_what_was_filed(deal):
    contract = deal.contract
    make_report(contract, 1)
    make_report(contract, 2, state="filed")
    lay_out_reports(contract, actor=_actor(deal), now=NOW)
    _amend(contract, report_period="quarter", service_to=date(2027, 9, 30))
    lay_out_reports(contract, actor=_actor(deal), now=NOW)
    rows = contract.reports.exclude(state=ReportState.WAIVED).order_by("period_from")
    assert [(row.period_from.month, row.period_to.month, row.state) for row in rows] == [
        (3, 3, "accepted"),
        (4, 4, "filed"),
        (5, 6, "due"),
        (7, 9, "due"),
    ]
    assert contract.reports.filter(state=ReportState.WAIVED).count() == 6
    assert contract.steps.filter(step="waive").count() == 6


def test_what_is_written_in_a_waiting_report_survives_a_longer_contract(deal):
    contract = deal.contract
    _amend(contract, service_to=date(2027, 3, 15))
    lay_out_reports(contract, actor=_actor(deal), now=NOW)
    ServiceReport.objects.update(done="Почато.")
    _amend(contract, service_to=date(2027, 4, 30))
    lay_out_reports(contract, actor=_actor(deal), now=NOW)
    first, second = contract.reports.all()
    assert (first.done, first.period_to) == ("Почато.", date(2027, 3, 31))
    assert second.period_from == date(2027, 4, 1)


def test_end_waives_later_periods_and_cuts_the_present_one(deal):
    lay_out_reports(deal.contract, actor=_actor(deal), now=NOW)
    waive_reports_after(deal.contract, date(2027, 5, 10), actor=_actor(deal), now=NOW)
    rows = deal.contract.reports.exclude(state=ReportState.WAIVED)
    assert [row.period_to for row in rows] == [date(2027, 3, 31), date(2027, 4, 30), date(2027, 5, 10)]


def test_laying_out_takes_the_same_queries_for_a_year_and_a_quarter(deal, django_assert_num_queries):
    _amend(deal.contract, service_to=date(2027, 5, 31))
    lay_out_reports(make_deal(number="2027-D00098").contract, actor=_actor(deal), now=NOW)
    for contract, reports in ((deal.contract, 3), (make_deal(number="2027-D00099").contract, 10)):
        with django_assert_num_queries(11):
            lay_out_reports(contract, actor=_actor(deal), now=NOW)
        assert contract.reports.count() == reports
