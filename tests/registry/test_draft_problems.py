"""What is missing or wrong in a draft is told all at once, and the task list follows from it."""

from datetime import date

import pytest

from registry.domain import drafts
from registry.domain.records import ContactRecord, ServiceRecord
from tests.factories.applications import (
    CONSENTS,
    answer_criteria,
    attach,
    fill,
    make_criteria,
    make_draft,
    make_submitted,
    save,
    service_part,
)
from tests.factories.registry import NOW, make_catalogue, make_provider
from tests.registry.drafting import draft_now, refused

pytestmark = [pytest.mark.django_db, pytest.mark.databases]


# --- what is missing -------------------------------------------------------------------------------------------------


def told(application, **kwargs):
    return [problem.path for problem in drafts.problems_of(application, **kwargs)]


def test_everything_missing_is_told_at_once_in_the_order_of_the_parts(draft):
    application = save(draft, {"organisation/name": None, "services/1/title": "Послуга", "contacts/1/note": "…"})

    assert told(application) == [
        "organisation/name",
        "organisation/legal_form",
        "organisation/ownership_form",
        "organisation/sector",
        "sites",
        "contacts",
        "contacts/1/kind",
        "contacts/1/value",
        "services/1/service_type",
        "services/1/content",
        "services/1/groups",
        "services/1/price_mode",
        "services/1/area_kind",
        "consents/personal_data",
        "consents/accuracy",
    ]


def test_complete_draft_has_no_problem(draft):
    make_criteria()

    assert drafts.problems_of(fill(draft, services=2)) == []


FAULTS = [
    ({"sites/1/territory": None}, ["sites/1/territory"]),
    ({"sites/1/street": None}, ["sites/1/street"]),
    ({"sites/1/street": None, "sites/1/confidential": True}, []),
    ({"sites/1/latitude": 49}, ["sites/1/longitude"]),
    ({"sites/1/removed": True}, ["sites"]),
    ({"contacts/1/private": True}, []),
    ({"contacts/1/private": True, "contacts/2/removed": True}, ["contacts"]),
    ({"contacts/1/kind": "head", "contacts/2/private": True}, ["contacts"]),
    ({"contacts/1/kind": "email"}, ["contacts/1/value"]),
    ({"contacts/3/kind": "email", "contacts/3/value": "OFFICE@example.org"}, ["contacts/3/value"]),
    ({"services/1/price": None}, ["services/1/price"]),
    ({"services/1/price_unit": None}, ["services/1/price_unit"]),
    ({"services/1/price_mode": "free"}, ["services/1/price"]),
    ({"services/1/price_mode": "differentiated", "services/1/price": None}, ["services/1/price"]),
    ({"services/1/price_mode": "differentiated", "services/1/price": None, "services/1/price_unit": None}, []),
    ({"services/1/capacity": None}, ["services/1/capacity"]),
    ({"services/1/capacity_on": None}, ["services/1/capacity_on"]),
    ({"services/1/areas": []}, ["services/1/areas"]),
    ({"services/1/area_kind": "oblast"}, ["services/1/areas"]),
    ({"services/1/area_kind": "country"}, []),
    ({"services/1/removed": True}, ["services"]),
    ({"organisation/person_type": "sole_proprietor"}, ["organisation/person_type", "organisation/legal_form"]),
    ({"consents/accuracy": False}, ["consents/accuracy"]),
]


@pytest.mark.parametrize(("patch", "expected"), FAULTS)
def test_what_keeps_from_submitting_is_named_by_its_field(draft, patch, expected):
    application = fill(draft)

    assert told(save(application, patch)) == expected


def test_criteria_follow_the_service_its_form_and_its_urgency(draft):
    make_criteria()
    patch = {**service_part("1"), **service_part("2", "shelter"), **service_part("3"), **service_part("4")}
    patch |= {"services/3/delivery_forms": ["residential"], "services/4/urgent": True, "services/5/title": "без виду"}
    application = save(draft, patch)

    found = {key: [one.slug for one in rows] for key, rows in drafts.criteria_of(application).items()}

    assert found == {
        "1": ["founding", "staff"],
        "2": ["founding", "staff", "premises"],
        "3": ["founding", "staff", "premises"],
        "4": ["founding", "staff", "urgent"],
    }


def test_criteria_of_another_day_do_not_apply(draft):
    criteria = make_criteria()
    criteria["founding"].valid_to = NOW.date()
    criteria["founding"].save()
    application = save(draft, service_part())

    assert [one.slug for one in drafts.criteria_of(application)["1"]] == ["staff"]
    assert [one.slug for one in drafts.criteria_of(application, on=date(2026, 11, 21))["1"]] == ["founding", "staff"]


