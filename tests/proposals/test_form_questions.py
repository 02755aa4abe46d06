"""What a form asks: what applies, what is missing, what the announcement adds, what is not submitted."""

import pytest

from procurement.domain.forms.proposal_forms import content_that_applies, facts_of, form_of
from tests.proposals.defining import LOTS, OFFER, field, form, reading, told

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
