"""The timetable of a call: saved when lawful, refused by the rule that breaks, never losing what was typed."""

from datetime import timedelta

import pytest
from django.utils import timezone

from portal.kernel.calendar import KYIV, day_of
from tests.commissioning.calling import dates, post, url
from tests.factories.procurement import make_call
from tests.factories.rule_profiles import make_profile

pytestmark = pytest.mark.django_db


def test_lawful_timetable_is_saved(office, draft):
    typed = dates(closes_at=timezone.now() + timedelta(days=15))

    answer = post(office, draft, "timetable/", typed)

    draft.refresh_from_db()
    assert answer.url == url(draft)
    assert draft.closes_at.astimezone(KYIV).strftime("%Y-%m-%dT%H:%M") == typed["closes_at"]


def test_infeasible_timetable_is_refused_naming_the_first_rule_and_nothing_typed_is_lost(office):
    make_profile(proposals_window=30, results_publication=5)
    draft = make_call(user=office.official, now=office.now, closes_in=timedelta(days=40))
    before = draft.closes_at
    typed = dates(closes_at=office.now + timedelta(days=20), results_on=day_of(office.now) + timedelta(days=90))

    answer = post(office, draft, "timetable/", typed)

    assert answer.status_code == 422
    (refusal,) = answer.context["form"].non_field_errors()
    assert "п. 7" in refusal
    assert "30" in refusal
    broken = [row.field.name for row in answer.context["rows"] if row.broken]
    assert broken[0] == "closes_at"
    content = answer.content.decode()
    assert all(value in content for value in typed.values())
    draft.refresh_from_db()
    assert draft.closes_at == before


def test_dates_out_of_their_natural_order_are_refused(office, draft):
    answer = post(office, draft, "timetable/", dates(opening_at=timezone.now() + timedelta(days=2)))

    assert answer.status_code == 422
    assert answer.context["form"].non_field_errors()


def test_unreadable_date_is_refused_beside_its_field_and_stays(office, draft):
    answer = post(office, draft, "timetable/", dates() | {"closes_at": "завтра", "award_on": "31.02.2027"})

    assert answer.context["form"].errors.keys() == {"closes_at", "award_on"}
    assert "завтра" in answer.content.decode()


def test_unset_term_is_said_to_be_unset_and_binds_nothing(office, draft):
    page = office.client.get(url(draft, "timetable/"))

    unknown = [row.field.name for row in page.context["rows"] if row.unknown]
    assert "closes_at" in unknown
    assert not any(row.broken for row in page.context["rows"])


def test_windows_say_from_what_day_to_what_day_and_why(office):
    make_profile(proposals_window=30)
    draft = make_call(user=office.official, now=office.now, closes_in=timedelta(days=40), questions_until=None)

    page = office.client.get(url(draft, "timetable/"))

    row = next(row for row in page.context["rows"] if row.field.name == "closes_at")
    assert row.earliest
    assert "п. 7" in row.why_earliest[-1].sentence
    assert row.earliest in page.content.decode()


def test_counting_fills_empty_dates_alone_and_saves_nothing(office, bare):
    make_profile(proposals_window=30)
    draft = make_call(user=office.official, now=office.now, closes_in=timedelta(days=40), closes_at=None)
    typed = {"count": "1", "award_on": "2030-05-05", "opening_at": "не дата"}

    page = post(office, draft, "timetable/", typed)

    assert page.status_code == 200
    form = page.context["form"]
    assert form["closes_at"].value().startswith((day_of(timezone.now()) + timedelta(days=30)).isoformat())
    assert (form["award_on"].value(), form["opening_at"].value()) == ("2030-05-05", "не дата")
    assert "closes_at" in page.context["made"]
    draft.refresh_from_db()
    assert draft.closes_at is None


def test_counting_without_terms_says_that_nothing_follows(office, bare):
    page = post(office, bare, "timetable/", {"count": "1"})

    assert page.context["made"] == set()
    assert page.context["counted"]
