"""The language of forms: what applies, what is computed, what is compared, what is missing."""

from decimal import Decimal

import pytest

from procurement.domain.forms.proposal_forms import (
    Reading,
    ValueRefused,
    content_that_applies,
    facts_of,
    form_of,
    problems_of,
    read_value,
    to_kopiika,
)

LINES = {
    "name": "lines",
    "kind": "table",
    "label_uk": "Статті",
    "min_rows": 1,
    "max_rows": 2,
    "totals": ["cost"],
    "columns": [
        {"name": "what", "kind": "text", "label_uk": "Стаття", "required": True},
        {"name": "quantity", "kind": "number", "label_uk": "Кількість"},
        {"name": "price", "kind": "money", "label_uk": "Ціна"},
        {"name": "cost", "kind": "calculated", "label_uk": "Вартість", "calculate": {"product": ["quantity", "price"]}},
    ],
}


def form(*fields, code="a"):
    return {"sections": [{"code": code, "title_uk": "Розділ", "fields": list(fields)}]}


def field(name, kind, **spec):
    return {"name": name, "kind": kind, "label_uk": name.capitalize(), **spec}


def told(definition, content, facts=None):
    return [(one.path, str(one.text), one.missing) for one in problems_of(definition, content, facts or {})]


def reading(definition, content, facts=None):
    return Reading(form_of(definition, facts or {}), content, facts or {})


# --- values --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "typed", "kept"),
    [
        ("text", "  два   слова\n", "два слова"),
        ("text", "   ", None),
        ("long_text", "рядок\r\nдругий\x00", "рядок\nдругий"),
        ("money", "1 250,5", "1250.50"),
        ("money", "1\u00a0250.50", "1250.50"),
        ("money", "0", "0.00"),
        ("number", "3,50", "3.5"),
        ("number", "100", "100"),
        ("number", 7, "7"),
        ("date", "01.06.2027", "2027-06-01"),
        ("date", "2027-06-01", "2027-06-01"),
        ("date", "29.02.2028", "2028-02-29"),
        ("yes_no", "yes", True),
        ("yes_no", "no", False),
        ("yes_no", False, False),
        ("statement", "yes", True),
        ("statement", "no", None),
        ("choice", "b", "b"),
        ("choices", ["b", "a", "a"], ["a", "b"]),
        ("choices", [], None),
        ("document", "6f6f4a3e-2d5c-4c6a-9a55-1f2f3a4b5c6d", "6f6f4a3e-2d5c-4c6a-9a55-1f2f3a4b5c6d"),
        ("text", None, None),
    ],
)
def test_value_is_kept_in_one_way(kind, typed, kept):
    options = [{"code": "a", "label_uk": "А"}, {"code": "b", "label_uk": "Б"}]
    one = form_of(form(field("x", kind, options=options)), {}).field("a/x")

    assert read_value(one, typed) == kept


@pytest.mark.parametrize(
    ("kind", "typed", "spec"),
    [
        ("text", "x" * 301, {}),
        ("text", "xxxx", {"max_length": 3}),
        ("text", 5, {}),
        ("money", "-1", {}),
        ("money", "1,555", {}),
        ("money", "сто", {}),
        ("money", "1e5", {}),
        ("money", "NaN", {}),
        ("money", 1.5, {}),
        ("money", True, {}),
        ("money", "9" * 13, {}),
        ("number", "1,5", {"whole": True}),
        ("number", "1.2345", {}),
        ("number", "٣", {}),
        ("date", "30.02.2027", {}),
        ("date", "завтра", {}),
        ("yes_no", "maybe", {}),
        ("yes_no", ["yes"], {}),
        ("statement", "sure", {}),
        ("choice", "c", {}),
        ("choice", ["a"], {}),
        ("choices", ["a", "c"], {}),
        ("choices", [["a"]], {}),
        ("document", "../../etc/passwd", {}),
    ],
)
def test_malformed_value_is_refused_with_a_sentence(kind, typed, spec):
    options = [{"code": "a", "label_uk": "А"}]
    one = form_of(form(field("x", kind, **{"options": options, **spec})), {}).field("a/x")

    with pytest.raises(ValueRefused) as refusal:
        read_value(one, typed)

    assert str(refusal.value.reason).endswith(".")


# --- what is missing -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "value", "missing"),
    [
        ("text", None, True),
        ("text", "є", False),
        ("yes_no", None, True),
        ("yes_no", False, False),
        ("statement", None, True),
        ("statement", True, False),
        ("document", None, True),
    ],
)
def test_required_field_is_missed_until_it_is_answered(kind, value, missing):
    definition = form(field("x", kind, required=True))

    assert [path for path, _text, lack in told(definition, {"a/x": value}) if lack] == (["a/x"] if missing else [])


