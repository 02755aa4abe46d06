"""What a rubric may be, what is told of one that is none, and what is told of one that leaves something open."""

from copy import deepcopy

import pytest

from procurement.ranking import RubricRefused, faults_of, gaps_of, require_rubric

WHOLE = {
    "criteria": [
        {
            "code": "experience",
            "name_uk": "Досвід",
            "name_en": "Experience",
            "weight": "1",
            "max": "4",
            "step": "1",
            "threshold": None,
            "values": [{"value": "0", "text_uk": "Немає", "text_en": "None"}],
            "note_uk": "",
            "note_en": "",
        }
    ],
    "method": "mean",
    "rounding": {"rule": "half_up", "digits": 2},
    "threshold": "2",
    "consensus_spread": "3",
    "ties": [{"by": "criterion", "criterion": "experience"}, {"by": "asked", "order": "lower"}, {"by": "casting"}],
    "award": {"kind": "single"},
}


def changed(path: str, value):
    """Return the whole rubric with one thing changed; `criterion/…` is of its only criterion."""
    definition = deepcopy(WHOLE)
    where, _slash, name = path.rpartition("/")
    (definition["criteria"][0] if where else definition)[name] = value
    return definition


def test_a_whole_rubric_has_no_gaps():
    assert gaps_of(WHOLE) == []
    require_rubric(WHOLE)


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("criteria", []),
        ("criteria", {"code": "x"}),
        ("colour", "red"),
        ("criterion/colour", "red"),
        ("criterion/code", "Досвід"),
        ("criterion/code", "total"),
        ("criterion/code", None),
        ("criterion/name_uk", ""),
        ("criterion/weight", 1.5),
        ("criterion/weight", 1),
        ("criterion/weight", "0"),
        ("criterion/weight", "-1"),
        ("criterion/weight", "1e3"),
        ("criterion/max", "0.1234"),
        ("criterion/step", "3"),
        ("criterion/threshold", "5"),
        ("criterion/values", [{"value": "0"}]),
        ("criterion/values", [{"value": "5", "text_uk": "Понад шкалу"}]),
        ("criterion/values", [{"value": "0.5", "text_uk": "Між значеннями"}]),
        ("criterion/values", [{"value": "1", "text_uk": "А"}, {"value": "1.0", "text_uk": "Б"}]),
        ("criterion/values", ["1"]),
        ("method", "median"),
        ("rounding", {"rule": "bankers", "digits": 2}),
        ("rounding", {"rule": "half_up", "digits": True}),
        ("rounding", {"rule": "half_up", "digits": 7}),
        ("rounding", {"rule": "half_up", "digits": 2, "of": "x"}),
        ("rounding", "half_up"),
        ("threshold", 12),
        ("threshold", "дванадцять"),
        ("consensus_spread", 2.5),
        ("ties", {"by": "casting"}),
        ("ties", ["casting"]),
        ("ties", [{"by": "age"}, {"by": "casting"}]),
        ("ties", [{"by": ["asked"]}]),
        ("ties", [{"by": "criterion", "criterion": "cost"}, {"by": "casting"}]),
        ("ties", [{"by": "criterion"}, {"by": "casting"}]),
        ("ties", [{"by": "asked", "order": "higher"}, {"by": "casting"}]),
        ("ties", [{"by": "earlier", "order": "lower"}, {"by": "casting"}]),
        ("ties", [{"by": "casting"}, {"by": "earlier"}]),
        ("award", {"kind": "many"}),
        ("award", {"kind": "budget"}),
        ("award", {"kind": "budget", "when_short": "share"}),
        ("award", {"kind": "single", "when_short": "skip"}),
        ("award", {"kind": ["single"]}),
        ("award", "single"),
    ],
)
def test_what_is_no_rubric_is_refused_and_is_a_gap(path, value):
    definition = changed(path, value)
    with pytest.raises(RubricRefused) as refused:
        require_rubric(definition)
    assert refused.value.faults == gaps_of(definition)
    assert all(isinstance(fault, str) and fault for fault in refused.value.faults)


@pytest.mark.parametrize("definition", [None, [], "rubric", {"criteria": None}, 5])
def test_what_is_no_object_is_refused(definition):
    assert len(list(faults_of(definition))) == 1


def test_all_faults_are_told_at_once():
    definition = changed("criterion/weight", "0")
    definition |= {"method": "median", "colour": "red"}
    assert len(list(faults_of(definition))) == 3


@pytest.mark.parametrize(
    "path", ["criterion/weight", "criterion/max", "criterion/step", "method", "rounding", "threshold", "ties", "award"]
)
def test_what_is_not_known_is_no_fault_and_a_gap(path):
    definition = changed(path, None)
    assert list(faults_of(definition)) == []
    assert len(gaps_of(definition)) == 1


def test_an_older_rubric_without_any_of_it_can_be_loaded():
    older = {
        "criteria": [{"code": "cost", "name_uk": "Вартість", "weight": None, "max": None, "values": []}],
        "threshold": None,
        "method": None,
        "ties": None,
    }
    require_rubric(older)
    assert len(gaps_of(older)) == 8


def test_a_rubric_says_what_decides_in_the_end():
    assert len(gaps_of(changed("ties", [{"by": "earlier"}]))) == 1
