"""The queue of applications and the page of one: who reads what, in which order, at what cost."""

import json
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from portal.kernel.models import LogEntry
from registry.models import Application, PrivateView
from tests.desk.conftest import SECRET_PHONE, SECRET_STREET
from tests.desk.examining import due_cell, fresh, judge, propose, proposed, take, url
from tests.factories.applications import (
    NOW,
    fill,
    make_criteria,
    make_draft,
    make_grounds,
    make_rules,
    make_submitted,
    submit,
)


@pytest.mark.parametrize("role", ["administrator", "registrar", "approver", "auditor"])
def test_officials_of_the_territory_read_the_application(desk, asked, role):
    client = desk.clients[role]

    assert client.get(url("application", asked)).status_code == 200
    assert asked in client.get(reverse("desk_applications:index")).context["object_list"]


def test_registrar_of_another_territory_meets_nothing(desk, asked):
    client = desk.clients["neighbour"]

    assert list(client.get(reverse("desk_applications:index")).context["object_list"]) == []
    names = ["application", "take", "correction", "propose", "send_back", "decide", "correct_decision"]
    assert {client.get(url(name, asked)).status_code for name in names} == {404}
    assert client.post(url("checks", asked, "1"), {}).status_code == 404


def test_editor_is_led_away(desk, asked):
    response = desk.clients["editor"].get(url("application", asked))

    assert (response.status_code, response.url) == (302, reverse("wagtailadmin_home"))


@pytest.mark.parametrize(
    ("role", "name"),
    [
        ("approver", "take"),
        ("auditor", "take"),
        ("approver", "correction"),
        ("approver", "propose"),
        ("auditor", "propose"),
        ("registrar", "decide"),
        ("registrar", "send_back"),
        ("auditor", "decide"),
    ],
)
def test_step_of_another_role_is_not_taken(desk, asked, role, name):
    before = asked.steps.count()
    for state in ("submitted", "examination", "proposed"):
        Application.objects.filter(pk=asked.pk).update(state=state)
        response = desk.clients[role].post(url(name, asked), {"reason": "так", "comment": "так", "outcome": "include"})
        assert (response.status_code, response.url) == (302, reverse("wagtailadmin_home"))

    assert asked.steps.count() == before


def test_page_offers_each_role_its_steps(desk, asked):
    def offered(role):
        context = desk.clients[role].get(url("application", asked)).context
        return sorted(name for name in ("can_take", "can_examine", "can_decide") if context[name])

    states = {}
    for state in ("submitted", "examination", "proposed"):
        Application.objects.filter(pk=asked.pk).update(state=state)
        states[state] = {role: offered(role) for role in ("registrar", "approver", "auditor")}

    assert states == {
        "submitted": {"registrar": ["can_take"], "approver": [], "auditor": []},
        "examination": {"registrar": ["can_examine"], "approver": [], "auditor": []},
        "proposed": {"registrar": [], "approver": ["can_decide"], "auditor": []},
    }


# the queue


@pytest.mark.parametrize("item_count", [1, 3])
def test_queue_costs_the_same(desk, asked, django_assert_num_queries, item_count):
    for _ in range(item_count - 1):
        make_submitted()
    client = desk.clients["registrar"]
    client.get(reverse("desk_applications:index"))

    with django_assert_num_queries(12):
        response = client.get(reverse("desk_applications:index"))

    assert len(response.context["object_list"]) == item_count


@pytest.mark.parametrize("item_count", [1, 3])
def test_application_costs_the_same(desk, django_assert_num_queries, item_count):
    make_criteria()
    make_rules()
    application = make_submitted(services=item_count)
    take(desk, application)
    judge(desk, application)
    client = desk.clients["registrar"]

    with django_assert_num_queries(39):
        response = client.get(url("application", application))

    assert len(response.context["checklist"]) == item_count


def test_queue_has_the_oldest_first_and_finds_by_number_and_code(desk, asked):
    later = make_submitted(now=timezone.now())
    client = desk.clients["registrar"]

    def listed(**typed):
        return list(client.get(reverse("desk_applications:index"), typed).context["object_list"])

    assert listed() == [asked, later]
    assert listed(q=later.number) == [later]
    assert listed(q=asked.organisation.code) == [asked]


def test_queue_is_filtered_by_what_is_to_be_done(desk, asked):
    other = make_submitted()
    take(desk, other)
    Application.objects.filter(pk=asked.pk).update(decision_due_on=timezone.localdate() - timedelta(days=1))

    def listed(role, **typed):
        return list(desk.clients[role].get(reverse("desk_applications:index"), typed).context["object_list"])

    assert listed("registrar", waiting="take") == [asked]
    assert listed("registrar", waiting="check") == [other]
    assert listed("registrar", waiting="overdue") == [asked]
    assert listed("approver", waiting="take") == []
    assert listed("registrar", state="examination") == [other]
    assert listed("registrar", kind="exclusion") == []


