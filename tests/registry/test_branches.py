"""A branch has a head, which is set at the desk, and heads make no circle."""

import pytest
from django.test import Client

from portal.kernel import audit
from portal.kernel.workflow import StepRefused
from registry.domain.branches import set_head, would_circle
from registry.domain.desk import OutsideTerritoryError, StaleEntryError
from registry.domain.providers import UnknownHeadError
from registry.domain.standing import exclude_entry
from tests.factories.accounts import make_official
from tests.factories.registry import (
    NOW,
    REGISTRAR,
    make_carer,
    make_provider,
    make_territories,
)

pytestmark = [pytest.mark.django_db, pytest.mark.databases]


def head(entry, number, actor=REGISTRAR, **told):
    entry.refresh_from_db()
    values = {"entry_id": entry.pk, "version": entry.version, "head_number": number, "ground": "статут", "now": NOW}
    return set_head(**{**values, "actor": actor, **told})


def test_head_is_set_changed_and_removed_with_history(client: Client):
    branch, one, other = make_provider(name="Філія"), make_provider(name="Перший"), make_provider(name="Другий")

    head(branch, one.number)
    head(branch, other.number)
    assert f'href="/registry/{branch.number}/">Філія' in client.get(f"/registry/{other.number}/").content.decode()
    assert f'href="/registry/{other.number}/">Другий' in client.get(f"/registry/{branch.number}/").content.decode()
    head(branch, "")

    rows = branch.changes.filter(field="parent").order_by("pk").values_list("old", "new")
    assert list(rows) == [(None, one.number), (one.number, other.number), (other.number, None)]
    page = client.get(f"/en/registry/{branch.number}/history/").content.decode()
    assert one.number in page
    assert audit.verify() is None


def test_circle_is_refused():
    one, two, three = (make_provider() for _turn in "abc")
    head(two, one.number)
    head(three, two.number)

    for entry, number in ((one, one.number), (one, two.number), (one, three.number), (two, three.number)):
        with pytest.raises(StepRefused):
            head(entry, number)
    assert would_circle(one, three)
    assert not would_circle(three, one)


def test_head_must_be_an_open_entry_of_the_register():
    branch, gone = make_provider(), make_provider()
    exclude_entry(entry_id=gone.pk, actor=REGISTRAR, ground="заява", now=NOW)
    for number in (gone.number, make_carer().number):
        with pytest.raises(StepRefused):
            head(branch, number)
    with pytest.raises(UnknownHeadError):
        head(branch, "9999999")
    with pytest.raises(StaleEntryError):
        head(branch, "", version=99)
    with pytest.raises(StepRefused):
        head(gone, branch.number)


def test_registrar_of_another_territory_sets_no_head():
    from registry.domain.providers import Actor

    stranger = make_official("registrar", make_territories().odeska)
    with pytest.raises(OutsideTerritoryError):
        head(make_provider(), make_provider().number, actor=Actor(stranger, "registrar"))
