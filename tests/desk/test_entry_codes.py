"""The code of an organisation corrected at the desk: when it becomes known, and never to another's."""

import pytest
from django.urls import reverse

from portal.kernel.models import LogEntry
from registry.domain.providers import Actor, put_providers
from registry.models import RegisterEntry
from tests.desk.editing import GROUND, address
from tests.factories.registry import NOW, make_provider, next_edrpou, provider_record


def test_code_is_entered_when_it_becomes_known(desk):
    record = provider_record(code="43970360")
    record.code, record.external_ref = None, "popelnaste"
    (outcome,) = put_providers([record], actor=Actor(None, "registrar"), ground="", now=NOW)
    url = reverse("desk_entries:edit_code", args=[outcome.entry.number])

    response = desk.clients["registrar"].post(url, {"code": "43970360", "version": 1, "ground": GROUND})

    entry = RegisterEntry.objects.get(pk=outcome.entry.pk)
    change = entry.changes.get(field="code")
    assert (response.status_code, entry.organisation.code, entry.version) == (302, "43970360", 2)
    assert (change.old, change.new, change.ground) == (None, "43970360", GROUND)
    assert LogEntry.objects.get(seq=change.log_seq).tag == "registry:entry:amend"


@pytest.mark.parametrize("typed", [{"code": "43970361"}, {"code": ""}, {"ground": ""}, {"version": 99}])
def test_faulty_correction_of_the_code_changes_nothing(desk, typed):
    values = {"code": next_edrpou(), "version": desk.entry.version, "ground": GROUND, **typed}

    response = desk.clients["registrar"].post(address(desk, "edit_code"), values)

    fresh = RegisterEntry.objects.get(pk=desk.entry.pk)
    assert (response.status_code, bool(response.context["form"].errors)) == (200, True)
    assert (fresh.organisation.code, fresh.version) == (desk.entry.organisation.code, desk.entry.version)


def test_code_of_another_organisation_is_refused(desk):
    other = make_provider()
    values = {"code": other.organisation.code, "version": desk.entry.version, "ground": GROUND}

    response = desk.clients["registrar"].post(address(desk, "edit_code"), values)

    assert list(response.context["form"].errors) == ["code"]
