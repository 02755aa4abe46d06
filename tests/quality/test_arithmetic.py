"""The arithmetic: weights, rounding, grades, what has no value; definitions that would not work are refused."""

import json
from decimal import Decimal
from pathlib import Path

import pytest

from procurement.domain.quality.arithmetic import grade_of, total_of
from procurement.domain.quality.indicators import require_indicators
from procurement.domain.quality.questionnaires import require_questionnaire
from procurement.domain.quality.suppression import shown_counts, shown_people, step_for

REFERENCE = Path(__file__).resolve().parents[2] / "procurement" / "reference"


def shipped(folder: str, name: str):
    return json.loads((REFERENCE / folder / f"{name}.json").read_text())


@pytest.fixture
def definition():
    return shipped("indicators", "quality-general")["definition"]


def small(**rounding):
    return {
        "indicators": [{"code": "a", "weight": "2"}, {"code": "b", "weight": "1"}, {"code": "c", "weight": "1"}],
        "bands": [{"code": "good", "from": "80"}, {"code": "fair", "from": "51"}, {"code": "bad", "from": "0"}],
        "rounding": {"rule": "half_up", "digits": 2, "grade_digits": 0, **rounding},
        "missing": {"rule": "leave_out", "needed_weight": "0.5"},
    }


def test_total_is_the_weighted_mean_of_what_has_a_value():
    total = total_of(small(), {"a": Decimal(90), "b": Decimal("70.5"), "c": None})

    # (2 × 90 + 70.5) ÷ 3
    assert (total.value, total.grade) == (Decimal("83.50"), "good")
    assert (total.rated, total.indicators, total.weight_rated, total.weight) == (2, 3, Decimal(3), Decimal(4))
    assert total.weighted == Decimal("250.5")


def test_empty_value_is_not_zero():
    without, zero = {"a": Decimal(90), "b": Decimal(90)}, {"a": Decimal(90), "b": Decimal(90), "c": Decimal(0)}

    assert total_of(small(), without).value == Decimal("90.00")
    assert total_of(small(), zero).value == Decimal("67.50")


def test_too_little_weight_gives_no_total():
    total = total_of(small(), {"b": Decimal(90)})

    assert (total.value, total.grade, total.rated) == (None, "", 1)
    assert total_of(small(), {"a": Decimal(90)}).value == Decimal("90.00")


@pytest.mark.parametrize(
    ("total", "grade"),
    [("100", "good"), ("79.50", "good"), ("79.49", "fair"), ("50.50", "fair"), ("50.49", "bad"), ("0", "bad")],
)
def test_grade_is_read_off_the_total_in_whole_per_cent(total, grade):
    assert grade_of(small(), Decimal(total)) == grade


@pytest.mark.parametrize(("rule", "value"), [("half_up", "83.34"), ("half_even", "83.34"), ("down", "83.33")])
def test_total_is_rounded_once(rule, value):
    # (2 × 90 + 70.01) ÷ 3 = 83.336…
    assert str(total_of(small(rule=rule), {"a": Decimal(90), "b": Decimal("70.01")}).value) == value


def test_shipped_definitions_are_accepted_and_said_to_be_unverified(definition):
    require_indicators(definition)
    form = shipped("questionnaires", "recipients-general")
    require_questionnaire(form["definition"])

    known = {row["code"] for row in definition["indicators"]}
    assert {row["indicator"] for row in form["definition"]["questions"]} - {None} <= known
    assert not shipped("indicators", "quality-general")["verified"]
    assert not form["verified"]


@pytest.mark.parametrize(
    "change",
    [
        {"bands": [{"code": "good", "from": "80", "name_uk": "добре", "name_en": ""}]},
        {"rounding": {"rule": "up", "digits": 2, "grade_digits": 0}},
        {"rounding": {"rule": "half_up", "digits": 5, "grade_digits": 0}},
        {"missing": {"rule": "zero", "needed_weight": "0.5"}},
        {"indicators": []},
        {"another": 1},
    ],
)
def test_definition_that_would_not_work_is_refused(definition, change):
    with pytest.raises(ValueError, match=r"."):
        require_indicators({**definition, **change})


def test_indicator_without_weight_or_twice_is_refused(definition):
    first = definition["indicators"][0]
    for rows in ([{**first, "weight": "0"}], [first, first], [{**first, "weight": 1}]):
        with pytest.raises(ValueError, match=first["code"]):
            require_indicators({**definition, "indicators": rows})


def test_question_that_speaks_for_an_indicator_needs_values():
    form = shipped("questionnaires", "recipients-general")["definition"]
    wrong = [{**form["questions"][0], "indicator": "dignity"}]

    with pytest.raises(ValueError, match="no answer has a value"):
        require_questionnaire({**form, "questions": wrong})


# --- numbers of people -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("counts", "hidden"),
    [
        ({"a": 20, "b": 10, "c": 0}, ""),
        # one small count alone could be subtracted back, so the next smallest goes with it
        ({"a": 20, "b": 6, "c": 4}, "bc"),
        # three people in two hidden counts are a small group too
        ({"a": 20, "b": 6, "c": 2, "d": 1}, "bcd"),
        ({"a": 27, "b": 3, "c": 0}, "abc"),
        ({"a": 20, "b": 3, "c": 3, "d": 0}, "bc"),
        ({"a": 4, "b": 1}, "ab"),
    ],
)
def test_small_counts_are_hidden_with_what_would_give_them_away(counts, hidden):
    shown = shown_counts(counts)

    assert {code for code, number in shown.items() if number is None} == set(hidden)


def test_no_hidden_count_is_computed_back_from_the_sum():
    for a in range(12):
        for b in range(12):
            for c in range(12):
                counts = {"a": a, "b": b, "c": c}
                shown = shown_counts(counts)
                gone = [counts[code] for code, number in shown.items() if number is None]
                small_left = [number for number in shown.values() if number is not None and 0 < number < 5]
                assert not small_left
                assert len(gone) != 1
                assert not gone or sum(gone) >= 5 or len(gone) == 3


def test_mean_beside_hidden_counts_is_said_in_wide_steps():
    assert [step_for(answers) for answers in (5, 6, 12, 15, 30, 60, 300)] == [None, 50, 25, 20, 10, 5, 5]


def test_number_of_people_under_five_is_not_shown():
    assert [shown_people(number) for number in (None, 0, 4, 5)] == [None, None, None, 5]
