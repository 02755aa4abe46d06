"""What a form computes: exactly, and rounded to a kopiika as it is shown."""

from decimal import Decimal

import pytest

from procurement.domain.forms.proposal_forms import form_of, to_kopiika
from tests.proposals.defining import LINES, field, form, reading


@pytest.mark.parametrize(
    ("amount", "rounded"),
    [("0.005", "0.01"), ("0.0049", "0.00"), ("1.005", "1.01"), ("2.675", "2.68"), ("10", "10.00")],
)
def test_half_a_kopiika_goes_up(amount, rounded):
    assert to_kopiika(Decimal(amount)) == Decimal(rounded)


@pytest.mark.parametrize(
    ("content", "cost"),
    [
        ({"quantity": "3", "price": "10.50"}, "31.50"),
        ({"quantity": "1.005", "price": "1.00"}, "1.01"),
        ({"quantity": "0", "price": "10.00"}, "0.00"),
        ({"quantity": "3"}, None),
    ],
)
def test_product_of_columns(content, cost):
    told = reading(form(LINES), {f"a/lines/1/{name}": value for name, value in content.items()})
    table = told.form.field("a/lines")

    found = told.value(table.column("cost"), "1")

    assert (found, str(found) if found is not None else None) == (Decimal(cost) if cost else None, cost)


def test_sum_of_a_column_adds_rounded_rows():
    definition = form(LINES, field("total", "calculated", calculate={"sum": "a/lines/cost"}))
    content = {}
    for row in ("1", "2"):
        content |= {f"a/lines/{row}/quantity": "0.5", f"a/lines/{row}/price": "0.01"}

    # 0.005 twice: each row is rounded up to a kopiika, as it is shown
    assert reading(definition, content).calculated(form_of(definition, {}).field("a/total")) == Decimal("0.02")


def test_sum_of_nothing_is_nothing():
    definition = form(LINES, field("total", "calculated", calculate={"sum": "a/lines/cost"}))

    assert reading(definition, {}).calculated(form_of(definition, {}).field("a/total")) is None


@pytest.mark.parametrize(
    ("content", "rest"),
    [({"a/p": "10.00", "a/q": "3.50"}, "6.50"), ({"a/p": "10.00"}, "10.00"), ({"a/q": "3.50"}, None)],
)
def test_difference_takes_away_what_is_written_down(content, rest):
    definition = form(
        field("p", "money"), field("q", "money"), field("r", "calculated", calculate={"difference": ["a/p", "a/q"]})
    )

    found = reading(definition, content).calculated(form_of(definition, {}).field("a/r"))

    assert found == (Decimal(rest) if rest else None)


def test_large_sums_are_exact():
    definition = form(LINES, field("total", "calculated", calculate={"sum": "a/lines/cost"}))
    content = {"a/lines/1/quantity": "1", "a/lines/1/price": "999999999999.99", "a/lines/2/quantity": "3"}
    content["a/lines/2/price"] = "0.10"

    total = reading(definition, content).calculated(form_of(definition, {}).field("a/total"))

    assert str(total) == "1000000000000.29"