def test_statement_is_always_to_be_agreed_to():
    assert [path for path, *_ in told(form(field("x", "statement")), {})] == ["a/x"]


# --- conditions ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("condition", "value", "asked"),
    [
        ({"is": True}, True, True),
        ({"is": True}, False, False),
        ({"is": True}, None, False),
        ({"is": False}, False, True),
        ({"not": True}, False, True),
        ({"not": True}, None, False),
        ({"filled": True}, False, True),
        ({"filled": True}, None, False),
        ({"filled": False}, None, True),
    ],
)
def test_condition_on_a_yes_or_no(condition, value, asked):
    definition = form(field("other", "yes_no"), field("x", "text", when={"field": "a/other", **condition}))

    assert reading(definition, {"a/other": value}).applies(form_of(definition, {}).field("a/x")) is asked


@pytest.mark.parametrize(
    ("kind", "condition", "value", "asked"),
    [
        ("choice", {"is": "p"}, "p", True),
        ("choice", {"in": ["p", "q"]}, "q", True),
        ("choice", {"in": ["p"]}, "q", False),
        ("choice", {"not": "p"}, "q", True),
        ("choices", {"is": "p"}, ["p", "q"], True),
        ("choices", {"in": ["q"]}, ["p"], False),
        ("choices", {"filled": True}, [], False),
    ],
)
def test_condition_on_choices(kind, condition, value, asked):
    options = [{"code": "p", "label_uk": "П"}, {"code": "q", "label_uk": "К"}]
    definition = form(field("other", kind, options=options), field("x", "text", when={"field": "a/other", **condition}))

    assert reading(definition, {"a/other": value}).applies(form_of(definition, {}).field("a/x")) is asked


def test_condition_on_a_field_that_is_not_asked_itself_does_not_hold():
    definition = form(
        field("first", "yes_no"),
        field("second", "yes_no", when={"field": "a/first", "is": True}),
        field("third", "text", required=True, when={"field": "a/second", "is": True}),
    )

    assert told(definition, {"a/first": False, "a/second": True}) == []
    assert [path for path, *_ in told(definition, {"a/first": True, "a/second": True})] == ["a/third"]


def test_all_of_several_conditions_must_hold():
    definition = form(
        field("p", "yes_no"),
        field("q", "yes_no"),
        field("x", "text", required=True, when=[{"field": "a/p", "is": True}, {"field": "a/q", "is": True}]),
    )

    assert told(definition, {"a/p": True}) == []
    assert [path for path, *_ in told(definition, {"a/p": True, "a/q": True})] == ["a/x"]


# --- calculations --------------------------------------------------------------------------------------------------


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


OFFER = {
    "name": "offer",
    "kind": "table",
    "label_uk": "Пропозиція",
    "rows": "lots",
    "totals": ["price"],
    "columns": [
        {"name": "price", "kind": "money", "label_uk": "Ціна", "required": True, "at_most": {"fact": "ceiling"}}
    ],
}
LOTS = {
    "lots": {
        "1": {"title": "Догляд", "ceiling": "100.00"},
        "2": {"title": "Притулок", "ceiling": "200.00"},
        "3": {"title": "Супровід", "ceiling": None},
    }
}


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


# --- the announcement ----------------------------------------------------------------------------------------------


def test_documents_of_the_notice_join_those_of_the_form():
    definition = form(field("statute", "document"), code="documents")
    facts = facts_of(
        {
            "lots": [{"number": 1, "title": "Догляд", "ceiling": "5.00"}],
            "documents": [
                {"code": "statute", "label_uk": "Статут", "required": True},
                {"code": "tariff", "label_uk": "Тариф", "required": False},
            ],
        }
    )

    assert [one.path for one in form_of(definition, facts).fields()] == ["documents/statute", "documents/tariff"]
    assert [path for path, *_ in told(definition, {}, facts)] == ["documents/statute"]


def test_what_is_not_asked_is_not_submitted():
    definition = form(
        field("p", "yes_no"), field("x", "text", when={"field": "a/p", "is": True}), field("y", "text"), OFFER
    )
    content = {"a/p": False, "a/x": "не питають", "a/y": "є", "a/offer/2/price": "1.00", "gone/z": "х", "lots": ["1"]}

    assert content_that_applies(definition, content, LOTS) == {"a/p": False, "a/y": "є", "lots": ["1"]}
