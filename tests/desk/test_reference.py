"""Reference books and the law at the desk: corrected by administrators with a ground, each correction logged."""

import json

import pytest
from django.urls import reverse

from portal.kernel.models import Act, DeadlineRule, LogEntry
from registry.models import ServiceType
from tests.desk.test_access import law_row
from tests.factories.registry import make_catalogue

GROUND = "Постанова 99, п. 3, редакція від 01.10.2026"


def sent_back(page, **changes):
    """Return what a browser would send back from the page's form, with the changes typed."""
    data = {}
    for bound in page.context["form"]:
        value = bound.value()
        if isinstance(value, bool):
            data |= {bound.html_name: "on"} if value else {}
        elif value is not None:
            data[bound.html_name] = getattr(value, "pk", value)
    data |= {"edit_ground": GROUND, **changes}
    return {name: value for name, value in data.items() if value is not None}


def test_correction_of_a_rule_is_stamped_and_logged(desk):
    rule = law_row(DeadlineRule)
    client, url = desk.clients["administrator"], reverse("desk_rules:edit", args=[rule.pk])

    response = client.post(url, sent_back(client.get(url), amount="5", unit="working_days", verified="on"))

    assert response.status_code == 302
    rule.refresh_from_db()
    line = LogEntry.objects.get(tag="kernel:norms:edit")
    payload = json.loads(line.payload)
    assert (rule.amount, rule.verified, rule.edited_at is not None) == (5, True, True)
    assert (line.subject, line.actor_role, payload["ground"]) == (
        f"kernel.deadlinerule:{rule.pk}",
        "administrator",
        GROUND,
    )
    assert payload["changed"] == {
        "amount": [None, 5],
        "unit": ["", "working_days"],
        "verified": [False, True],
    }


def test_correction_without_a_ground_changes_nothing(desk):
    rule = law_row(DeadlineRule)
    client, url = desk.clients["administrator"], reverse("desk_rules:edit", args=[rule.pk])

    response = client.post(url, sent_back(client.get(url), amount="5", unit="working_days", edit_ground=""))

    rule.refresh_from_db()
    assert (response.status_code, list(response.context["form"].errors), rule.amount) == (200, ["edit_ground"], None)
    assert LogEntry.objects.filter(tag="kernel:norms:edit").count() == 0


def test_constraint_of_the_law_is_told_in_the_form(desk):
    rule = law_row(DeadlineRule)
    client, url = desk.clients["administrator"], reverse("desk_rules:edit", args=[rule.pk])

    response = client.post(url, sent_back(client.get(url), month="13", day="1"))

    assert (response.status_code, bool(response.context["form"].errors)) == (200, True)


def test_new_act_is_logged_as_new(desk):
    client, url = desk.clients["administrator"], reverse("desk_acts:add")
    typed = {"code": "1040", "kind": "government_resolution", "number": "1040", "title": "Порядок", "issuer": "КМУ"}

    response = client.post(url, {**typed, "edit_ground": GROUND})

    assert response.status_code == 302
    assert Act.objects.get().edited_at is not None
    assert json.loads(LogEntry.objects.get(tag="kernel:norms:edit").payload)["new"] is True


def test_row_that_nobody_checked_is_marked_in_list_and_form(desk):
    rule = law_row(DeadlineRule)
    client = desk.clients["administrator"]
    mark = "desk-tag--warn"

    unchecked = [
        client.get(reverse("desk_rules:index")).content.decode().count(mark),
        client.get(reverse("desk_rules:edit", args=[rule.pk])).content.decode().count(mark),
        len(client.get(reverse("desk_rules:index"), {"verified": "true"}).context["object_list"]),
    ]
    DeadlineRule.objects.update(verified=True)
    checked = [
        client.get(reverse("desk_rules:index")).content.decode().count(mark),
        client.get(reverse("desk_rules:edit", args=[rule.pk])).content.decode().count(mark),
        len(client.get(reverse("desk_rules:index"), {"verified": "true"}).context["object_list"]),
    ]

    assert (unchecked, checked) == ([1, 1, 0], [0, 0, 1])


def test_service_of_the_catalogue_is_corrected_with_its_groups(desk):
    words = make_catalogue()
    client, url = desk.clients["administrator"], reverse("desk_service_types:edit", args=[words.shelter.pk])
    typed = {"name_uk": "Притулок", "groups": [words.violence_survivors.pk]}

    response = client.post(url, sent_back(client.get(url), **typed))

    assert response.status_code == 302
    service = ServiceType.objects.get(pk=words.shelter.pk)
    changed = json.loads(LogEntry.objects.get(tag="registry:reference:edit").payload)["changed"]
    assert (service.name_uk, service.edited_at is not None) == ("Притулок", True)
    assert changed["groups"] == [[], [str(words.violence_survivors.pk)]]


def test_facts_of_a_territory_need_their_date(desk):
    unit = desk.places.poltava
    client, url = desk.clients["administrator"], reverse("desk_territories:edit", args=[unit.pk])

    refused = client.post(url, sent_back(client.get(url), population="279593"))
    taken = client.post(url, sent_back(client.get(url), population="279593", population_on="2022-01-01"))

    unit.refresh_from_db()
    assert (refused.status_code, taken.status_code, unit.population) == (200, 302, 279593)


@pytest.mark.parametrize("role", ["auditor", "registrar"])
def test_reader_cannot_post_a_correction(desk, role):
    words = make_catalogue()
    url = reverse("desk_service_types:edit", args=[words.shelter.pk])

    response = desk.clients[role].post(url, {"name_uk": "Інше", "edit_ground": GROUND})

    assert (response.status_code, ServiceType.objects.get(pk=words.shelter.pk).name_uk) == (302, words.shelter.name_uk)
