"""Reports and evaluations that Ukrainian providers have published: the portal comes to the same figures."""

from datetime import UTC, date, datetime, time
from decimal import Decimal
from fractions import Fraction
from uuid import uuid4

import pytest
from django.urls import reverse

from procurement.contract_enums import QualityKind, SurveyState
from procurement.domain.delivery import reports
from procurement.domain.delivery.reports import ReportFacts, RowFacts
from procurement.domain.quality import evaluations, ratings, results, surveys
from procurement.domain.quality.arithmetic import rounded
from procurement.models import ReportFiling
from registry.models import VulnerableGroup
from tests.contract_machine.hands import Sides
from tests.factories.procurement import make_bidder
from tests.factories.quality import add_ballots, indicator_set, survey_form
from tests.factories.registry import make_catalogue
from tests.real_contracts.test_contracts import facts

pytestmark = pytest.mark.django_db


def noon(day: str) -> datetime:
    return datetime.combine(date.fromisoformat(day), time(10, 0), UTC)


@pytest.mark.parametrize("row", facts("sribne_reach")["rows"], ids=lambda row: row["name"])
def test_sribne_shares_are_the_published_ones(row):
    share = Fraction(row["served"], row["found"]) * 100

    assert str(rounded(share, "half_up", 1)) == row.get("rounded", row["percent"])
    # what the source cut off instead of rounding is told in the file
    assert ("rounded" in row) == (str(rounded(share, "half_up", 1)) != row["percent"])
    if "rounded" in row:
        assert str(rounded(share, "down", 1)) == row["percent"]


def test_sribne_departments_add_up():
    told = facts("sribne_reach")

    assert sum(told["served_by_departments"]) == told["rows"][0]["served"]


def test_lityn_answers_come_to_the_published_per_cents():
    """The evaluation is begun by its order, asks on its days, and its total is that of its answers."""
    told = facts("lityn_quality")
    organisation, person = make_bidder()
    begun, closed = noon(told["from"]), noon(told["to"])
    with_it = {"user": person, "now": begun}
    evaluation = evaluations.begin_evaluation(
        kind=QualityKind.INTERNAL,
        organisation_id=organisation.pk,
        indicators_id=indicator_set().pk,
        values={
            "period_from": date(2023, 7, 1),
            "period_to": date(2024, 6, 30),
            "act_number": told["act_number"],
            "act_on": date.fromisoformat(told["act_on"]),
            "recipients": told["asked"]["разом"],
            "conclusion": "Послуги відповідають потребам отримувачів.",
        },
        key=uuid4(),
        **with_it,
    )
    until = date.fromisoformat(told["to"])
    survey = surveys.open_survey(evaluation_id=evaluation.pk, form_id=survey_form().pk, closes_on=until, **with_it)
    answers = {row["indicator"]: row for row in told["answers"]}
    add_ballots(survey, answers["targeting"]["yes"], needs="yes", in_time="yes")
    surveys.close_survey(survey_id=survey.pk, user=person, now=closed)

    survey.refresh_from_db()
    found = {one.code: one for one in results.results_of(survey).questions}
    assert (survey.state, survey.opened_on.isoformat()) == (SurveyState.CLOSED, told["from"])
    for question, indicator in (("needs", "targeting"), ("in-time", "timeliness")):
        cells = {cell.code: cell.count for cell in found[question].cells}
        assert (cells["yes"], cells["no"]) == (answers[indicator]["yes"], answers[indicator]["no"])
        assert str(found[question].value) == answers[indicator]["percent"]
    assert ratings.take_from_survey(evaluation_id=evaluation.pk, user=person) == len(answers)
    for code in {row["code"] for row in evaluation.indicators.definition["indicators"]} - set(answers):
        values = {"value": None, "note": "У звіті не сказано."}
        ratings.rate(evaluation_id=evaluation.pk, code=code, values=values, user=person, now=closed)
    rated = {row.code: str(row.value) for row in evaluation.ratings.filter(value__isnull=False)}
    assert rated == {indicator: row["percent"] for indicator, row in answers.items()}
    assert results.share_surveyed(results.results_of(survey), told["asked"]["разом"]) == "97"


def test_bobrovytsia_groups_make_up_the_published_total(client):
    told = facts("bobrovytsia_report")
    begins, ends = date.fromisoformat(told["period_from"]), date.fromisoformat(told["period_to"])
    sides = Sides.make("100000.00")
    service = {"tariff": Decimal("1.00"), "volume": Decimal(10000), "recipients": told["total"]}
    terms = {"service_from": begins, "service_to": ends, "report_period": "half_year"}
    contract = sides.conclude(sides.draft([service], **terms), now=noon(told["period_from"]))
    report = contract.reports.get()
    assert (report.period_from, report.period_to) == (begins, ends)

    groups = [make_catalogue().older_people, VulnerableGroup.objects.exclude(slug="older-people").first()]
    people = [told["groups"][1]["people"], told["groups"][0]["people"]]
    rows = [RowFacts(1, group.pk, number, None) for group, number in zip(groups, people, strict=True)]
    rows.append(RowFacts(1, None, None, Decimal(told["total"])))
    filed = noon(told["published_on"])
    with_it = {"report_id": report.pk, "user": sides.person, "now": filed}
    reports.save_report(version=report.version, facts=ReportFacts(rows, done="Обслужено."), **with_it)
    reports.file_report(key=uuid4(), **with_it)
    reports.accept_report(report_id=report.pk, user=sides.official, now=filed)

    content = ReportFiling.objects.get(report=report).content
    assert sum(row["recipients"] or 0 for row in content["rows"]) == told["total"]
    page = client.get(reverse("procurement:contract", args=[contract.number])).content.decode()
    plain = page.replace("\xa0", "").replace("\u202f", "").replace("&nbsp;", "")
    assert all(str(number) in plain for number in people)
