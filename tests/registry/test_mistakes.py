"""Reports of mistakes: anybody may tell, nobody is traced, a registrar answers, nothing of it is public."""

import html
import logging
import re
from datetime import timedelta

import pytest
from django.core import mail
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from portal.kernel import audit
from portal.kernel.models import LogEntry, OutboxMessage
from portal.kernel.outbox import deliver
from portal.kernel.workflow import StepRefused
from registry.domain.mistakes import (
    TooManyReportsError,
    answer_report,
    forget_senders,
    report_mistake,
    sender_of,
)
from registry.domain.standing import exclude_entry
from registry.mistake_letters import unlinked
from registry.models import MistakeReport
from tests.factories.accounts import make_mandate, make_official, make_person
from tests.factories.registry import NOW, REGISTRAR, make_carer, make_provider, make_territories

pytestmark = [pytest.mark.django_db, pytest.mark.databases]

READER = "reader@mail.example"
HOME = "203.0.113.7"
OPENED = timedelta(seconds=-60)


def tell(entry, *, text="Телефон уже не той.", email=READER, address=HOME, about="contacts", now=NOW):
    return report_mistake(entry_id=entry.pk, about=about, text=text, email=email, address=address, now=now)


def token_of(page: str) -> str:
    return html.unescape(re.search(r'name="token" value="([^"]+)"', page)[1])


@pytest.fixture
def open_form(settings):
    """Open the form as a reader who takes time to write."""
    settings.MISTAKE_FORM_SHORTEST = timedelta(0)

    def opened(client: Client, entry, **typed):
        token = token_of(client.get(f"/en/registry/{entry.number}/report/").content.decode())
        return {"about": "contacts", "text": "Телефон уже не той.", "email": READER, "token": token, **typed}

    return opened


def send(client: Client, entry, data, **headers):
    return client.post(f"/en/registry/{entry.number}/report/", data, **headers)


def letters() -> list[dict]:
    return [message.payload for message in OutboxMessage.objects.order_by("pk")]


# --- taking a report ---------------------------------------------------------------------------------------------------


def test_report_goes_to_the_provider_and_to_the_registrars_of_the_territory(client, open_form):
    places = make_territories()
    entry = make_provider()
    person, former = make_person("head@provider.example"), make_person("former@provider.example")
    make_mandate(person, entry.organisation)
    make_mandate(former, entry.organisation, valid_to=timezone.localdate() - timedelta(days=1))
    for name, unit in (("oblast", places.poltavska), ("raion", places.poltavskyi_raion), ("far", places.odeska)):
        make_official("registrar", unit, email=f"{name}@gov.example")
    make_official("approver", places.poltavska)

    response = send(client, entry, open_form(client, entry))

    assert (response.status_code, response.url) == (302, f"/en/registry/{entry.number}/report/thanks/")
    report = MistakeReport.objects.get()
    assert (report.about, report.text, report.email, report.state) == ("contacts", "Телефон уже не той.", READER, "new")
    sent = letters()
    assert sorted(letter["to"][0] for letter in sent) == [
        "head@provider.example",
        "oblast@gov.example",
        "raion@gov.example",
    ]
    for letter in sent:
        for part in (letter["text"], letter["html"]):
            assert "Телефон уже не той." in part
            assert READER not in part
            assert entry.number in part
    assert "Thank" not in client.get(response.url).content.decode()
    assert client.get(response.url).status_code == 200


def test_reader_needs_no_e_mail_and_no_script(client, open_form):
    entry = make_provider()

    send(client, entry, open_form(client, entry, email=""))

    assert MistakeReport.objects.get().email == ""
    assert "<script" not in client.get(f"/registry/{entry.number}/report/").content.decode().split("<main")[1]


@pytest.mark.parametrize(
    ("typed", "fault", "target"),
    [
        ({"about": ""}, "Choose what is wrong.", "id_about_0"),
        ({"about": "nonsense"}, "Select a valid choice", "id_about_0"),
        ({"text": "  "}, "Say in a few words what is wrong.", "id_text"),
        ({"text": "я" * 3001}, "at most 3000 characters", "id_text"),
        ({"email": "no address"}, "Enter a valid email address.", "id_email"),
        ({"website": "https://spam.example"}, "only robots fill it in", "id_website"),
        ({"token": ""}, "The form was open for too long.", "send"),
        ({"token": "forged:1:2"}, "The form was open for too long.", "send"),
    ],
)
def test_fault_is_told_beside_its_field_and_nothing_typed_is_lost(client, open_form, typed, fault, target):
    entry = make_provider()
    data = open_form(client, entry, **typed)

    response = send(client, entry, data)

    page = response.content.decode()
    assert response.status_code == 422
    assert fault in html.unescape(page)
    assert f'href="#{target}"' in page
    assert data["text"].strip() in page
    assert f'value="{data["email"]}"' in page
    assert MistakeReport.objects.count() == 0


def test_spent_form_is_put_in_place_of_by_a_new_one(client, open_form, settings):
    entry = make_provider()
    data = open_form(client, entry)
    settings.MISTAKE_FORM_LIFE = timedelta(seconds=-1)
    page = send(client, entry, data).content.decode()
    settings.MISTAKE_FORM_LIFE = timedelta(hours=1)

    assert send(client, entry, {**data, "token": token_of(page)}).status_code == 302


