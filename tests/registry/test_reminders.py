"""Letters that ask whether a card is right: sent once for each step, answered once by a link that is in the letter alone."""

import re
from datetime import UTC, date, datetime, timedelta

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone

from portal.kernel.models import LogEntry, OutboxMessage
from registry.domain.freshness import materialise_freshness
from registry.domain.records import ContactRecord, SiteRecord
from registry.domain.reminders import (
    LinkExpired,
    LinkUnknown,
    LinkUsed,
    answer_reminder,
    digest_of,
    forget_sent_links,
    new_token,
    reminder_of,
    send_reminders,
)
from registry.domain.standing import exclude_entry
from registry.enums import ReminderAnswer, Standing
from registry.models import EntryChange, MistakeReport, RegisterEntry, Reminder, Verification
from tests.factories.accounts import make_mandate, make_official, make_person
from tests.factories.freshness import make_rule, make_speaker
from tests.factories.registry import NOW, REGISTRAR, make_carer, make_provider, make_territories

pytestmark = [pytest.mark.django_db, pytest.mark.databases]
DAY = timedelta(days=1)
LINK = re.compile(rf"{re.escape(settings.PORTAL_BASE_URL.rstrip('/'))}(/registry/confirm/[^/\s\"]+/)")


def letters():
    return list(OutboxMessage.objects.filter(kind="mail").order_by("pk"))


def recipients():
    return sorted(address for letter in letters() for address in letter.payload["to"])


def run(now):
    materialise_freshness(now=now)
    return send_reminders(now=now)


def link():
    return LINK.search(letters()[-1].payload["text"])[1]


def token():
    return link().split("/")[-2]


def page_of(response):
    return " ".join(response.content.decode().replace("&nbsp;", " ").replace("\xa0", " ").split())


@pytest.fixture
def asked():
    """Return a provider who was asked yesterday, by today's clock."""
    make_rule()
    today = timezone.localdate()
    then = datetime(today.year, today.month, today.day, 9, tzinfo=UTC) - 200 * DAY
    entry = make_provider(now=then, included_on=then.date())
    run(timezone.now() - DAY)
    return entry


# --- asking ------------------------------------------------------------------------------------------------------------


def test_provider_is_asked_once_when_due_and_once_more_when_overdue():
    make_rule()
    entry = make_provider()

    sent = [run(NOW + days * DAY) for days in (100, 179, 181, 200, 241, 250, 310, 400)]

    assert sent == [0, 0, 1, 0, 1, 0, 0, 0]
    assert list(Reminder.objects.order_by("pk").values_list("about", flat=True)) == [
        "2026-11-22:due",
        "2026-11-22:overdue",
    ]
    assert recipients() == ["cnsp@example.org"] * 2
    assert entry.organisation.name in letters()[0].payload["text"]


def test_people_with_a_mandate_are_asked_each_by_a_letter_of_their_own():
    make_rule()
    entry = make_provider()
    first, second, gone = make_speaker(entry), make_speaker(entry), make_person()
    make_mandate(first, entry.organisation, "signatory")
    make_mandate(gone, entry.organisation, valid_to=date(2026, 12, 1))

    run(NOW + 181 * DAY)

    assert [letter.payload["to"] for letter in letters()] == [[first.email], [second.email]]
    assert Reminder.objects.count() == 1


def test_nobody_is_asked_about_what_has_no_public_card_or_address():
    make_rule()
    carer = make_carer(contacts=[ContactRecord("email", "carer@example.org")])
    make_provider(contacts=[ContactRecord("email", "private@example.org", private=True)])
    make_provider(contacts=[ContactRecord("email", "немає пошти")])
    make_provider(demo=True)
    gone = make_provider()
    exclude_entry(entry_id=gone.pk, actor=REGISTRAR, ground="заява", now=NOW)

    assert run(NOW + 181 * DAY) == 0
    assert (letters(), Reminder.objects.count(), carer.is_open) == ([], 0, False)


def test_letter_has_both_parts_and_nothing_private(asked):
    letter = letters()[-1].payload

    assert LINK.search(letter["text"])[1] == LINK.search(letter["html"])[1]
    assert "38500" not in letter["text"] + letter["html"]
    assert digest_of(token()) == Reminder.objects.get().token_digest
    assert token() not in str(list(Reminder.objects.values()))


def test_sent_letters_with_links_leave_the_outbox_after_a_day(asked):
    now = timezone.now()
    OutboxMessage.objects.update(sent_at=now - DAY / 2)
    assert forget_sent_links(now=now) == 0

    assert forget_sent_links(now=now + DAY) == 1
    assert letters() == []


