"""Values of a form's fields: kept in one way, or refused with a sentence."""

import pytest

from procurement.domain.forms.proposal_forms import ValueRefused, form_of, read_value
from tests.proposals.defining import field, form


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