def test_form_of_one_card_does_not_report_another(client, open_form):
    one, other = make_provider(), make_provider()

    assert send(client, other, open_form(client, one)).status_code == 422


def test_what_comes_too_fast_is_asked_again_and_then_taken(client, settings):
    entry = make_provider()
    page = client.get(f"/en/registry/{entry.number}/report/").content.decode()
    data = {"about": "price", "text": "Ціна інша.", "token": token_of(page)}

    again = send(client, entry, data)
    assert again.status_code == 422
    assert "This came faster than people write." in again.content.decode()
    assert token_of(again.content.decode()) == data["token"]
    settings.MISTAKE_FORM_SHORTEST = timedelta(0)
    assert send(client, entry, data).status_code == 302


def test_double_click_reports_once(client, open_form):
    entry = make_provider()
    data = open_form(client, entry)

    assert [send(client, entry, data).status_code for _turn in "ab"] == [302, 302]
    assert MistakeReport.objects.count() == 1


def test_limit_of_a_network_is_told_in_words_and_ends_after_a_day(client, open_form, settings):
    settings.MISTAKE_REPORTS_A_DAY = 2
    entries = [make_provider() for _number in range(3)]
    for entry in entries[:2]:
        send(client, entry, open_form(client, entry))

    response = send(client, entries[2], open_form(client, entries[2], text="Третє."))
    page = response.content.decode()
    assert (response.status_code, response["Retry-After"]) == (429, "86400")
    assert "Within a day the portal takes 2 reports from one network" in page
    assert "Третє." in page
    other = send(client, entries[2], open_form(client, entries[2]), REMOTE_ADDR="198.51.100.9")
    assert other.status_code == 302
    assert tell(entries[2], address="127.0.0.1", now=timezone.now() + timedelta(days=1, minutes=1)).pk


def test_flood_from_many_networks_fills_no_letter_box(settings):
    settings.MISTAKE_LETTERS_A_DAY = 2
    entry = make_provider()
    make_mandate(make_person("head@provider.example"), entry.organisation)

    for number in range(5):
        tell(entry, address=f"203.0.113.{number}")

    assert (MistakeReport.objects.count(), len(letters())) == (5, 2)


def test_network_of_version_6_is_one_sender():
    assert sender_of("2001:db8:1:2::1") == sender_of("2001:db8:1:2:ffff::9")
    assert sender_of("2001:db8:1:2::1") != sender_of("2001:db8:1:3::1")
    assert sender_of("203.0.113.7") != sender_of("203.0.113.8")
    assert "203.0.113.7" not in sender_of("203.0.113.7")
    assert sender_of("not an address")


def test_closed_and_strange_cards_take_no_report(client):
    for number in (make_carer().number, "zzz", "%00"):
        assert client.get(f"/registry/{number}/report/").status_code == 404
        assert client.post(f"/registry/{number}/report/", {}).status_code == 404


def test_excluded_card_still_takes_reports():
    entry = make_provider()
    exclude_entry(entry_id=entry.pk, actor=REGISTRAR, ground="заява", now=NOW)

    assert tell(entry).pk


def test_digest_of_the_sender_is_wiped_after_a_day():
    old, fresh = tell(make_provider()), tell(make_provider(), now=NOW + timedelta(hours=20))

    assert forget_senders(now=NOW + timedelta(days=1)) == 1
    assert forget_senders(now=NOW + timedelta(days=1)) == 0
    old.refresh_from_db()
    fresh.refresh_from_db()
    assert (old.sender, bool(fresh.sender), old.email) == ("", True, READER)


# --- answering ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("confirmed", "state"), [(True, "answered"), (False, "rejected")])
def test_answer_goes_to_the_reader_and_the_address_is_forgotten(confirmed, state):
    places = make_territories()
    registrar = make_official("registrar", places.poltavska)
    report = tell(make_provider())
    OutboxMessage.objects.all().delete()

    answer_report(report_id=report.pk, user=registrar, confirmed=confirmed, text="Перевірили.\nДякуємо.", now=NOW)

    report.refresh_from_db()
    assert (report.state, report.email, report.sender, report.answered_by) == (state, "", "", registrar)
    (letter,) = letters()
    assert letter["to"] == [READER]
    assert {"text", "html", "subject"} <= set(letter)
    deliver(timezone.now())
    assert [message.to for message in mail.outbox] == [[READER]]
    assert "Перевірили." in mail.outbox[0].body
    assert READER not in str(list(OutboxMessage.objects.values()))
    entry = LogEntry.objects.order_by("-seq").first()
    assert entry.tag == f"registry:mistake:{state}"
    assert audit.verify() is None


def test_report_without_an_address_is_answered_without_a_letter():
    registrar = make_official("registrar", make_territories().poltavska)
    report = tell(make_provider(), email="")
    OutboxMessage.objects.all().delete()

    answer_report(report_id=report.pk, user=registrar, confirmed=True, text="Так.", now=NOW)

    assert letters() == []


