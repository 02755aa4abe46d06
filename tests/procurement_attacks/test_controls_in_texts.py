"""Invisible characters and line breaks in what officials write: no channel breaks, none carries them into its frame."""

from datetime import timedelta
from xml.etree import ElementTree as ET

import pytest
from django.test import Client
from django.utils import timezone

from portal.kernel.models import OutboxMessage
from procurement.notifications import note_competition_step
from tests.factories.procurement import change, make_published

pytestmark = pytest.mark.django_db
BAD = "Догляд\x08 вдома\x0b\x1f\ufffe\r\nBCC: evil@example.org\nEND:VEVENT"


@pytest.fixture
def competition():
    now = timezone.now()
    made = make_published(title=BAD, requirements=BAD, contact_name=BAD, now=now - timedelta(days=1))
    return change(made, now=now, documents_note=BAD)


@pytest.mark.parametrize("path", ["", "notice.pdf", "calendar.ics", "versions/1/"])
def test_pages_and_papers_stay_whole(competition, path):
    answer = Client().get(f"/competitions/{competition.number}/{path}")

    assert answer.status_code == 200


def test_feed_stays_readable_for_everybody(competition):
    answer = Client().get("/competitions/feed.atom")

    assert answer.status_code == 200
    ET.fromstring(answer.content)


def test_calendar_has_no_entry_of_the_attacker(competition):
    lines = Client().get("/competitions/calendar.ics").content.decode().split("\r\n")

    assert not any(line.startswith(("BCC", "END:VEVENT ")) for line in lines)
    assert lines.count("BEGIN:VEVENT") == lines.count("END:VEVENT")
    assert not any(character in line for line in lines for character in "\x08\x0b\x1f\r\n")


def test_program_reads_the_competition(competition):
    assert Client().get(f"/api/v1/competitions/{competition.number}").status_code == 200


def test_line_break_in_a_title_makes_no_header_of_a_letter(competition):
    note_competition_step(competition=competition, step="close", now=timezone.now())

    assert all("\n" not in str(one.payload.get("subject", "")) for one in OutboxMessage.objects.all())
