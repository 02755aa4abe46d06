"""Changing an entry at the desk: the ground, the version, the log, the history, and nothing lost on the way."""

import json

from django.urls import reverse

from portal.kernel.audit import verify
from portal.kernel.models import LogEntry
from registry.domain.desk import current_record
from registry.domain.providers import Actor, put_providers
from registry.domain.standing import exclude_entry
from registry.models import EntryChange, RegisterEntry
from tests.desk.editing import GROUND, address, filled
from tests.factories.registry import NOW, REGISTRAR, make_provider


def test_record_put_back_unchanged_changes_nothing(desk):
    (outcome,) = put_providers(
        [current_record(desk.entry)], actor=Actor(None, "registrar"), ground="", now=NOW, replace_parts=True
    )

    assert (outcome.kind, outcome.differences) == ("unchanged", [])


def test_organisation_form_sent_back_as_it_came_changes_nothing(desk):
    client = desk.clients["registrar"]
    page = client.get(address(desk, "edit"))
    before = LogEntry.objects.count()

    response = client.post(address(desk, "edit"), filled(page))

    assert response.status_code == 302
    assert LogEntry.objects.count() == before


def test_change_of_the_card_is_logged_and_told_in_the_history(desk):
    client = desk.clients["registrar"]
    page = client.get(address(desk, "edit"))

    client.post(address(desk, "edit"), filled(page, about="Працюємо щодня."))

    entry = RegisterEntry.objects.get(pk=desk.entry.pk)
    change = EntryChange.objects.filter(field="about").get()
    line = LogEntry.objects.get(seq=change.log_seq)
    assert (entry.about, entry.version) == ("Працюємо щодня.", desk.entry.version + 1)
    assert (change.new, change.ground, change.by, change.actor_role) == (
        "Працюємо щодня.",
        GROUND,
        desk.users["registrar"],
        "registrar",
    )
    assert (line.tag, line.actor_role, json.loads(line.payload)["ground"]) == (
        "registry:entry:amend",
        "registrar",
        GROUND,
    )
    assert verify() is None


def test_change_without_a_ground_is_refused_and_keeps_what_was_typed(desk):
    client = desk.clients["registrar"]
    page = client.get(address(desk, "edit"))

    response = client.post(address(desk, "edit"), filled(page, about="Новий текст", ground=" "))

    form = response.context["form"]
    assert (response.status_code, list(form.errors), form["about"].value()) == (200, ["ground"], "Новий текст")
    assert RegisterEntry.objects.get(pk=desk.entry.pk).version == desk.entry.version


def test_ground_takes_no_taxpayer_number(desk):
    client = desk.clients["registrar"]
    page = client.get(address(desk, "edit"))

    response = client.post(address(desk, "edit"), filled(page, about="Новий текст", ground="Заява 3184710691"))

    assert list(response.context["form"].errors) == ["ground"]


def test_stale_version_is_told_beside_the_present_values_and_may_be_saved_knowingly(desk):
    mine, other = desk.clients["registrar"], desk.clients["administrator"]
    page = mine.get(address(desk, "edit"))
    other.post(address(desk, "edit"), filled(other.get(address(desk, "edit")), about="Інше"))

    stale = mine.post(address(desk, "edit"), filled(page, about="Моє"))

    form = stale.context["form"]
    assert (stale.status_code, form["about"].value()) == (200, "Моє")
    assert [(one["now"], one["typed"]) for one in form.conflicts] == [("Інше", "Моє")]
    assert RegisterEntry.objects.get(pk=desk.entry.pk).about == "Інше"
    assert mine.post(address(desk, "edit"), filled(stale, about="Моє")).status_code == 302
    assert RegisterEntry.objects.get(pk=desk.entry.pk).about == "Моє"


def test_excluded_entry_is_not_changed(desk):
    page = desk.clients["registrar"].get(address(desk, "edit"))
    exclude_entry(entry_id=desk.entry.pk, actor=REGISTRAR, ground=GROUND, now=NOW)
    version = RegisterEntry.objects.get(pk=desk.entry.pk).version

    response = desk.clients["registrar"].post(address(desk, "edit"), filled(page, about="Ще щось", version=version))

    assert list(response.context["form"].errors) == ["__all__"]
    assert RegisterEntry.objects.filter(organisation=desk.entry.organisation).count() == 1


def test_neighbour_cannot_post_a_change(desk):
    url = address(desk, "edit")

    response = desk.clients["neighbour"].post(url, {"ground": GROUND, "version": desk.entry.version, "name": "Чуже"})

    assert response.status_code == 404
    assert RegisterEntry.objects.get(pk=desk.entry.pk).version == desk.entry.version


def test_auditor_and_approver_cannot_post_a_change(desk):
    for role in ("auditor", "approver"):
        response = desk.clients[role].post(address(desk, "edit"), {"ground": GROUND, "version": desk.entry.version})
        assert (response.status_code, response.url) == (302, reverse("wagtailadmin_home"))


def test_home_of_an_entry_elsewhere_is_not_shadowed_by_the_number(desk):
    other = make_provider(sites=[], services=[])

    assert desk.clients["registrar"].get(reverse("desk_entries:entry", args=[other.number])).status_code == 404