def test_decided_application_leaves_the_queue_and_is_found_when_asked_for(desk, asked):
    proposed(desk, asked)
    desk.clients["approver"].post(url("decide", asked))
    client, index = desk.clients["registrar"], reverse("desk_applications:index")

    assert list(client.get(index).context["object_list"]) == []
    assert list(client.get(index, {"state": "all"}).context["object_list"]) == [fresh(asked)]


@pytest.mark.parametrize(("days", "said"), [(None, ""), (-1, "desk-tag--bad"), (0, "desk-tag--warn"), (5, "")])
def test_due_day_is_said_in_words_and_not_by_colour_alone(desk, asked, days, said):
    day = None if days is None else timezone.localdate() + timedelta(days=days)
    Application.objects.filter(pk=asked.pk).update(decision_due_on=day)

    response = desk.clients["registrar"].get(reverse("desk_applications:index"))

    assert due_cell(response, asked).count("<span") == (2 if days in (-1, 0) else 1)
    assert said in due_cell(response, asked)


def test_later_application_of_a_provider_waits_for_the_earlier(desk):
    make_rules()
    earlier = make_submitted("amendment", organisation=desk.entry.organisation)
    later = make_submitted("exclusion", organisation=desk.entry.organisation, now=NOW + timedelta(hours=1))
    page = desk.clients["registrar"].get(url("application", later))

    response = take(desk, later)

    assert page.context["application"].waits_for == earlier.number
    assert earlier.number in page.content.decode()
    assert url("take", later) not in page.content.decode()
    assert (response.status_code, fresh(later).state) == (200, "submitted")


def test_desk_home_says_what_waits_for_whom(desk, asked):
    def figures(role):
        panels = desk.clients[role].get(reverse("wagtailadmin_home")).context["panels"]
        panel = next(panel for panel in panels if panel.name == "desk_applications")
        request = type("Request", (), {"user": desk.users[role]})
        return [number for _label, number, _url in panel.get_context_data({"request": request})["figures"]]

    before = {role: figures(role) for role in ("registrar", "approver", "neighbour")}
    proposed(desk, asked)

    assert before == {"registrar": [1, 0, 0, 0, 0], "approver": [0, 0], "neighbour": [0, 0, 0, 0, 0]}
    assert {role: figures(role) for role in ("registrar", "approver")} == {
        "registrar": [0, 0, 0, 0, 0],
        "approver": [1, 0],
    }


# what is private


def test_private_parts_are_opened_on_purpose_and_leave_a_trace(desk, asked):
    content = asked.content | {"contacts/2/private": True, "sites/1/confidential": True}
    Application.objects.filter(pk=asked.pk).update(content=content)
    client = desk.clients["registrar"]

    closed, opened = client.get(url("application", asked)), client.post(url("application", asked))

    words = ("office@example.org", "вул. Незалежності")
    assert [word in closed.content.decode() for word in words] == [False, False]
    assert [word in opened.content.decode() for word in words] == [True, True]
    entry = LogEntry.objects.get(tag="registry:application:private_view")
    assert entry.subject == f"registry.application:{asked.number}"
    assert json.loads(entry.payload)["what"] == ["address 1", "contact 2"]


def test_private_parts_of_an_amendment_leave_the_trace_at_the_entry(desk, asked):
    make_grounds()
    application = make_submitted("amendment", organisation=desk.entry.organisation)
    desk.clients["approver"].post(url("application", application))

    assert PrivateView.objects.filter(entry=desk.entry, by=desk.users["approver"]).count() == 1


def test_private_values_among_the_changes_are_opened_on_purpose_too(desk, asked):
    """The provider of the card has a confidential address and a private contact: both are changed."""
    draft = make_draft("amendment", organisation=desk.entry.organisation)
    numbers = {
        value: path.rpartition("/")[0]
        for path, value in draft.content.items()
        if value in (SECRET_PHONE, SECRET_STREET)
    }
    told = {f"{numbers[SECRET_PHONE]}/value": "+380501112233", f"{numbers[SECRET_STREET]}/street": "вул. Нова-Схована"}
    application = submit(fill(draft, **told))
    client = desk.clients["registrar"]

    closed, opened = client.get(url("application", application)), client.post(url("application", application))
    take(desk, application)
    judge(desk, application)
    propose(desk, application, "amend")
    decide = desk.clients["approver"].get(url("decide", application))

    secrets = (SECRET_PHONE, "+380501112233", SECRET_STREET, "вул. Нова-Схована")
    assert [word in closed.content.decode() for word in secrets] == [False] * 4
    assert [word in decide.content.decode() for word in secrets] == [False] * 4
    assert [word in opened.content.decode() for word in secrets] == [True] * 4
    assert PrivateView.objects.filter(entry=desk.entry, by=desk.users["registrar"]).count() == 1


# the steps