def test_criterion_needs_its_statement_its_document_and_its_last_day(draft):
    make_criteria()
    application = fill(draft)
    bare = save(application, {f"criteria/1/staff/{name}": None for name in ("statement", "document", "expires_on")})
    assert told(bare) == ["criteria/1/staff/statement", "criteria/1/staff/document"]

    attached = attach(save(bare, {"criteria/1/staff/statement": "Так."}), "criteria/1/staff/document")
    assert told(attached) == ["criteria/1/staff/expires_on"]

    dated = save(attached, {"criteria/1/staff/expires_on": "2026-11-22"})
    assert told(dated) == []
    (fault,) = drafts.problems_of(dated, on=date(2026, 11, 23))
    assert (fault.path, fault.missing) == ("criteria/1/staff/expires_on", False)


def test_amendment_must_differ_from_the_register():
    draft = make_draft("amendment", organisation=make_provider().organisation)

    (problem, *_consents) = drafts.problems_of(save(draft, CONSENTS))
    assert (problem.part, problem.path) == ("submit", "")
    assert told(save(draft_now(draft), {"about/about": "Нове."})) == []


def test_amendment_of_a_card_with_gaps_is_judged_where_it_changes_something():
    make_criteria()
    words = make_catalogue()
    bare = make_provider(
        ownership_form="unknown",
        sites=[],
        contacts=[ContactRecord("phone", "+380535190000")],
        services=[ServiceRecord(words.home_care.pk), ServiceRecord(words.counselling.pk)],
    )
    draft = make_draft("amendment", organisation=bare.organisation)

    contacts = save(draft, {**CONSENTS, "contacts/1/value": "+380535190001"})
    assert told(contacts) == []
    service = save(contacts, {"services/1/content": "Прибирання."})
    assert told(service) == ["services/1/groups", "services/1/price_mode", "services/1/area_kind"]
    renamed = save(service, {"services/1/content": None, "organisation/short_name": "ЦНСП"})
    assert told(renamed) == ["organisation/ownership_form"]


def test_amendment_answers_criteria_of_new_services_and_of_what_became_applicable():
    make_criteria()
    entry = make_provider()
    draft = make_draft("amendment", organisation=entry.organisation)

    new = save(draft, {**CONSENTS, **service_part("2", "counselling"), "services/1/urgent": True})

    assert told(new) == [
        "criteria/1/urgent/statement",
        "criteria/2/founding/statement",
        "criteria/2/staff/statement",
        "criteria/2/staff/document",
    ]
    assert told(answer_criteria(new)) == []


def test_exclusion_needs_its_reason():
    draft = make_draft("exclusion", organisation=make_provider().organisation)

    assert draft.content == {}
    assert told(draft) == ["consents/personal_data", "consents/accuracy", "exclusion/reason"]
    assert told(fill(draft)) == []
    assert refused(draft_now(draft), "organisation/name", "Інша")


@pytest.mark.parametrize("services", [1, 3])
def test_problems_ask_no_more_for_more_services(draft, services, django_assert_num_queries):
    make_criteria()
    application = fill(draft, services=services)
    application = save(application, {f"services/{key}/content": None for key in range(1, services + 1)})

    with django_assert_num_queries(6):
        assert len(drafts.problems_of(application)) == services
    with django_assert_num_queries(3):
        drafts.criteria_of(application)


# --- the task list ---------------------------------------------------------------------------------------------------


def states(application):
    return {row.part: row.state for row in drafts.parts_of(application)}


def test_task_list_tells_how_far_each_part_is(draft):
    make_criteria()
    assert states(draft) == {
        "organisation": "begun",
        "sites": "empty",
        "contacts": "empty",
        "services": "empty",
        "criteria": "blocked",
        "consents": "empty",
        "submit": "blocked",
    }

    application = fill(draft)
    assert set(states(application).values()) == {"done", "empty"}
    assert states(application)["submit"] == "empty"

    faulty = save(application, {"services/1/price_mode": "free", "criteria/1/founding/statement": None})
    assert (states(faulty)["services"], states(faulty)["criteria"]) == ("faulty", "begun")
    assert [problem.path for problem in drafts.parts_of(faulty)[3].problems] == ["services/1/price"]


def test_task_list_of_an_exclusion_and_of_an_amendment_without_changes():
    entry = make_provider()
    assert states(make_draft("exclusion", organisation=entry.organisation)) == {
        "consents": "empty",
        "exclusion": "empty",
        "submit": "blocked",
    }
    amendment = save(make_draft("amendment", organisation=entry.organisation), CONSENTS)
    assert states(amendment) == {
        **dict.fromkeys(("organisation", "sites", "contacts", "services", "criteria", "consents"), "done"),
        "submit": "blocked",
    }


def test_task_list_of_what_is_submitted_is_done():
    assert set(states(make_submitted()).values()) == {"done"}
