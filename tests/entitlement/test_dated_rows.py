"""The law is data: one row moves a verdict, and nothing else does."""

import csv
from datetime import date
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from registry.domain.entitlement.income import differentiated_fee, judge_income
from registry.domain.reference import FOLDER, LOADERS
from registry.enums import FreeKind
from registry.models import (
    CaseLoadNorm,
    FeeRule,
    FreeOfCharge,
    IncomeBand,
    PaymentTerm,
    StaffingNorm,
    SubsistenceMinimum,
)
from registry.queries.entitlement import minimums_on, rules_on
from tests.entitlement.rules import told, verdict, words


def test_changing_a_minimum_is_one_row(shipped):
    before = words(verdict(income=7000))

    SubsistenceMinimum.objects.filter(group="working_age", valid_from="2026-01-01").update(amount="3600.00")

    assert (before, words(verdict(income=7000))) == ("differentiated", "free")
    assert words(verdict(day="2025-12-31", income=7000)) == "differentiated"


def test_minimum_of_a_new_year_is_one_more_row(shipped):
    SubsistenceMinimum.objects.create(group="working_age", valid_from="2027-01-01", amount="3600.00", law="5000-IX")

    assert words(verdict(day="2026-12-31", income=7000)) == "differentiated"
    assert words(verdict(day="2027-01-01", income=7000)) == "free"


@pytest.mark.parametrize("edge", ["valid_from", "valid_to"])
def test_minimum_holds_on_both_edges_of_its_period(shipped, edge):
    with (FOLDER / "subsistence_minimums.csv").open(encoding="utf-8", newline="") as lines:
        rows = [row for row in csv.DictReader(lines) if row[edge]]
    found = {day: minimums_on(date.fromisoformat(day)) for day in {row[edge] for row in rows}}

    assert [found[row[edge]][row["group"]].amount for row in rows] == [Decimal(row["amount"]) for row in rows]


def test_minimum_that_is_not_in_the_table_is_not_guessed(shipped):
    SubsistenceMinimum.objects.filter(group="working_age").delete()

    found = verdict(income=1)

    assert (words(found), [*found.missing]) == ("not computed", ["minimum"])


def test_minimum_in_doubt_is_said_to_be_unverified(shipped):
    rows = {one.group: one.minimum.verified for one in verdict(income=1, age=40, capacity="").income.compared}

    assert rows == {"working_age": True, "lost_working_capacity": False}


def test_verdict_is_verified_only_with_all_its_rows(shipped):
    assert verdict(income=1).verified is False

    IncomeBand.objects.update(verified=True)
    PaymentTerm.objects.update(verified=True)

    assert verdict(income=1).verified is True
    assert verdict(income=1, age=70, capacity="lost_working_capacity").verified is False


def test_edge_is_settled_by_its_row(shipped):
    IncomeBand.objects.filter(slug="income-up-to-2").update(to_included=False)

    assert words(verdict(income=6656)) == "differentiated"


def test_gap_between_bands_is_not_bridged(shipped):
    IncomeBand.objects.filter(slug="income-over-4").delete()

    found = verdict(income=50000)

    assert (words(found), [*found.missing]) == ("not computed", ["bands"])


def test_method_with_the_general_minimum_is_one_row(shipped):
    PaymentTerm.objects.filter(slug="income-method").update(minimum="general")

    found = verdict(income=6500)

    assert words(found) == "differentiated"
    assert [(one.group, one.minimum.amount) for one in found.income.compared] == [("general", Decimal(3209))]


def test_without_the_method_nothing_is_compared(shipped):
    PaymentTerm.objects.all().delete()

    found = verdict(income=1)

    assert (words(found), [*found.missing]) == ("not computed", ["method"])


def test_category_that_begins_later_frees_nobody_before(shipped):
    FreeOfCharge.objects.create(
        slug="idps",
        text_uk="ВПО",
        kind=FreeKind.PERSON,
        sectors="any",
        disability="2",
        valid_from=date(2026, 7, 16),
    )

    assert words(verdict(day="2026-07-15", disability="2", income=50000)) == "full"
    assert words(verdict(day="2026-07-16", disability="2", income=50000)) == "free"


def test_row_that_binds_everybody_binds_non_state_providers(shipped):
    FreeOfCharge.objects.filter(slug="free-counselling").update(sectors="any")

    assert words(verdict("counselling", place="non_state")) == "free"
    assert verdict("counselling", place="").public_only is False


def fee(**answers):
    said = told(**answers)
    book = rules_on(said.day)
    return differentiated_fee(said, judge_income(said, book), book)


def test_fee_is_told_only_by_a_verified_rule(shipped):
    rules = FeeRule.objects.filter(slug="differentiated-fee")
    rules.update(share_of_tariff=50, cap_share_of_income=12)
    assert fee(income=8000) is None

    rules.update(verified=True)

    assert (fee(income=8000).share, fee(income=8000).at_most) == (Decimal(50), Decimal("960.00"))
    assert verdict(income=8000).missing == ()
    assert fee(income="8000.04", family=1).at_most == Decimal("960.00")
    assert fee(income="8000.05", family=1).at_most == Decimal("960.01")


def test_fee_rule_holds_above_its_lower_edge_and_on_its_upper_one(shipped):
    FeeRule.objects.update(share_of_tariff=50, verified=True, from_minimums=2, to_minimums=3)

    assert fee(income=6656) is None
    assert fee(income="6656.01").share == 50
    assert fee(income=9984).share == 50
    assert fee(income="9984.01") is None


def test_loading_again_changes_nothing_and_leaves_what_was_checked(shipped):
    IncomeBand.objects.filter(slug="income-up-to-2").update(verified=True, to_included=False)

    for name in ("free_of_charge.json", "income_bands.json", "staffing_norms.json"):
        assert not LOADERS[name](FOLDER / name, None).anything

    assert IncomeBand.objects.get(slug="income-up-to-2").to_included is False


def test_shipped_rows_have_a_source_a_note_and_both_languages(shipped):
    for model in (FreeOfCharge, IncomeBand, FeeRule, PaymentTerm, StaffingNorm, CaseLoadNorm):
        assert not [row.slug for row in model.objects.all() if not (row.source and row.note and row.text_en)]
        # none of these acts was compared with its edition in force
        assert not model.objects.filter(verified=True).exists()


@pytest.mark.parametrize(
    ("model", "values", "name"),
    [
        (IncomeBand, {"outcome": "free", "from_minimums": 4, "to_minimums": 2}, "incomeband_edges_in_order"),
        (FeeRule, {"share_of_tariff": 101}, "feerule_shares_are_percent"),
        (FreeOfCharge, {"kind": "service", "sectors": "any"}, "freeofcharge_names_what_its_kind_needs"),
        (PaymentTerm, {"rule": "income_method"}, "paymentterm_method_names_its_minimum"),
        (StaffingNorm, {"per_residents": 0}, "staffingnorm_makes_sense"),
        (CaseLoadNorm, {"cases_at_most": 0}, "caseloadnorm_is_positive"),
        (PaymentTerm, {"rule": "decides_budget", "valid_to": date(2019, 1, 1)}, "paymentterm_ends_after_it_begins"),
    ],
)
def test_row_that_makes_no_sense_is_refused(db, model, values, name):
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        model.objects.create(**({"slug": "x", "text_uk": "х", "valid_from": date(2020, 1, 1)} | values))
