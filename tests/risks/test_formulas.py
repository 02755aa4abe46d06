"""The formulas of risk cards, on facts alone: nothing is read and nothing is written."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from procurement.domain.reference import FOLDER
from procurement.domain.risks import formulas
from procurement.domain.risks.thresholds import SHAPES, threshold_faults
from procurement.models import Competition, Contract
from procurement.queries.contracts.risk_facts import (
    CellFact,
    CompetitionFacts,
    ContractFacts,
    EarlierFact,
    LineFact,
    ReportFact,
)

RULES = {row["slug"]: row for row in json.loads((Path(FOLDER) / "risks.json").read_text(encoding="utf-8"))}
TODAY = date(2027, 7, 14)


def thresholds(slug: str) -> dict[str, Any]:
    return RULES[slug]["parameters"]


def facts_of(*, award: str = "", **fields: Any) -> ContractFacts:
    contract = Contract(
        **{
            "pk": 1,
            "number": "2027-D00001",
            "hromada_id": 5,
            "channel": "social_order",
            "state": "in_force",
            "concluded_on": date(2027, 2, 25),
            "services": ["home-care"],
            "sum": Decimal("100000.00"),
            "first_sum": Decimal("100000.00"),
            "version": 1,
            **fields,
        }
    )
    return ContractFacts(contract, Decimal(award) if award else None)


def line(**fields: Any) -> LineFact:
    values = {
        "number": 1,
        "title": "Догляд вдома",
        "service": "home-care",
        "unit": "person_hour",
        "tariff": Decimal("180.00"),
        "published": Decimal("180.00"),
        "tariff_act": "",
        "recipients": 20,
    }
    return LineFact(**{**values, **fields})


def earlier(pk: int, on: date, **fields: Any) -> EarlierFact:
    values = {
        "number": f"2026-D{pk:05d}",
        "hromada": 5,
        "channel": "social_order",
        "state": "closed",
        "sum": Decimal("50000.00"),
        "services": ("home-care",),
    }
    return EarlierFact(pk=pk, concluded_on=on, **{**values, **fields})


def test_every_rule_has_its_formula_and_every_formula_its_rule() -> None:
    assert set(RULES) == {*formulas.OF_CONTRACTS, *formulas.OF_COMPETITIONS}
    for row in RULES.values():
        assert row["formula_uk"]
        assert row["innocent_uk"]
        assert row["text_uk"]
        assert row["verified"] is False


def test_shipped_thresholds_have_their_shape() -> None:
    assert set(SHAPES) == set(RULES)
    for slug, row in RULES.items():
        assert list(threshold_faults(slug, row["parameters"])) == []


@pytest.mark.parametrize(
    ("slug", "parameters"),
    [
        ("late-reports", {}),
        ("late-reports", {"reports": 2, "more": 1}),
        ("late-reports", {"reports": 0}),
        ("late-reports", {"reports": True}),
        ("late-reports", []),
        ("value-raised", {"share": "багато"}),
        ("value-raised", {"share": "-0.1"}),
        ("value-raised", {"share": 0.1}),
        ("value-raised", {"share": "NaN"}),
        ("repeated-winner", {"contracts": 3, "years": 3, "channels": ["by-friendship"]}),
        ("no-such-rule", {}),
    ],
)
def test_thresholds_of_another_shape_are_named(slug: str, parameters: Any) -> None:
    assert len(list(threshold_faults(slug, parameters))) == 1


# --- repeated winner -------------------------------------------------------------------------------------------------


def test_repeated_winner_counts_the_same_parties_and_service() -> None:
    facts = facts_of()
    facts.contracts = [
        earlier(2, date(2025, 3, 1)),
        earlier(3, date(2026, 3, 1)),
        earlier(1, date(2027, 2, 25)),
    ]

    found = formulas.repeated_winner(facts, thresholds("repeated-winner"), TODAY)

    assert found is not None
    assert found["count"] == 3
    assert found["sum"] == "150000.00"
    assert found["since"] == "2024-02-25"


@pytest.mark.parametrize(
    "other",
    [
        {"hromada": 6},
        {"services": ("day-care",)},
        {"channel": "own_provider"},
    ],
)
def test_repeated_winner_does_not_count_what_is_other(other: dict[str, Any]) -> None:
    facts = facts_of()
    facts.contracts = [
        earlier(2, date(2025, 3, 1)),
        earlier(3, date(2026, 3, 1), **other),
        earlier(1, date(2027, 2, 25)),
    ]

    assert formulas.repeated_winner(facts, thresholds("repeated-winner"), TODAY) is None


def test_repeated_winner_looks_neither_too_far_back_nor_ahead() -> None:
    facts = facts_of()
    facts.contracts = [
        earlier(2, date(2024, 2, 25)),
        earlier(3, date(2026, 3, 1)),
        earlier(1, date(2027, 2, 25)),
        earlier(4, date(2027, 6, 1)),
    ]

    assert formulas.repeated_winner(facts, thresholds("repeated-winner"), TODAY) is None


def test_repeated_winner_counts_years_from_a_leap_day() -> None:
    facts = facts_of(concluded_on=date(2028, 2, 29))
    facts.contracts = [earlier(number, date(2027, number, 1)) for number in (1, 2, 3)]

    found = formulas.repeated_winner(facts, thresholds("repeated-winner"), TODAY)

    assert found is not None
    assert found["since"] == "2025-02-28"


def test_repeated_winner_says_nothing_of_an_own_communal_provider() -> None:
    facts = facts_of(channel="own_provider")
    facts.contracts = [earlier(number, date(2026, number, 1), channel="own_provider") for number in (1, 2, 3)]

    assert formulas.repeated_winner(facts, thresholds("repeated-winner"), TODAY) is None


# --- price -----------------------------------------------------------------------------------------------------------


def test_price_is_compared_with_the_published_tariff() -> None:
    facts = facts_of()
    facts.lines = [line(), line(number=2, tariff=Decimal("198.00"))]

    found = formulas.price_above_tariff(facts, thresholds("price-above-tariff"), TODAY)

    assert found is not None
    (row,) = found["lines"]
    assert (row["line"], row["compared_with"], row["base"], row["above"]) == (2, "published", "180.00", "10.0")


@pytest.mark.parametrize(
    ("count", "tariff", "is_found"), [(5, "181.00", True), (4, "181.00", False), (5, "180.00", False)]
)
def test_price_without_a_published_tariff_is_compared_with_the_median(
    count: int, tariff: str, *, is_found: bool
) -> None:
    facts = facts_of()
    facts.lines = [line(published=None, tariff=Decimal(tariff))]
    facts.medians = {("home-care", "person_hour"): (Decimal("150.00"), count)}

    found = formulas.price_above_tariff(facts, thresholds("price-above-tariff"), TODAY)

    assert (found is not None) is is_found
    if found:
        assert found["lines"][0]["of"] == count


@pytest.mark.parametrize("values", [{"tariff": None}, {"published": Decimal(0)}, {"published": None}])
def test_price_that_cannot_be_compared_is_not_judged(values: dict[str, Any]) -> None:
    facts = facts_of()
    facts.lines = [line(**values)]

    assert formulas.price_above_tariff(facts, thresholds("price-above-tariff"), TODAY) is None


# --- value -----------------------------------------------------------------------------------------------------------


def test_value_is_compared_with_the_award() -> None:
    facts = facts_of(award="90000.00", sum=Decimal("99000.01"), version=2)

    found = formulas.value_raised(facts, thresholds("value-raised"), TODAY)

    assert found is not None
    assert (found["compared_with"], found["base"], found["raised"]) == ("award", "90000.00", "9000.01")


def test_value_without_an_award_is_compared_with_the_first_version() -> None:
    facts = facts_of(sum=Decimal("125000.00"), version=3)

    found = formulas.value_raised(facts, thresholds("value-raised"), TODAY)

    assert found is not None
    assert (found["compared_with"], found["above"], found["versions"]) == ("first", "25.0", 3)


def test_value_raised_to_the_threshold_is_no_sign() -> None:
    assert formulas.value_raised(facts_of(sum=Decimal("110000.00")), thresholds("value-raised"), TODAY) is None


# --- reports ---------------------------------------------------------------------------------------------------------


def test_late_reports_are_those_after_their_day_and_those_that_have_not_come() -> None:
    facts = facts_of()
    facts.reports = [
        ReportFact(1, date(2027, 4, 7), date(2027, 4, 7)),
        ReportFact(2, date(2027, 5, 7), date(2027, 5, 8)),
        ReportFact(3, date(2027, 7, 7), None),
        ReportFact(4, date(2027, 7, 14), None),
        ReportFact(5, None, None),
    ]

    found = formulas.late_reports(facts, thresholds("late-reports"), TODAY)

    assert found is not None
    assert [row["number"] for row in found["late"]] == [2, 3]
    assert found["due"] == 3
    assert found["late"][1]["filed_on"] == ""


def test_late_reports_of_an_ended_contract_are_those_that_came() -> None:
    facts = facts_of(state="terminated")
    facts.reports = [
        ReportFact(1, date(2027, 4, 7), date(2027, 4, 9)),
        ReportFact(2, date(2027, 5, 7), None),
        ReportFact(3, date(2027, 6, 7), None),
    ]

    assert formulas.late_reports(facts, thresholds("late-reports"), TODAY) is None


# --- capacity --------------------------------------------------------------------------------------------------------


def test_capacity_is_compared_with_people_of_all_running_contracts() -> None:
    facts = facts_of()
    facts.lines = [line()]
    facts.capacity = {"home-care": (35, date(2027, 1, 1))}
    facts.load = {"home-care": {"2027-D00001": 20, "2027-D00007": 16}}

    found = formulas.capacity_below(facts, thresholds("capacity-below"), TODAY)

    assert found is not None
    (row,) = found["services"]
    assert (row["places"], row["recipients"]) == (35, 36)


@pytest.mark.parametrize(
    ("capacity", "load"),
    [
        ({"home-care": (36, date(2027, 1, 1))}, {"home-care": {"2027-D00001": 36}}),
        ({}, {"home-care": {"2027-D00001": 36}}),
        # of so few people that they are left out
        ({"home-care": (2, date(2027, 1, 1))}, {}),
    ],
)
def test_capacity_that_is_enough_or_not_known_is_no_sign(capacity: dict[str, Any], load: dict[str, Any]) -> None:
    facts = facts_of()
    facts.lines = [line()]
    facts.capacity, facts.load = capacity, load

    assert formulas.capacity_below(facts, thresholds("capacity-below"), TODAY) is None


# --- competitions ----------------------------------------------------------------------------------------------------


def test_single_applicant_names_the_lots() -> None:
    facts = CompetitionFacts(Competition(pk=1), {1: ("Місто", 1), 2: ("Села", 2), 3: ("Ніхто", 0)})

    found = formulas.single_applicant(facts, thresholds("single-applicant"), TODAY)

    assert found == {"lots": [{"lot": 1, "title": "Місто", "applicants": 1}]}


def test_competition_of_several_applicants_is_no_sign() -> None:
    facts = CompetitionFacts(Competition(pk=1), {1: ("Місто", 2)})

    assert formulas.single_applicant(facts, thresholds("single-applicant"), TODAY) is None


def cells(different: int, *, members: int = 3, count: int = 10) -> list[CellFact]:
    same, other = (Decimal(5),) * members, (*(Decimal(5),) * (members - 1), Decimal(4))
    return [CellFact(1, n, "quality", Decimal(10), other if n < different else same) for n in range(count)]


@pytest.mark.parametrize(
    ("given", "is_found"),
    [
        (cells(0), True),
        (cells(1), True),
        (cells(2), False),
        (cells(0, members=2), False),
        (cells(0, count=5), False),
        ([], False),
    ],
)
def test_clustered_scores_are_those_that_hardly_differ(given: list[CellFact], *, is_found: bool) -> None:
    facts = CompetitionFacts(Competition(pk=1), {}, given)

    assert (formulas.clustered_scores(facts, thresholds("clustered-scores"), TODAY) is not None) is is_found
