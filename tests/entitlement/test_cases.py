"""Verdicts by tables of cases, written from the source documents and the dated minimums."""

import csv
from collections import Counter
from decimal import Decimal
from pathlib import Path

import pytest

from registry.domain.entitlement.missing import Missing
from tests.entitlement.rules import verdict, words

HERE = Path(__file__).parent


def cases(name: str) -> list[dict[str, str]]:
    with (HERE / name).open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


BY_INCOME, BY_CATEGORY = cases("cases_income.csv"), cases("cases_free.csv")


def number(text: str) -> int | None:
    return int(text) if text else None


def test_cases_are_no_fewer_than_promised():
    assert len(BY_INCOME) + len(BY_CATEGORY) >= 60
    assert Counter(case["day"][:4] for case in BY_INCOME).keys() == {str(year) for year in range(2019, 2028)}


def test_income_gives_the_verdict_of_its_case(shipped):
    found = {}
    for number_of_case, case in enumerate(BY_INCOME):
        told = verdict(
            day=case["day"],
            age=number(case["age"]),
            capacity=case["capacity"],
            family=number(case["family"]),
            income=Decimal(case["income"]) if case["income"] else None,
        )
        minimums = {f"{one.minimum.amount}" for one in told.income.compared} if told.income else set()
        found[number_of_case] = (words(told), minimums if case["minimum"] else set())

    wanted = {at: (case["outcome"], {case["minimum"]} - {""}) for at, case in enumerate(BY_INCOME)}
    assert found == wanted


def test_category_service_urgency_and_provider_give_the_verdict_of_their_case(shipped):
    found = {}
    for at, case in enumerate(BY_CATEGORY):
        told = verdict(
            case["service"],
            groups=case["groups"].split(),
            groups_told=case["groups_told"] == "yes",
            disability=case["disability"],
            age=number(case["age"]),
            urgent={"yes": True, "no": False, "unknown": None}[case["urgent"]],
            place="" if case["place"] == "unknown" else case["place"],
            income=Decimal(case["income"]) if case["income"] else None,
        )
        found[at] = (words(told), {*told.missing} - {Missing.FEE_RULE}, told.public_only)

    wanted = {
        at: (case["outcome"], {*case["missing"].split()}, case["place"] == "unknown")
        for at, case in enumerate(BY_CATEGORY)
    }
    assert found == wanted


@pytest.mark.parametrize(
    ("answers", "missing"),
    [
        ({"income": None}, {"income"}),
        ({"income": 6000, "family": None}, {"family"}),
        ({"income": None, "family": None}, {"income", "family"}),
        ({"income": 6656}, {"edge"}),
        ({"income": 6000, "age": 70, "capacity": ""}, {"minimum_group"}),
        ({"income": 5500, "age": None, "capacity": ""}, {"minimum_group"}),
        ({"day": "2019-05-05", "income": 6000}, {"no_rules"}),
        ({"income": 7000}, {"fee_rule"}),
    ],
)
def test_verdict_names_what_is_missing(shipped, answers, missing):
    assert {*verdict(**answers).missing} == missing


def test_unread_rest_of_the_list_is_told_with_every_verdict_that_is_not_free(shipped):
    assert [row.slug for row in verdict(income=50000).unread] == ["free-rest-of-the-list"]
    assert verdict(income=1).unread == ()
