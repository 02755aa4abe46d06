"""The command that judges the search, and floors below which no change may bring it."""

import json
import math
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from search.labelled import ndcg, recall

SETS = Path(__file__).resolve().parent / "labelled"


def evaluated(folder):
    out = StringIO()
    call_command("evaluate_search", str(folder), as_json=True, stdout=out)
    return json.loads(out.getvalue())


def test_perfect_order_has_ndcg_one_and_reversed_less():
    graded = {"a": 3, "b": 2, "c": 1}

    assert ndcg(["a", "b", "c"], graded) == 1.0
    assert 0 < ndcg(["c", "b", "a"], graded) < 1
    assert ndcg([], graded) == 0
    assert math.isclose(ndcg(["x", "a"], {"a": 3}), 1 / math.log2(3))


def test_recall_counts_what_is_at_least_useful():
    assert recall(["a", "x"], {"a": 3, "b": 2, "c": 1}) == 0.5
    assert recall(["a"], {"c": 1}) is None


@pytest.mark.parametrize(("name", "least_ndcg", "least_recall"), [("dev", 0.86, 0.9), ("held", 0.82, 0.92)])
def test_search_stays_as_good_as_it_was(name, least_ndcg, least_recall):
    told = evaluated(SETS / name)

    assert set(told) == {"engine", "ndcg10", "recall10", "empty", "queries"}
    assert told["empty"] == 0
    assert told["ndcg10"] >= least_ndcg
    assert told["recall10"] >= least_recall


def test_folder_without_a_set_is_refused_with_a_reason(tmp_path):
    with pytest.raises(CommandError, match=r"corpus\.json"):
        call_command("evaluate_search", str(tmp_path))


def test_engine_without_an_address_is_refused_with_a_reason(settings):
    settings.ELASTICSEARCH_URL = ""
    with pytest.raises(CommandError, match="PORTAL_ELASTICSEARCH_URL"):
        call_command("evaluate_search", str(SETS / "dev"), engine="elasticsearch")


def test_halves_are_of_the_size_asked_for():
    queries = [json.loads((SETS / name / "queries.json").read_text()) for name in ("dev", "held")]

    assert sum(map(len, queries)) >= 120
    assert len(json.loads((SETS / "dev" / "corpus.json").read_text())["documents"]) == 300
    assert not {one["id"] for one in queries[0]} & {one["id"] for one in queries[1]}