@pytest.mark.parametrize("item_count", [1, 3])
def test_nothing_is_asked_of_the_database_for_each_card_asked_before(item_count, django_assert_num_queries):
    make_rule()
    for _ in range(item_count):
        make_provider()
    assert run(NOW + 181 * DAY) == item_count

    with django_assert_num_queries(1):
        send_reminders(now=NOW + 182 * DAY)


# --- the link ----------------------------------------------------------------------------------------------------------


def test_looking_at_the_link_changes_nothing(client: Client, asked):
    before = (LogEntry.objects.count(), EntryChange.objects.count(), OutboxMessage.objects.count())

    for method in (client.get, client.head, client.get):
        assert method(link()).status_code == 200

    assert (LogEntry.objects.count(), EntryChange.objects.count(), OutboxMessage.objects.count()) == before
    assert (Reminder.objects.get().answer, Verification.objects.count()) == ("", 0)


def test_link_of_yesterday_confirms_the_card_without_signing_in(asked):
    client = Client(enforce_csrf_checks=True)
    page = client.get(f"/en{link()}")
    assert asked.organisation.name in page_of(page)
    assert (page["Referrer-Policy"], page["X-Robots-Tag"]) == ("same-origin", "noindex, nofollow")
    assert "no-store" in page["Cache-Control"]

    data = {"answer": "right", "csrfmiddlewaretoken": page.context["csrf_token"]}
    answered = client.post(f"/en{link()}", data)

    assert (answered.status_code, answered["Location"]) == (302, f"/en{link()}")
    asked.refresh_from_db()
    assert (asked.verified_on, asked.freshness) == (timezone.localdate(), "fresh")
    assert Verification.objects.values_list("method", "actor_role", "by").get() == ("link", "provider", None)
    assert "all is right" in page_of(client.get(answered["Location"]))
    card = page_of(client.get(f"/en/registry/{asked.number}/"))
    assert "Confirmed by the provider on" in card
    assert MistakeReport.objects.count() == 0


def test_used_link_works_no_second_time(client: Client, asked):
    client.post(link(), {"answer": "right"})
    client.post(link(), {"answer": "closed"})

    assert (Reminder.objects.get().answer, Verification.objects.count(), MistakeReport.objects.count()) == (
        "right",
        1,
        0,
    )
    assert "A link works once." in page_of(client.get(f"/en{link()}"))
    with pytest.raises(LinkUsed):
        answer_reminder(token=token(), answer=ReminderAnswer.CHANGED, now=timezone.now())


def test_expired_link_says_so_and_offers_the_way_on(client: Client, asked):
    Reminder.objects.update(expires_at=timezone.now())

    response = client.get(f"/en{link()}")
    posted = client.post(link(), {"answer": "right"})

    page = page_of(response)
    assert (response.status_code, posted.status_code, Verification.objects.count()) == (410, 410, 0)
    assert "The time in which this link worked is over." in page
    assert 'href="/en/cabinet/"' in page
    assert f'href="/en/registry/{asked.number}/"' in page


@pytest.mark.parametrize(
    "forge", [lambda token: token[:-1], lambda token: f"{token}x", lambda _: new_token(), lambda _: "x"]
)
def test_forged_link_is_unknown(client: Client, asked, forge):
    forged = forge(token())

    response = client.get(f"/en/registry/confirm/{forged}/")
    posted = client.post(f"/registry/confirm/{forged}/", {"answer": "right"})

    assert (response.status_code, posted.status_code, Verification.objects.count()) == (404, 404, 0)
    assert "This link is not whole or was never sent." in page_of(response)
    with pytest.raises(LinkUnknown):
        reminder_of(forged, now=timezone.now())


def test_link_lives_as_long_as_the_settings_say(asked):
    end = Reminder.objects.get().sent_at + settings.REMINDER_LIFE

    assert reminder_of(token(), now=end - DAY / 1000)
    with pytest.raises(LinkExpired):
        reminder_of(token(), now=end)


def test_post_from_the_page_of_another_host_is_refused(asked):
    visitor = Client(enforce_csrf_checks=True)

    for said in ({"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://elsewhere.example"}):
        assert visitor.post(link(), {"answer": "right"}, headers=said).status_code == 403
    assert Verification.objects.count() == 0


# --- the other answers -------------------------------------------------------------------------------------------------


