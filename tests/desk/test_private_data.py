"""What is private stays inside the territory, behind a deliberate step, and leaves a trace of who looked."""

from io import BytesIO

import pytest
from django.urls import reverse

from portal.kernel.models import LogEntry
from registry.models import EntryChange, PrivateView
from tests.desk.conftest import SECRET_PHONE, SECRET_STREET
from tests.factories.registry import make_carer

SECRETS = (SECRET_STREET, SECRET_PHONE, "Таємний дім")


def secrets_in(response) -> list[str]:
    text = response.content.decode()
    return [secret for secret in SECRETS if secret in text]


def card(desk) -> str:
    return reverse("desk_entries:entry", args=[desk.entry.number])


@pytest.mark.parametrize("role", ["administrator", "registrar", "approver", "auditor"])
def test_private_data_are_opened_on_purpose_and_the_look_is_kept(desk, role):
    client = desk.clients[role]

    assert secrets_in(client.get(card(desk))) == []
    assert secrets_in(client.post(card(desk))) == list(SECRETS)
    site = desk.entry.sites.get(confidential=True)
    contact = desk.entry.contacts.get(private=True)
    assert list(PrivateView.objects.values_list("by", "actor_role", "what")) == [
        (desk.users[role].pk, role, f"address {site.pk}, contact {contact.pk}")
    ]


def test_registrar_of_another_territory_meets_the_entry_nowhere(desk):
    client = desk.clients["neighbour"]
    number, pk = desk.entry.number, desk.entry.sites.get(confidential=True).pk
    index = reverse("desk_entries:index")
    pages = [
        client.get(index),
        client.get(index, {"q": desk.entry.organisation.name}),
        client.get(index, {"q": number}),
        client.get(index, {"oblast": desk.places.poltavska.pk}),
        client.get(reverse("desk_entries:index_results"), {"q": "Центр"}),
        client.get(index, {"export": "csv"}),
        client.get(reverse("wagtailadmin_home")),
        client.get(reverse("desk_entries:places"), {"q": "Диканька"}),
    ]

    for page in pages:
        text = b"".join(page.streaming_content).decode() if page.streaming else page.content.decode()
        assert (page.status_code, number in text.replace(f'value="{number}"', ""), secrets_in_text(text)) == (
            200,
            False,
            [],
        )
    for name in ("entry", "history", "edit"):
        assert client.get(reverse(f"desk_entries:{name}", args=[number])).status_code == 404
    assert client.post(card(desk)).status_code == 404
    assert client.get(reverse("desk_entries:edit_part", args=[number, "sites", pk])).status_code == 404
    assert PrivateView.objects.count() == 0


def secrets_in_text(text: str) -> list[str]:
    return [secret for secret in SECRETS if secret in text]


def test_export_of_the_list_is_empty_even_at_home(desk):
    response = desk.clients["registrar"].get(reverse("desk_entries:index"), {"export": "csv"})

    assert b"".join(response.streaming_content).strip() == b""


def test_preview_of_an_import_tells_nothing_of_another_territory(desk):
    code = desk.entry.organisation.code
    file = BytesIO(f"edrpou,name,street,oblast,hromada\n{code},Інша назва,вул. Нова,Полтавська,Диканська\n".encode())
    file.name = "list.csv"

    response = desk.clients["neighbour"].post(
        reverse("desk_imports:add"), {"file": file, "ground": "Лист № 1"}, follow=True
    )

    text = response.content.decode()
    assert (response.status_code, secrets_in_text(text)) == (200, [])
    assert "вул. Незалежності" not in text
    assert desk.entry.number not in text


def test_editing_a_private_part_leaves_a_trace(desk):
    site = desk.entry.sites.get(confidential=True)

    page = desk.clients["registrar"].get(reverse("desk_entries:edit_part", args=[desk.entry.number, "sites", site.pk]))

    assert SECRET_STREET in page.content.decode()
    assert list(PrivateView.objects.values_list("what", flat=True)) == [f"sites {site.pk}"]


def test_card_of_a_carer_hides_where_the_person_lives_until_opened(desk):
    carer = make_carer()
    url = reverse("desk_entries:entry", args=[carer.number])

    closed = desk.clients["registrar"].get(url).content.decode()
    opened = desk.clients["registrar"].post(url).content.decode()

    assert ("вул. Незалежності" in closed, "+380535190000" in closed) == (False, False)
    assert ("вул. Незалежності" in opened, "+380535190000" in opened) == (True, True)


def test_history_and_log_hold_no_private_value_after_an_edit(desk):
    site = desk.entry.sites.get(confidential=True)
    url = reverse("desk_entries:remove_part", args=[desk.entry.number, "sites", site.pk])

    response = desk.clients["registrar"].post(url, {"ground": "Переїзд", "version": desk.entry.version})

    assert response.status_code == 302
    told = " ".join(str(row) for row in EntryChange.objects.values_list("old", "new"))
    told += " ".join(LogEntry.objects.values_list("payload", flat=True))
    assert secrets_in_text(told) == []


def test_pages_of_the_desk_are_kept_by_no_cache(desk):
    response = desk.clients["registrar"].post(card(desk))

    assert {"private", "no-store"} <= set(response["Cache-Control"].split(", "))
