"""What a form compares: values, fields, facts, rows and lots with their ceilings."""

import pytest

from tests.proposals.defining import LINES, LOTS, OFFER, field, form, reading, told

# --- limits --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("limit", "value", "wrong"),
    [
        ({"at_most": {"value": "100"}}, "100.00", False),
        ({"at_most": {"value": "100"}}, "100.01", True),
        ({"at_least": {"value": "100"}}, "99.99", True),
        ({"at_most": {"field": "a/other"}}, "50.01", True),
        ({"at_most": {"field": "a/other"}}, "50.00", False),
        ({"at_most": {"fact": "budget_limit"}}, "70.01", True),
        ({"at_most": {"fact": "ceiling"}}, "1000000.00", False),
    ],
)
def test_limit_names_a_value_a_field_or_a_fact(limit, value, wrong):
    definition = form(field("other", "money"), field("x", "money", **limit))
    content = {"a/other": "50.00", "a/x": value}

    found = told(definition, content, {"budget_limit": "70.00"})

    assert [(path, missing) for path, _text, missing in found] == ([("a/x", False)] if wrong else [])


def test_days_are_compared_as_days():
    definition = form(
        field("from", "date", at_least={"fact": "service_from"}), field("to", "date", at_least={"field": "a/from"})
    )

    found = told(definition, {"a/from": "2027-05-31", "a/to": "2027-05-30"}, {"service_from": "2027-06-01"})

    assert [path for path, *_ in found] == ["a/from", "a/to"]
    assert "31.05.2027" in found[0][1] and "01.06.2027" in found[0][1]


# --- tables and lots -----------------------------------------------------------------------------------------------


def test_rows_are_counted_and_required_cells_named():
    found = told(form(LINES), {"a/lines/1/price": "1.00", "a/lines/7/what": "б", "a/lines/12/what": "в"})

    assert [(path, missing) for path, _text, missing in found] == [("a/lines", False), ("a/lines/1/what", True)]
    assert told(form(LINES), {})[0][2]


def test_rows_stand_in_the_order_of_their_numbers():
    content = {f"a/lines/{row}/what": "x" for row in ("10", "9", "2u7", "2")}

    found = reading(form(LINES), content)

    assert found.rows(found.form.field("a/lines")) == ["2", "2u7", "9", "10"]


def test_each_chosen_lot_has_its_row_and_its_own_ceiling():
    content = {"lots": ["1", "3"], "a/offer/1/price": "100.01", "a/offer/2/price": "999.00", "a/offer/3/price": "5.00"}

    assert [path for path, *_ in told(form(OFFER), content, LOTS)] == ["a/offer/1/price"]


def test_lot_must_be_chosen_where_there_are_several():
    assert told(form(OFFER), {}, LOTS)[0][0] == "lots"
    assert told(form(OFFER), {"a/offer/1/price": "1.00"}, {"lots": {"1": LOTS["lots"]["1"]}}) == []


@pytest.mark.parametrize(("chosen", "wrong"), [(["1"], True), (["1", "2"], False), (["1", "3"], False)])
def test_ceiling_outside_rows_is_that_of_all_chosen_lots(chosen, wrong):
    definition = form(field("x", "money", at_most={"fact": "ceiling"}))

    # of a lot without a ceiling nothing is known, so nothing is judged
    assert bool(told(definition, {"lots": chosen, "a/x": "150.00"}, LOTS)) is wrong
