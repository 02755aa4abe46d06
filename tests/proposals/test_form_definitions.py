"""Definitions of forms: what is shipped is sound, what is wrong is told to whoever wrote it."""

import json
from pathlib import Path

import pytest

from procurement.domain.forms.proposal_forms import DefinitionRefused, faults_of, require_definition

SHIPPED = sorted(Path("procurement/reference/forms").glob("*.json"))


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_shipped_form_is_sound_and_not_called_checked(path):
    told = json.loads(path.read_text())

    require_definition(told["definition"])

    assert (told["verified"], bool(told["note"])) == (False, True)


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_shipped_form_has_both_languages(path):
    def lacking(node):
        if isinstance(node, dict):
            for key, value in node.items():
                if key.endswith("_uk") and not node.get(f"{key[:-3]}_en"):
                    yield value
                yield from lacking(value)
        elif isinstance(node, list):
            for one in node:
                yield from lacking(one)

    assert list(lacking(json.loads(path.read_text())["definition"])) == []


def one(**field):
    return {"sections": [{"code": "a", "title_uk": "А", "fields": [{"name": "x", "label_uk": "X", **field}]}]}


def with_other(other, **field):
    told = one(**field)
    told["sections"][0]["fields"].append({"name": "y", "label_uk": "Y", **other})
    return told


TABLE = {"kind": "table", "columns": [{"name": "c", "kind": "money", "label_uk": "C"}]}
BAD = {
    "not an object": [],
    "no sections": {"sections": []},
    "something beside": {"sections": one(kind="text")["sections"], "more": 1},
    "section without fields": {"sections": [{"code": "a", "title_uk": "А", "fields": []}]},
    "section called lots": {"sections": [{**one(kind="text")["sections"][0], "code": "lots"}]},
    "section twice": {"sections": one(kind="text")["sections"] * 2},
    "section without a title": {"sections": [{"code": "a", "fields": one(kind="text")["sections"][0]["fields"]}]},
    "unknown kind": one(kind="video"),
    "unknown key": one(kind="text", colour="red"),
    "key of another kind": one(kind="text", whole=True),
    "field without a label": {"sections": [{"code": "a", "title_uk": "А", "fields": [{"name": "x", "kind": "text"}]}]},
    "name with a slash": {
        "sections": [{"code": "a", "title_uk": "А", "fields": [{"name": "x/y", "kind": "text", "label_uk": "X"}]}]
    },
    "required as a word": one(kind="text", required="yes"),
    "choice without options": one(kind="choice"),
    "options that share a code": one(
        kind="choice", options=[{"code": "p", "label_uk": "П"}, {"code": "p", "label_uk": "К"}]
    ),
    "unknown prefill": one(kind="text", prefill="passport"),
    "limit of two": one(kind="money", at_most={"value": "1", "fact": "ceiling"}),
    "limit as a float": one(kind="money", at_most={"value": 1.5}),
    "limit of no number": one(kind="money", at_most={"value": "сто"}),
    "unknown fact": one(kind="money", at_most={"fact": "weather"}),
    "limit by a text": with_other({"kind": "text"}, kind="money", at_most={"field": "a/y"}),
    "limit of a day by money": with_other({"kind": "money"}, kind="date", at_most={"field": "a/y"}),
    "condition on nothing": one(kind="text", when={"field": "a/z", "is": True}),
    "condition without a comparison": with_other({"kind": "yes_no"}, kind="text", when={"field": "a/y"}),
    "condition with two": with_other({"kind": "yes_no"}, kind="text", when={"field": "a/y", "is": True, "not": True}),
    "condition as a word": one(kind="text", when="a/y"),
    "condition with no such choice": with_other(
        {"kind": "choice", "options": [{"code": "p", "label_uk": "П"}]}, kind="text", when={"field": "a/y", "is": "q"}
    ),
    "condition on itself": one(kind="yes_no", when={"field": "a/x", "is": True}),
    "two that wait for each other": with_other(
        {"kind": "yes_no", "when": {"field": "a/x", "is": True}}, kind="yes_no", when={"field": "a/y", "is": True}
    ),
    "calculation of two kinds": one(kind="calculated", calculate={"sum": "a/y/c", "product": []}),
    "sum of no table": one(kind="calculated", calculate={"sum": "a/y/c"}),
    "sum of a text": with_other(
        {"kind": "table", "columns": [{"name": "c", "kind": "text", "label_uk": "C"}]},
        kind="calculated",
        calculate={"sum": "a/y/c"},
    ),
    "product of one": with_other({"kind": "money"}, kind="calculated", calculate={"product": ["a/y"]}),
    "product of a text": with_other({"kind": "text"}, kind="calculated", calculate={"product": ["a/y", "a/y"]}),
    "calculation of itself": with_other({"kind": "money"}, kind="calculated", calculate={"difference": ["a/y", "a/x"]}),
    "result of no kind": with_other(
        {"kind": "money"}, kind="calculated", calculate={"difference": ["a/y", "a/y"]}, result="colour"
    ),
    "table without columns": one(kind="table"),
    "table in a table": one(kind="table", columns=[{"name": "c", "label_uk": "C", **TABLE}]),
    "document in a table": one(kind="table", columns=[{"name": "c", "kind": "document", "label_uk": "C"}]),
    "rows the wrong way round": one(**{**TABLE, "min_rows": 3, "max_rows": 2}),
    "rows of something else": one(**{**TABLE, "rows": "days"}),
    "rows of lots with a minimum": one(**{**TABLE, "rows": "lots", "min_rows": 1}),
    "column with a condition": one(
        kind="table",
        columns=[{"name": "c", "kind": "money", "label_uk": "C", "when": {"field": "a/x", "filled": True}}],
    ),
    "total of no column": one(**{**TABLE, "totals": ["d"]}),
}


@pytest.mark.parametrize("definition", BAD.values(), ids=BAD.keys())
def test_bad_definition_is_refused(definition):
    with pytest.raises(DefinitionRefused) as refused:
        require_definition(definition)

    assert refused.value.faults


def test_all_faults_are_told_at_once():
    definition = {
        "sections": [
            {
                "code": "a",
                "title_uk": "А",
                "fields": [{"name": "x", "kind": "video", "label_uk": "X"}, {"name": "y", "kind": "choice"}],
            }
        ]
    }

    assert len(list(faults_of(definition))) == 3


def test_good_definition_of_every_kind_has_no_fault():
    told = with_other(TABLE, kind="calculated", calculate={"sum": "a/y/c"}, at_most={"fact": "ceiling"}, required=False)

    assert list(faults_of(told)) == []
