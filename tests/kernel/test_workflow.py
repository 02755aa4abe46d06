import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.kernel.workflow import StepRefused, Transition, Workflow

FLOW = Workflow(
    Transition("submit", {"draft", "returned"}, "submitted", "99/1", "registry.submit"),
    Transition("return", {"submitted"}, "returned", "99/2", "registry.decide", comment_required=True),
    Transition("include", {"submitted"}, "included", "99/3", "registry.decide"),
)


def test_step_returns_the_transition():
    assert FLOW.step("submit", state="draft").target == "submitted"


def test_step_from_another_state_is_refused_with_a_reason():
    with pytest.raises(StepRefused) as refusal:
        FLOW.step("include", state="draft")
    assert str(refusal.value.reason)


@pytest.mark.parametrize("comment", ["", "  "])
def test_a_required_comment_may_not_be_empty(comment):
    with pytest.raises(StepRefused):
        FLOW.step("return", state="submitted", comment=comment)
    assert FLOW.step("return", state="submitted", comment="додайте статут").name == "return"


def test_an_unknown_step_is_a_mistake_of_the_code():
    with pytest.raises(KeyError):
        FLOW.step("fly", state="draft")


def test_two_transitions_with_one_name_are_refused():
    twin = Transition("submit", {"a"}, "b", "", "")
    with pytest.raises(ValueError, match="share a name"):
        Workflow(twin, twin)


def test_allowed_reachable_and_terminal():
    assert [step.name for step in FLOW.allowed("submitted")] == ["return", "include"]
    assert FLOW.reachable("draft") == {"draft", "submitted", "returned", "included"}
    assert FLOW.terminal() == {"included"}


@given(
    st.sampled_from(["draft", "submitted", "returned", "included"]), st.sampled_from(["submit", "return", "include"])
)
def test_step_agrees_with_allowed(state, name):
    permitted = name in {step.name for step in FLOW.allowed(state)}
    try:
        FLOW.step(name, state=state, comment="так")
    except StepRefused:
        assert not permitted
    else:
        assert permitted
