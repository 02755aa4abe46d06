"""Decisions about an entry at the desk: who takes them, with what ground, and what they leave behind."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from portal.kernel.models import LogEntry
from registry.models import RegisterEntry


def url(desk, step) -> str:
    return reverse("desk_entries:decide", args=[desk.entry.number, step])


def decide(desk, role, step, **typed):
    version = RegisterEntry.objects.get(pk=desk.entry.pk).version
    return desk.clients[role].post(url(desk, step), {"ground": "Рішення № 5", "version": version, **typed})


def state(desk) -> str:
    return RegisterEntry.objects.get(pk=desk.entry.pk).standing


@pytest.mark.parametrize("role", ["administrator", "approver"])
def test_entry_is_suspended_restored_and_excluded_by_those_who_decide(desk, role):
    day = timezone.localdate() + timedelta(days=30)
    states = []
    for step, typed in (("suspend", {"until": day.isoformat()}), ("restore", {}), ("exclude", {})):
        response = decide(desk, role, step, **typed)
        states.append((response.status_code, state(desk)))

    assert states == [(302, "suspended"), (302, "included"), (302, "excluded")]
    lines = LogEntry.objects.filter(tag__startswith="registry:entry:").order_by("seq").values_list("tag", "actor_role")
    assert list(lines)[1:] == [
        ("registry:entry:suspended", role),
        ("registry:entry:restored", role),
        ("registry:entry:excluded", role),
    ]


@pytest.mark.parametrize("role", ["registrar", "auditor", "editor"])
@pytest.mark.parametrize("step", ["suspend", "restore", "exclude"])
def test_others_do_not_decide(desk, role, step):
    response = decide(desk, role, step)

    assert (response.status_code, response.url) == (302, reverse("wagtailadmin_home"))
    assert state(desk) == "included"


def test_decision_needs_its_ground(desk):
    response = decide(desk, "approver", "exclude", ground="")

    assert (response.status_code, list(response.context["form"].errors)) == (200, ["ground"])
    assert state(desk) == "included"


def test_suspension_ends_in_the_future(desk):
    response = decide(desk, "approver", "suspend", until=timezone.localdate().isoformat())

    assert list(response.context["form"].errors) == ["until"]


def test_decision_on_a_card_that_changed_meanwhile_is_asked_again(desk):
    old = desk.entry.version
    decide(desk, "registrar", "verify")

    response = decide(desk, "approver", "suspend", version=old)

    assert (response.status_code, state(desk)) == (200, "included")
    assert response.context["form"]["version"].value() == RegisterEntry.objects.get(pk=desk.entry.pk).version


def test_step_that_the_state_forbids_is_not_offered_and_not_taken(desk):
    page = desk.clients["approver"].get(url(desk, "restore"))
    response = decide(desk, "approver", "restore")

    assert page.context["possible"] is False
    assert (response.status_code, state(desk)) == (200, "included")


def test_registrar_confirms_the_data_of_today(desk):
    response = decide(desk, "registrar", "verify", ground="Дзвінок керівниці")

    assert response.status_code == 302
    assert RegisterEntry.objects.get(pk=desk.entry.pk).verified_on == timezone.localdate()


def test_unknown_decision_is_not_there(desk):
    assert desk.clients["approver"].get(url(desk, "forgive")).status_code == 404


def test_card_offers_each_official_what_the_role_may(desk):
    offered = {
        role: [
            step.name for step in client.get(reverse("desk_entries:entry", args=[desk.entry.number])).context["steps"]
        ]
        for role, client in desk.clients.items()
        if role in {"administrator", "registrar", "approver", "auditor"}
    }

    assert offered == {
        "administrator": ["verify", "suspend", "exclude"],
        "registrar": ["verify"],
        "approver": ["suspend", "exclude"],
        "auditor": [],
    }
