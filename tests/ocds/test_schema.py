"""Releases by the schema of OCDS 1.1.5 with the extensions that the package names."""

import json

import pytest

from portal.site.opendata import ocds
from tests.factories.contracts import NOW, make_contract
from tests.factories.procurement import make_cancelled
from tests.ocds.schemas import release_faults, release_schema
from tests.ocds.story import TODAY
from tests.results_pages.decided import make_left, make_reopened

pytestmark = [pytest.mark.django_db, pytest.mark.shared]


def test_every_release_and_record_is_valid(told):
    make_reopened()
    make_left()
    make_cancelled()
    contract = make_contract()
    plan = {"title": "Навчити", "due_on": TODAY, "plan": 8, "measure": "працівників"}
    contract.milestones.create(number=1, **plan)
    contract.milestones.create(number=2, state="waived", reason="Не потрібно.", decided_at=NOW, **plan)
    releases = [*told.history, *ocds.releases(today=TODAY)["releases"]]
    records = (one["compiledRelease"] for one in ocds.records(today=TODAY)["records"])
    made = [*releases, told.compiled, *records]

    faults = {fault for one in made for fault in release_faults(json.loads(json.dumps(one)))}

    assert len(releases) > 20
    assert faults == set()


def test_schema_of_the_tests_refuses_what_is_wrong():
    assert "lots" in release_schema()["definitions"]["Tender"]["properties"]

    faults = release_faults({"ocid": "x", "id": "x", "date": "x", "tag": ["song"], "tender": {"id": "1", "tune": 1}})

    assert any("tune" in one for one in faults)
    assert any("song" in one for one in faults)
    assert any("initiationType" in one for one in faults)
