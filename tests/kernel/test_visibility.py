from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.kernel import visibility
from portal.kernel.visibility import (
    Audience,
    Guarded,
    audience_of,
    declare,
    declared,
    guard_model,
    is_public,
    public_view,
    view_for,
)

FIELDS = {
    "name": Audience.PUBLIC,
    "address": Guarded(by="confidential"),
    "phone": Audience.OFFICIAL,
    "salt": Audience.NOBODY,
}
ROW = {"name": "Центр", "address": "вул. Миру, 1", "phone": "1", "salt": "x", "new": "?", "confidential": True}


@pytest.fixture(autouse=True)
def _registry(monkeypatch):
    monkeypatch.setattr(visibility, "_declared", {})
    monkeypatch.setattr(visibility, "_guarded_models", set())
    declare("registry.Site", FIELDS)


def test_audiences_are_ordered():
    assert Audience.PUBLIC < Audience.OFFICIAL < Audience.NOBODY


@pytest.mark.parametrize(
    ("field", "audience"),
    [("name", Audience.PUBLIC), ("phone", Audience.OFFICIAL), ("salt", Audience.NOBODY), ("new", Audience.NOBODY)],
)
def test_a_field_has_its_declared_audience_and_an_undeclared_one_has_none(field, audience):
    assert audience_of("registry.Site", field, ROW) == audience
    assert audience_of("registry.Unknown", field, ROW) == Audience.NOBODY


@pytest.mark.parametrize(
    ("guard", "public"),
    [({"confidential": False}, True), ({"confidential": True}, False), ({"confidential": None}, False), ({}, False)],
)
def test_a_guarded_field_is_public_only_when_its_row_says_so(guard, public):
    assert is_public("registry.Site", "address", guard) is public
    assert is_public("registry.site", "address", SimpleNamespace(**guard)) is public


def test_views_leave_hidden_fields_out():
    assert public_view("registry.Site", ROW, ROW) == {"name": "Центр"}
    assert public_view("registry.Site", ROW | {"confidential": False}, ROW) == {
        "name": "Центр",
        "address": "вул. Миру, 1",
    }
    assert set(view_for(Audience.OFFICIAL, "registry.Site", ROW, ROW)) == {"name", "address", "phone"}
    assert set(view_for(Audience.NOBODY, "registry.Site", ROW, ROW)) == {"name", "address", "phone"}


@given(
    st.dictionaries(st.sampled_from([*FIELDS, "new", "other"]), st.text(max_size=3)),
    st.sampled_from([True, False, None]),
)
def test_the_public_view_holds_exactly_the_public_fields_and_grows_with_the_audience(row, guard):
    row = row | {"confidential": guard}
    public = public_view("registry.Site", row, row)
    assert set(public) == {name for name in row if is_public("registry.Site", name, row)}
    assert public.items() <= view_for(Audience.OFFICIAL, "registry.Site", row, row).items()


def test_a_second_different_decision_is_refused():
    declare("registry.site", {"name": Audience.PUBLIC})
    with pytest.raises(ValueError, match="declared differently"):
        declare("registry.Site", {"name": Audience.NOBODY})
    assert declared("REGISTRY.site") == FIELDS


def test_the_check_names_fields_nobody_decided_about():
    guard_model("kernel.LogHead")
    declare("kernel.LogHead", {"id": Audience.PUBLIC, "seq": Guarded(by="secret")})
    guard_model("kernel.Nothing")
    assert [(error.id, error.msg) for error in visibility.check_declarations()] == [
        ("kernel.E001", "Nobody has decided who may see kernel.LogHead.digest."),
        ("kernel.E002", "kernel.loghead.seq is guarded by secret, which does not exist."),
        ("kernel.E003", "The guarded model kernel.nothing does not exist."),
    ]