def test_report_is_answered_once_in_words_and_by_who_may_change_the_card():
    places = make_territories()
    registrar = make_official("registrar", places.poltavska)
    report = tell(make_provider())
    for stranger in (make_official("registrar", places.odeska), make_official("approver", places.poltavska)):
        with pytest.raises(PermissionDenied):
            answer_report(report_id=report.pk, user=stranger, confirmed=True, text="Так.", now=NOW)
    with pytest.raises(StepRefused):
        answer_report(report_id=report.pk, user=registrar, confirmed=True, text="  ", now=NOW)
    answer_report(report_id=report.pk, user=registrar, confirmed=True, text="Так.", now=NOW)
    with pytest.raises(StepRefused):
        answer_report(report_id=report.pk, user=registrar, confirmed=True, text="Ще.", now=NOW)


def test_domain_refuses_beyond_the_limit(settings):
    settings.MISTAKE_REPORTS_A_DAY = 1
    tell(make_provider())

    with pytest.raises(TooManyReportsError):
        tell(make_provider())


# --- the desk ------------------------------------------------------------------------------------------------------------


def desk(role, *units) -> Client:
    client = Client()
    client.force_login(make_official(role, *units))
    return client


def test_desk_lists_reports_of_the_own_territory_and_shows_no_address():
    places = make_territories()
    report = tell(make_provider(), text="<script>alert(1)</script> https://evil.example/x")
    page = reverse("desk_mistakes:report", args=[report.pk])
    found = {}
    for name, client in {
        "registrar": desk("registrar", places.poltavska),
        "approver": desk("approver", places.poltavska),
        "auditor": desk("auditor"),
        "administrator": desk("administrator"),
        "neighbour": desk("registrar", places.odeska),
    }.items():
        listed = client.get(reverse("desk_mistakes:index"))
        shown = client.get(page)
        assert READER not in listed.content.decode() + shown.content.decode()
        found[name] = (
            report.entry.number in listed.content.decode(),
            shown.status_code,
            'name="text"' in shown.content.decode(),
        )
        if shown.status_code == 200:
            assert "<script>alert(1)" not in shown.content.decode()
            assert 'href="https://evil.example' not in shown.content.decode()

    assert found == {
        "registrar": (True, 200, True),
        "approver": (True, 200, False),
        "auditor": (True, 200, False),
        "administrator": (True, 200, True),
        "neighbour": (False, 404, False),
    }


def test_desk_answers_a_report_and_tells_faults():
    places = make_territories()
    report = tell(make_provider())
    client = desk("registrar", places.poltavska)
    url = reverse("desk_mistakes:report", args=[report.pk])

    faulty = client.post(url, {"outcome": "answered", "text": ""})
    assert faulty.context["form"].errors.keys() == {"text"}
    assert client.post(url, {"outcome": "rejected", "text": "Картка правильна."}).status_code == 302
    report.refresh_from_db()
    assert (report.state, report.answer) == ("rejected", "Картка правильна.")
    again = client.post(url, {"outcome": "answered", "text": "Ще раз."})
    assert again.status_code == 200
    report.refresh_from_db()
    assert report.answer == "Картка правильна."


@pytest.mark.parametrize("item_count", [1, 3])
def test_lists_and_form_ask_the_same_number_of_questions(client, item_count, django_assert_num_queries):
    entries = [make_provider() for _number in range(item_count)]
    for number, entry in enumerate(entries):
        tell(entry, address=f"203.0.113.{number}")
    official = desk("registrar", make_territories().poltavska)
    official.get(reverse("desk_mistakes:index"))
    client.get("/registry/")

    with django_assert_num_queries(12):
        official.get(reverse("desk_mistakes:index"))
    with django_assert_num_queries(1):
        client.get(f"/registry/{entries[0].number}/report/")


def test_nothing_of_a_report_is_public_or_written_in_a_log(client, open_form, caplog):
    caplog.set_level(logging.DEBUG)
    entry = make_provider()
    send(client, entry, open_form(client, entry, text="Слово-маркер"))

    for path in ("", "history/", "extract.pdf", "report/", "report/thanks/"):
        content = client.get(f"/registry/{entry.number}/{path}").content.decode(errors="ignore")
        assert "Слово-маркер" not in content
        assert READER not in content
    for form in ("csv", "json"):
        exported = b"".join(client.get(f"/registry/export.{form}").streaming_content).decode()
        assert "Слово-маркер" not in exported
        assert READER not in exported
    assert READER not in caplog.text
    assert READER not in str(list(LogEntry.objects.values()))
    assert READER not in str(letters())


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("див. https://evil.example/x", "див. https[:]//evil[.]example/x"),
        ("www.EVIL.COM", "www[.]EVIL[.]COM"),
        ("a@b.com", "a@b[.]com"),
        ("Ціна 12.50, з 9.00 до 18.00.", "Ціна 12.50, з 9.00 до 18.00."),
        ("Речення. Ще одне.", "Речення. Ще одне."),
    ],
)
def test_strangers_words_make_no_link_in_a_letter(typed, said):
    assert unlinked(typed) == said