def test_changed_tells_the_registrars_and_leads_to_the_cabinet(client: Client, asked):
    registrar, elsewhere = make_official("registrar", make_territories().poltavska), None
    elsewhere = make_official("registrar", make_territories().odeska)

    response = client.post(f"/en{link()}", {"answer": "changed"}, follow=True)

    page = page_of(response)
    assert "something has changed" in page
    assert 'href="/en/cabinet/"' in page
    asked.refresh_from_db()
    assert (asked.verified_on, Verification.objects.count()) == (None, 0)
    assert MistakeReport.objects.values_list("entry", "about", "state", "email").get() == (asked.pk, "other", "new", "")
    told = [letter.payload["to"] for letter in letters() if letter.key.startswith("registry:answered:")]
    assert told == [[registrar.email]]
    assert elsewhere.email not in recipients()


def test_closed_shows_on_the_card_and_changes_no_standing(client: Client, asked):
    make_official("registrar", make_territories().poltavska)
    until = timezone.localdate() + 30 * DAY

    client.post(link(), {"answer": "closed", "until": until.isoformat(), "note": "Ремонт даху"})

    asked.refresh_from_db()
    assert (asked.standing, asked.verified_on) == (Standing.INCLUDED, None)
    page = page_of(client.get(f"/en/registry/{asked.number}/"))
    assert re.search(r"The provider said on .{1,30} that it is closed for now\.", page)
    assert "Its standing in the register has not changed." in page
    assert "Ремонт даху" not in page
    report = MistakeReport.objects.get()
    assert (report.about, report.text.splitlines()[-1]) == ("closed", "Ремонт даху")
    assert "Ремонт даху" not in str(list(LogEntry.objects.values_list("payload")))


def test_closed_is_over_when_its_day_passes_or_the_card_is_confirmed(client: Client, asked):
    answer_reminder(
        token=token(), answer=ReminderAnswer.CLOSED, until=timezone.localdate() - DAY, now=timezone.now() - 2 * DAY / 24
    )
    assert "closed for now" not in page_of(client.get(f"/en/registry/{asked.number}/"))

    Reminder.objects.update(answer="", answered_at=None)
    answer_reminder(token=token(), answer=ReminderAnswer.CLOSED, now=timezone.now() - 2 * DAY / 24)
    assert "closed for now" in page_of(client.get(f"/en/registry/{asked.number}/"))

    speaker = make_speaker(asked)
    client.force_login(speaker)
    client.post(f"/cabinet/confirm/{asked.number}/")
    assert "closed for now" not in page_of(client.get(f"/en/registry/{asked.number}/"))
    assert Verification.objects.get().method == "cabinet"


@pytest.mark.parametrize("day", ["2020-01-01", "вчора", "31.02.2027"])
def test_faulty_day_is_told_beside_the_field_and_nothing_is_lost(client: Client, asked, day):
    response = client.post(f"/en{link()}", {"answer": "closed", "until": day, "note": "Ремонт даху"})

    page = page_of(response)
    assert response.status_code == 422
    assert 'href="#f-until"' in page
    assert 'id="f-until_error"' in page
    assert "Ремонт даху" in page
    assert f'value="{day}"' in page
    assert (Reminder.objects.get().answer, MistakeReport.objects.count()) == ("", 0)


def test_unknown_answer_changes_nothing(client: Client, asked):
    assert client.post(link(), {"answer": "maybe"}).status_code == 422
    assert Reminder.objects.get().answer == ""


def test_provider_excluded_meanwhile_confirms_nothing(client: Client, asked):
    exclude_entry(entry_id=asked.pk, actor=REGISTRAR, ground="заява", now=timezone.now())

    assert "no longer in the register" in page_of(client.get(f"/en{link()}"))
    assert client.post(link(), {"answer": "right"}).status_code == 409
    assert Verification.objects.count() == 0


def test_confirm_page_shows_no_confidential_address_and_no_private_contact(client: Client):
    make_rule()
    places = make_territories()
    site = SiteRecord(
        hromada_id=places.dykanska.pk, oblast_id=places.poltavska.pk, street="вул. Прихована", confidential=True
    )
    contacts = [ContactRecord("email", "open@example.org"), ContactRecord("phone", "+380500000001", private=True)]
    today = timezone.localdate()
    make_provider(included_on=today - 200 * DAY, now=timezone.now() - 200 * DAY, sites=[site], contacts=contacts)
    run(timezone.now())

    page = page_of(client.get(f"/en{link()}"))

    assert "Прихована" not in page
    assert "380500000001" not in page
    assert "Диканська громада" in page
    assert "Прихована" not in str([letter.payload for letter in letters()])


def test_stranger_does_not_confirm_in_the_cabinet(client: Client, asked):
    address = f"/cabinet/confirm/{asked.number}/"
    assert client.get(address).status_code == 302

    client.force_login(make_person())

    assert (client.get(address).status_code, client.post(address).status_code) == (404, 404)
    assert RegisterEntry.objects.get(pk=asked.pk).verified_on is None
