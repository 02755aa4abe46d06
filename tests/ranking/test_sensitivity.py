"""Who wins without one member, without one criterion: against brute force with the published script on cut-down files."""

import csv
import io
import json
from collections.abc import Mapping
from fractions import Fraction
from typing import Any

import pytest

from procurement.published.rank import rank
from procurement.ranking import equals_of, read_ranking, sensitivity, write_scores
from tests.ranking.random_tables import random_texts


def rows_of(scores: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(scores)))


def won_by(scores: str, rubric: str) -> dict[int, dict[str, list[int]]]:
    lines = read_ranking(rank(scores, rubric))
    return {
        lot["number"]: {
            name: sorted(one.proposal for one in lines if (one.lot, one.outcome) == (lot["number"], outcome))
            for name, outcome in (("winners", "winner"), ("undecided", "undecided"))
        }
        for lot in json.loads(rubric)["lots"]
    }


def with_casting_of(scores: str, rubric: str, kept: set[tuple[int, frozenset[int]]]) -> str:
    """Keep recorded places where exactly the same proposals are equal."""
    equals = {(lot, frozenset(group)) for lot, groups in equals_of(scores, rubric).items() for group in groups}
    cast = {(lot, number) for lot, group in equals & kept for number in group}
    rows = [
        {**row, "casting": row["casting"] if (int(row["lot"]), int(row["proposal"])) in cast else ""}
        for row in rows_of(scores)
    ]
    return write_scores(rows)


def cast_between(scores: str, rubric: str) -> set[tuple[int, frozenset[int]]]:
    cast = {(int(row["lot"]), int(row["proposal"])) for row in rows_of(scores) if row["casting"]}
    return {
        (lot, frozenset(group))
        for lot, groups in equals_of(scores, rubric).items()
        for group in groups
        if all((lot, number) in cast for number in group)
    }


def without_member(scores: str, rubric: str, name: str) -> tuple[str, str]:
    rows = [{**row, "points": "" if row["member"] == name else row["points"]} for row in rows_of(scores)]
    return write_scores(rows), rubric


def without_criterion(scores: str, rubric: str, code: str) -> tuple[str, str]:
    document = json.loads(rubric)
    told = document["rubric"]
    most = sum(Fraction(one["weight"]) * Fraction(one["max"]) for one in told["criteria"])
    told["criteria"] = [one for one in told["criteria"] if one["code"] != code]
    left = sum(Fraction(one["weight"]) * Fraction(one["max"]) for one in told["criteria"])
    told["ties"] = [step for step in told["ties"] if step.get("criterion") != code]
    told["threshold"] = str(Fraction(told["threshold"]) * left / most)
    rows = [row for row in rows_of(scores) if row["criterion"] != code]
    return write_scores(rows), json.dumps(document)


def check(told: Mapping[str, Any], scores: str, rubric: str, cut: tuple[str, str], cast: set[Any]) -> bool:
    expected = won_by(with_casting_of(cut[0], cut[1], cast), cut[1])
    before = won_by(scores, rubric)
    assert {one["lot"]: {name: one[name] for name in ("winners", "undecided")} for one in told["lots"]} == expected
    assert [one["changes"] for one in told["lots"]] == [
        expected[one["lot"]] != before[one["lot"]] for one in told["lots"]
    ]
    assert told["changes"] == (expected != before)
    return told["changes"]


def test_sensitivity_agrees_with_brute_force_on_random_tables():
    changes = []
    for seed in range(5000, 5070):
        scores, rubric = random_texts(seed)
        found, cast = sensitivity(scores, rubric), cast_between(scores, rubric)
        assert {one["lot"]: {name: one[name] for name in ("winners", "undecided")} for one in found["lots"]} == won_by(
            scores, rubric
        )
        members = list(dict.fromkeys(row["member"] for row in rows_of(scores)))
        codes = [one["code"] for one in json.loads(rubric)["rubric"]["criteria"]]
        assert [one["left_out"] for one in found["members"]] == (members if len(members) > 1 else [])
        assert [one["left_out"] for one in found["criteria"]] == (codes if len(codes) > 1 else [])
        cuts = [(one, without_member) for one in found["members"]]
        cuts += [(one, without_criterion) for one in found["criteria"]]
        changes += [check(one, scores, rubric, cut(scores, rubric, one["left_out"]), cast) for one, cut in cuts]
    assert 30 < sum(changes) < len(changes) - 30


DEFINITION = {
    "criteria": [
        {"code": code, "name_uk": code, "weight": "1", "max": "4", "step": "1", "threshold": None}
        for code in ("experience", "cost")
    ],
    "method": "mean",
    "rounding": {"rule": "half_up", "digits": 2},
    "threshold": "4",
    "consensus_spread": None,
    "ties": [{"by": "casting"}],
    "award": {"kind": "single"},
}


def texts(points: Mapping[int, tuple[str, str]], casting: Mapping[int, int] | None = None) -> tuple[str, str]:
    """Return the texts of one lot; `points` are the first criterion's of two members, the second's are all 3."""
    rows = [
        {
            "lot": 1,
            "proposal": number,
            "asked": "10",
            "submitted_at": "",
            "standing": "",
            "casting": (casting or {}).get(number, ""),
            "member": member,
            "criterion": code,
            "points": given if code == "experience" else "3",
        }
        for number, both in points.items()
        for member, given in zip(("А", "Б"), both, strict=True)
        for code in ("experience", "cost")
    ]
    lots = [{"number": 1, "title": "", "budget": None}]
    return write_scores(rows), json.dumps({"competition": "1", "rubric": DEFINITION, "lots": lots})


def test_one_member_decides():
    found = sensitivity(*texts({1: ("4", "2"), 2: ("1", "3")}))
    assert [(one["left_out"], one["changes"]) for one in found["members"]] == [("А", True), ("Б", False)]


def test_a_vote_of_the_chair_counts_only_between_those_it_was_between():
    """Without the first member the third is as good as the first: nobody has voted between these."""
    found = sensitivity(*texts({1: ("3", "2"), 2: ("2", "3"), 3: ("0", "3")}, {1: 2, 2: 1}))
    assert found["lots"] == [{"lot": 1, "winners": [2], "undecided": []}]
    [without, _other] = found["members"]
    assert without["lots"] == [{"lot": 1, "winners": [], "undecided": [2, 3], "changes": True}]


def test_the_threshold_sinks_with_the_criterion_left_out():
    found = sensitivity(*texts({1: ("3", "3")}))
    assert not any(one["changes"] for one in found["criteria"])


@pytest.mark.parametrize("points", [{1: ("4", "4")}, {}])
def test_a_single_proposal_and_none_are_no_trouble(points):
    found = sensitivity(*texts(points))
    assert found["lots"][0]["winners"] == list(points)
