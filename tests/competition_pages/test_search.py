"""Competitions in the search: found by what they order, brought up by their signal, gone when they end early."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from portal.kernel.models import OutboxMessage
from search import receivers
from search.engines.interface import Plan
from search.enums import Kind
from search.indexing import follow_competitions, lags_in_competitions, rebuild
from tests.factories.procurement import change, make_call, make_cancelled, make_published
from tests.search.indexes import live

__all__ = ["live"]
pytestmark = pytest.mark.django_db
NOW = timezone.now()
DAY = timedelta(days=1)


def found(engine) -> dict[str, dict]:
    return {hit.id: hit.data for hit in engine.search(Plan(kinds=(Kind.COMPETITION.value,))).hits}


def test_competition_is_found_with_its_place_and_address(live):
    one = make_published(now=NOW, title="Догляд вдома для двадцяти осіб")
    make_call(now=NOW)
    make_cancelled(now=NOW - 3 * DAY, title="Відмінений догляд")
    rebuild(live)

    assert list(found(live)) == [f"c-{one.number}"]
    page = Client().get("/search/?q=догляд").content.decode()
    assert one.title in page
    assert f"/competitions/{one.number}/" in page
    assert f"/en/competitions/{one.number}/" in Client().get("/en/search/?q=догляд").content.decode()


def test_step_of_a_competition_becomes_news_of_the_index(live, django_capture_on_commit_callbacks):
    rebuild(live)
    with django_capture_on_commit_callbacks(execute=True):
        one = make_published(now=NOW - DAY)
    message = OutboxMessage.objects.filter(kind=receivers.KIND, payload__competitions=[one.pk]).first()
    assert message is not None
    receivers.bring_up(message)
    assert found(live)[f"c-{one.number}"]["version"] == 1

    change(one, now=NOW, title="Інша назва конкурсу")
    follow_competitions(live, [one.pk])
    assert found(live)[f"c-{one.number}"]["title_uk"] == "Інша назва конкурсу"
    assert found(live)[f"c-{one.number}"]["version"] == 2


def test_lost_news_are_noticed_and_mended(live):
    rebuild(live)
    assert not lags_in_competitions(live)
    one = make_published(now=NOW)

    assert lags_in_competitions(live)
    follow_competitions(live)
    assert not lags_in_competitions(live)
    assert list(found(live)) == [f"c-{one.number}"]


def test_cancelled_competition_leaves_the_index(live):
    one = make_cancelled(now=NOW - 3 * DAY)
    rebuild(live)
    follow_competitions(live, [one.pk])

    assert found(live) == {}
