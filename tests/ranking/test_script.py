"""The published script and the portal's own ranking are two programs; they agree to the byte."""

import ast
import csv
import io
import json
import random
import subprocess
import sys
from pathlib import Path

import pytest

import procurement
from procurement import ranking
from procurement.published import rank as script
from procurement.ranking import gaps_of, read_ranking
from procurement.ranking.placing import groups_of
from procurement.ranking.texts import read_table
from tests.ranking.random_tables import random_definition, random_texts

PACKAGE = Path(procurement.__file__).parent
SCRIPT = Path(script.__file__)


def test_a_thousand_random_competitions_are_ranked_alike():
    outcomes, ties = set(), set()
    for seed in range(1000):
        scores, rubric = random_texts(seed)
        told = script.rank(scores, rubric)
        assert told == ranking.rank(scores, rubric), seed
        for line in read_ranking(told):
            outcomes.add(line.outcome)
            ties.add(line.tie.partition(":")[0])
    assert outcomes == {
        *("winner", "reserve", "below_threshold", "over_budget", "undecided", "refused", "lapsed", "excluded"),
    }
    assert ties == {"", "criterion", "asked", "earlier", "casting"}


@pytest.mark.parametrize("seed", [3, 1003, 2003])
def test_the_script_runs_alone_and_prints_the_file(tmp_path, seed):
    scores, rubric = random_texts(seed)
    (tmp_path / "rank.py").write_bytes(SCRIPT.read_bytes())
    (tmp_path / "scores.csv").write_text(scores, encoding="utf-8", newline="")
    (tmp_path / "rubric.json").write_text(rubric, encoding="utf-8", newline="")
    # alone: no folder of packages, no variables of the environment
    command = [sys.executable, "-I", "-S", "rank.py", "scores.csv", "rubric.json"]
    ran = subprocess.run(command, cwd=tmp_path, capture_output=True, check=True, env={})
    assert ran.stdout == ranking.rank(scores, rubric).encode()
    assert ran.stderr == b""


def test_the_script_is_sixty_lines_that_need_the_standard_library_alone():
    text = SCRIPT.read_text(encoding="utf-8")
    assert len(text.splitlines()) <= 60
    tree = ast.parse(text, feature_version=(3, 9))
    named = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    named |= {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert named <= sys.stdlib_module_names
    assert not any(isinstance(node, ast.Match) for node in ast.walk(tree))


def test_random_rubrics_are_rubrics():
    for seed in range(200):
        assert gaps_of(random_definition(random.Random(seed))) == []


EXACT = [
    *sorted((PACKAGE / "ranking").glob("*.py")),
    SCRIPT,
    *(
        PACKAGE / "domain/evaluation" / f"{name}.py"
        for name in ("rankings", "score_rows", "spreads", "scale", "ranked")
    ),
    *(
        PACKAGE / "domain/evaluation" / f"{name}.py"
        for name in ("scoring", "awards", "decisions", "outcomes", "quorum")
    ),
]


@pytest.mark.parametrize("path", EXACT, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_no_float_where_winners_are_computed(path):
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        assert not (isinstance(node, ast.Constant) and isinstance(node.value, float | complex)), ast.unparse(node)
        assert not (isinstance(node, ast.Name | ast.Attribute) and "float" in ast.unparse(node)), ast.unparse(node)
        assert not (
            isinstance(node, ast.ImportFrom) and node.module in ("math", "statistics", "random", "cmath")
        ) or all(alias.name in ("floor", "ceil", "prod") for alias in node.names)


def test_no_float_comes_up_while_ranking():
    """Every number on the way is a whole number, a fraction or a decimal: division of whole numbers would show here."""
    for seed in range(50):
        scores, rubric = random_texts(seed)
        table = read_table(scores, rubric)
        for lot in table.lots:
            for group in groups_of(table, lot):
                assert not any(isinstance(part, float) for one in group for part in (*one.key, *one.values.values()))
        for row in list(csv.DictReader(io.StringIO(scores)))[:3]:
            bid = script.read_bid(json.loads(rubric)["rubric"], [row])
            assert not any(isinstance(part, float) for part in bid["key"])
