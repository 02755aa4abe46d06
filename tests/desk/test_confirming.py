"""The data of a card are confirmed by its registrar; nothing graver is done to it by one person."""

import pytest
from django.urls import reverse
from django.utils import timezone

from portal.kernel.models import LogEntry
from registry.domain.standing import exclude_entry
from registry.models import RegisterEntry
from tests.factories.registry import NOW, REGISTRAR


def url(desk) -> str:
    return reverse("desk_entries:confirm", args=[desk.entry.number])


def confirm(desk, role, **typed):
    version = RegisterEntry.objects.get(pk=desk.entry.pk).version
    return desk.clients[role].post(url(desk), {"ground": "Дзвінок керівниці", "version": version, **typed})


def verified(desk):
    return RegisterEntry.objects.get(pk=desk.entry.pk).verified_on


@pytest.mark.parametrize("role", ["administrator", "registrar"])
def test_registrar_confirms_the_data_of_today(desk, role):
    response = confirm(desk, role)

    assert (response.status_code, verified(desk)) == (302, timezone.localdate())
    line = LogEntry.objects.filter(tag="registry:entry:verified").get()
    assert line.actor_role == role


@pytest.mark.parametrize("role", ["approver", "auditor", "editor"])
def test_others_do_not_confirm(desk, role):
    response = confirm(desk, role)

    assert (response.status_code, response.url) == (302, reverse("wagtailadmin_home"))
    assert verified(desk) is None


def test_confirmation_needs_its_ground(desk):
    response = confirm(desk, "registrar", ground="")

    assert (response.status_code, list(response.context["form"].errors)) == (200, ["ground"])
    assert verified(desk) is None


def test_card_that_changed_meanwhile_is_asked_again(desk):
    old = desk.entry.version
    confirm(desk, "registrar")

    response = confirm(desk, "registrar", version=old)

    now = RegisterEntry.objects.get(pk=desk.entry.pk)
    assert (response.status_code, response.context["form"]["version"].value()) == (200, now.version)
    assert now.verifications.count() == 1


def test_excluded_card_is_not_confirmed(desk):
    exclude_entry(entry_id=desk.entry.pk, actor=REGISTRAR, ground="заява", now=NOW)

    assert desk.clients["registrar"].get(url(desk)).context["possible"] is False
    assert confirm(desk, "registrar").status_code == 200
    assert verified(desk) is None


@pytest.mark.parametrize("role", ["administrator", "registrar", "approver"])
@pytest.mark.parametrize("step", ["suspend", "restore", "exclude", "forgive"])
def test_nobody_decides_on_a_card_alone(desk, role, step):
    """There is no page for it: such a step is a case, which one person opens and another decides."""
    address = f"{reverse('desk_entries:entry', args=[desk.entry.number])}decide/{step}/"

    response = desk.clients[role].post(address, {"ground": "Рішення № 5", "version": desk.entry.version})

    assert response.status_code == 404
    assert RegisterEntry.objects.get(pk=desk.entry.pk).standing == "included"


def test_card_offers_each_official_what_the_role_may(desk):
    case = reverse("desk_applications:initiative", args=[desk.entry.number])
    pages = {
        role: desk.clients[role].get(reverse("desk_entries:entry", args=[desk.entry.number])).content.decode()
        for role in ("administrator", "registrar", "approver", "auditor")
    }

    offered = {role: (url(desk) in page, case in page) for role, page in pages.items()}

    assert offered == {
        "administrator": (True, True),
        "registrar": (True, True),
        "approver": (False, False),
        "auditor": (False, False),
    }
