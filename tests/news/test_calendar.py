"""Dates of competitions as a calendar: read by a library, the same entries after every move, reasons as on the page."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.test import Client
from icalendar import Calendar

from procurement.domain.calls.timeline import timeline
from tests.factories import procurement
from tests.factories.registry import make_catalogue, make_territories
from tests.news.announcing import CLOSES, LATER, NOW, WEEK, call_off, change, extend, make_announced
from tests.news.test_alert_news import make_alert, send

pytestmark = [pytest.mark.django_db, pytest.mark.databases]


@pytest.fixture
def competition():
    return make_announced()


def fetch(client: Client, address: str):
    """Return the calendar as a program reads it."""
    response = client.get(address)
    assert response.status_code == 200, address
    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    return Calendar.from_ical(response.content)


def entries(client: Client, competition, prefix=""):
    calendar = fetch(client, f"{prefix}/competitions/{competition.number}/calendar.ics")
    return {str(event["uid"]).split("@")[0].removeprefix(f"{competition.number}-"): event for event in calendar.events}


def test_calendar_holds_every_date_with_its_reasons_as_the_page_has_them(client: Client, competition):
    events = entries(client, competition)

    lines = {line.point: line for line in timeline(competition, NOW) if line.typed is not None}
    assert events.keys() == lines.keys()
    for point, event in events.items():
        line = lines[point]
        assert event["dtstart"].dt == line.typed
        for said in (*line.why, *line.citations, competition.number, f"/competitions/{competition.number}/"):
            assert said in event["description"]
    closing = events["closes_at"]
    assert closing["dtstart"].dt == CLOSES
    assert closing["dtstart"].params["TZID"] == "Europe/Kyiv"
    assert (closing["sequence"], closing["status"]) == (0, "CONFIRMED")
    assert type(events["award_on"]["dtstart"].dt) is date
    assert closing["dtstamp"].dt == closing["last-modified"].dt == NOW


def test_moved_deadline_moves_the_entry_of_a_subscriber_and_sends_one_letter(client: Client, competition):
    make_alert(competition=competition)
    before = entries(client, competition)

    extend(competition)

    after = entries(client, competition)
    assert after.keys() == before.keys()
    assert after["closes_at"]["uid"] == before["closes_at"]["uid"]
    assert after["closes_at"]["dtstart"].dt == CLOSES + WEEK
    assert after["closes_at"]["sequence"] > before["closes_at"]["sequence"]
    assert after["closes_at"]["dtstamp"].dt == LATER
    (letter,) = send()
    stop = letter.extra_headers["List-Unsubscribe"].strip("<>").partition("/alerts/")[2]
    assert client.post(f"/alerts/{stop}").status_code == 200
    extend(procurement.Competition.objects.get(pk=competition.pk), now=LATER + timedelta(hours=1))
    assert send() == []


def test_change_that_moves_no_date_leaves_the_sequence(client: Client, competition):
    change(competition)

    assert entries(client, competition)["closes_at"]["sequence"] == 0


def test_cancelled_competition_cancels_what_was_still_to_come(client: Client, competition):
    call_off(competition)

    events = entries(client, competition)
    assert {point: str(event["status"]) for point, event in events.items()} == {
        point: "CONFIRMED" if point in {"order_decided_on", "published_at", "opens_at"} else "CANCELLED"
        for point in events
    }
    assert events["closes_at"]["sequence"] == 1
    assert "Змінився бюджет." in events["closes_at"]["description"]


def test_file_keeps_to_the_letter_of_the_standard(client: Client, competition):
    change(competition, title="Догляд вдома; «Турбота», " + "дуже довга назва " * 12 + "\\ кінець")

    written = client.get(f"/competitions/{competition.number}/calendar.ics").content

    lines = written.split(b"\r\n")
    assert lines[-1] == b""
    assert not any(b"\n" in line or b"\r" in line for line in lines)
    assert max(map(len, lines)) <= 75
    for line in lines:
        line.decode()
    for name in (b"METHOD:PUBLISH", b"VERSION:2.0", b"BEGIN:VTIMEZONE", b"REFRESH-INTERVAL;VALUE=DURATION:PT1H"):
        assert name in lines
    unfolded = written.replace(b"\r\n ", b"").decode()
    assert "Догляд вдома\\; «Турбота»\\," in unfolded
    competition.refresh_from_db()
    (event,) = [one for one in Calendar.from_ical(written).events if "closes_at" in one["uid"]]
    assert competition.title in event["summary"]


def test_clock_that_moves_forward_and_back_is_told_in_the_file(client: Client):
    # summer time begins on 28 March 2027 in Kyiv
    competition = make_announced(service_from=date(2027, 6, 1), service_to=date(2027, 12, 31))
    extend(competition, timedelta(days=30))

    event = entries(client, competition)["closes_at"]
    assert event["dtstart"].dt.astimezone(UTC) == CLOSES + timedelta(days=30)
    assert event["dtstart"].dt.utcoffset() == timedelta(hours=3)
    zone = fetch(client, f"/competitions/{competition.number}/calendar.ics").timezones[0].to_tz()
    assert datetime(2027, 4, 1, tzinfo=zone).utcoffset() == timedelta(hours=3)
    assert datetime(2027, 2, 1, tzinfo=zone).utcoffset() == timedelta(hours=2)


def test_calendar_speaks_english_and_keeps_its_identifiers(client: Client, competition):
    ukrainian, english = entries(client, competition), entries(client, competition, "/en")

    assert ukrainian["closes_at"]["uid"] == english["closes_at"]["uid"]
    assert english["closes_at"]["summary"].startswith("End of accepting proposals. ")


def test_calendar_of_all_takes_the_filter_of_the_list(client: Client, competition):
    places, words = make_territories(), make_catalogue()
    other = make_announced(hromada=places.odesa_hromada, service=words.shelter, group=None)

    def numbers(query):
        calendar = fetch(client, f"/competitions/calendar.ics?{query}")
        return {str(event["uid"])[:10] for event in calendar.events}

    assert numbers("") == {competition.number, other.number}
    assert numbers("service=shelter") == {other.number}
    assert numbers("group=older-people") == {competition.number}
    assert numbers(f"oblast={places.odeska.code}") == {other.number}
    assert numbers(f"hromada={places.dykanska.code}") == {competition.number}
    assert numbers("phase=void") == set()
    assert numbers("service=nonsense&oblast=UA99") == {competition.number, other.number}


def test_draft_has_no_calendar(client: Client):
    draft = procurement.make_call()

    assert client.get(f"/competitions/{draft.pk}/calendar.ics").status_code == 404
    assert client.get("/competitions/2020-00001/calendar.ics").status_code == 404
    assert client.get("/competitions/%00/calendar.ics").status_code == 404
    assert not fetch(client, "/competitions/calendar.ics").events


def test_program_that_has_the_file_is_not_sent_it_again(client: Client, competition):
    address = f"/competitions/{competition.number}/calendar.ics"
    tag = client.get(address)["ETag"]

    again = client.get(address, headers={"If-None-Match": tag})
    extend(competition)
    moved = client.get(address, headers={"If-None-Match": tag})

    assert (again.status_code, again.content) == (304, b"")
    assert moved.status_code == 200


@pytest.mark.parametrize("item_count", [1, 3])
def test_calendar_asks_the_same_number_of_questions(client: Client, item_count, django_assert_num_queries):
    for _ in range(item_count):
        extend(make_announced())
    client.get("/competitions/calendar.ics")

    with django_assert_num_queries(3):
        client.get("/competitions/calendar.ics")
