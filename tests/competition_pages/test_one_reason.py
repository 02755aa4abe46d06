"""A date has one reason: page, API, calendar file and paper cite it in the same words."""

import html
import re

import icalendar
import pytest
from django.urls import reverse
from django.utils import timezone

from portal.kernel.models import Act, DeadlineRule
from procurement.domain.calls.timeline import timeline
from tests.competition_pages.test_notice import paper, text_of, told
from tests.factories.procurement import make_published
from tests.factories.rule_profiles import make_profile

pytestmark = pytest.mark.django_db
NOW = timezone.now()


@pytest.fixture
def competition(db):
    profile = make_profile(proposals_window=15, proposals_opening=(20, "calendar_days"), question_end=2)
    act = Act.objects.create(
        code="local", kind="local_decision", number="14/1", title="Порядок", issuer="Рішення виконавчого комітету"
    )
    DeadlineRule.objects.filter(profile=profile).update(act=act)
    return make_published(now=NOW)


def surfaces(client, competition) -> dict[str, str]:
    """Return what each surface says, without the spaces by which it breaks its lines and the capitals that begin them."""
    number = competition.number
    page = client.get(reverse("procurement:competition", args=[number])).content.decode()
    calendar = icalendar.Calendar.from_ical(
        client.get(reverse("procurement:competition_calendar", args=[number])).content
    )
    said = {
        "page": told(html.unescape(re.sub(r"<[^>]+>", " ", page))),
        "api": told(str(client.get(f"/api/v1/competitions/{number}").json())),
        "calendar": told(" ".join(str(event.get("DESCRIPTION")) for event in calendar.walk("VEVENT"))),
        "paper": told(text_of(paper(client, competition).content)),
    }
    return {name: text.lower() for name, text in said.items()}


def test_same_citation_stands_beside_a_date_everywhere(client, competition):
    cited = [(line.point, one) for line in timeline(competition, NOW) for one in line.citations]
    found = surfaces(client, competition)

    assert {"closes_at", "opening_at", "questions_until"} <= {point for point, _citation in cited}
    lacking = [(name, point) for name, text in found.items() for point, one in cited if told(one).lower() not in text]
    assert lacking == []


def test_same_reasons_stand_beside_a_date_everywhere(client, competition):
    reasons = [(line.point, one) for line in timeline(competition, NOW) for one in line.why]
    found = surfaces(client, competition)

    assert len(reasons) > 10
    lacking = [
        (name, point, one) for name, text in found.items() for point, one in reasons if told(one).lower() not in text
    ]
    assert lacking == []
