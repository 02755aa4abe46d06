"""Public objects: what their fields say they are, the same in every language, in a fixed number of queries."""

import orjson
import pytest
from django.utils import translation
from jsonschema import Draft202012Validator

from portal.site.opendata.objects import KINDS, objects_of
from portal.site.opendata.objects.fields import json_schema
from procurement.models import ReportRow
from tests.factories.contracts import make_contract
from tests.factories.procurement import make_call, make_published
from tests.factories.registry import make_carer
from tests.open_api.scene import TODAY, make_full_contract, make_full_provider, make_world
from tests.results_pages.decided import make_decided

pytestmark = pytest.mark.django_db


def everything():
    return {name: dict(objects_of(kind, kind.keys(), today=TODAY)) for name, kind in KINDS.items()}


def test_objects_are_what_their_fields_say():
    make_world()
    found = everything()
    for name, kind in KINDS.items():
        assert found[name], name
        checker = Draft202012Validator(json_schema(kind.fields), format_checker=Draft202012Validator.FORMAT_CHECKER)
        for one in found[name].values():
            told = orjson.loads(orjson.dumps(one))
            assert [error.message for error in checker.iter_errors(told)] == [], name
        assert list(found[name]) == kind.keys()


def test_objects_do_not_depend_on_the_language_of_the_reader():
    make_world()
    told = everything()
    with translation.override("en"):
        assert everything() == told


def test_what_is_not_public_has_no_object():
    carer = make_carer()
    draft = make_contract("draft")
    offered = make_contract("offered")
    call = make_call()
    numbers = KINDS["provider"].keys()
    assert carer.number not in numbers
    assert list(objects_of(KINDS["provider"], [carer.number], today=TODAY)) == []
    assert list(objects_of(KINDS["service"], [f"s-{carer.number}-1", "s-1-x", ""], today=TODAY)) == []
    assert list(objects_of(KINDS["contract"], [str(draft.number), offered.number], today=TODAY)) == []
    assert list(objects_of(KINDS["competition"], [str(call.number)], today=TODAY)) == []
    assert KINDS["contract"].keys() == KINDS["competition"].keys() == []


def test_services_have_the_identifiers_of_the_search():
    entry = make_full_provider()
    assert KINDS["service"].keys() == [f"s-{entry.number}-1", f"s-{entry.number}-2"]
    provider = dict(objects_of(KINDS["provider"], [entry.number], today=TODAY))[entry.number]
    assert [one["id"] for one in provider["services"]] == KINDS["service"].keys()


def test_few_people_are_not_told():
    contract = make_full_contract(lines=({"recipients": 3},))
    ReportRow.objects.filter(report__contract=contract).update(recipients=2)
    told = dict(objects_of(KINDS["contract"], [contract.number], today=TODAY))[contract.number]
    assert (told["lines"][0]["recipients"], told["lines"][0]["recipients_hidden"]) == (None, "few")
    (group,) = told["reports"][0]["lines"][0]["groups"]
    assert (group["people"], group["people_hidden"]) == (None, "few")


@pytest.mark.parametrize(
    ("kind", "make", "count"),
    [
        ("provider", make_full_provider, 16),
        ("service", make_full_provider, 16),
        ("contract", make_full_contract, 22),
        ("competition", make_published, 6),
        ("competition", make_decided, 10),
    ],
)
def test_objects_take_as_many_queries_for_three_as_for_one(kind, make, count, django_assert_num_queries):
    for _time in range(2):
        make()
        keys = KINDS[kind].keys()
        list(objects_of(KINDS[kind], keys, today=TODAY))
        with django_assert_num_queries(count):
            assert len(list(objects_of(KINDS[kind], keys, today=TODAY))) == len(keys)
        make()
