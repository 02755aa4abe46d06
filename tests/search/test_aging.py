"""The search and the age of cards: the same order of events on the page, in the list and in the search."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from registry.domain.availability import report_availability
from registry.domain.evidence import ServiceStep, record_services
from registry.domain.freshness import PROVIDER, confirm_entry, materialise_freshness
from registry.domain.providers import Actor
from registry.domain.records import ServiceRecord
from registry.enums import ServiceStanding, VerificationMethod
from registry.models import RegisterEntry, Service
from search.indexing import follow, rebuild
from tests.factories.freshness import make_rule, make_speaker
from tests.factories.registry import NOW, REGISTRAR, make_catalogue, make_provider

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def words_of(response):
    assert response.status_code == 200
    return " ".join(response.content.decode().replace("&nbsp;", " ").replace("\xa0", " ").split())


def found(client, words="догляд вдома"):
    """Return the numbers of the providers found, in their order, and whether they are full answers."""
    answer = client.get("/api/v1/search", {"q": words}).json()
    return [one["data"]["number"] for one in answer["results"]]


def test_card_ages_from_fresh_to_hidden_on_its_page_in_the_list_and_in_the_search(client: Client, live):
    make_rule()
    now = timezone.now()
    day = timezone.localdate(now)
    # the same facts, so that only what people said tells the two apart
    entry = make_provider(now=NOW, verified_on=day)
    other = make_provider(now=NOW, verified_on=day)
    rebuild(live)
    marks = ("not confirmed in time", "long unconfirmed", "not confirmed, out of the search")

    def look(days):
        """Let so many days pass for one card since it was confirmed; the other one is confirmed today."""
        RegisterEntry.objects.filter(pk=entry.pk).update(verified_on=day - days * DAY)
        call_command("run_due", "--now", now.isoformat())
        follow(live, now)
        page = words_of(client.get(f"/en/registry/{entry.number}/"))
        listed = words_of(client.get("/en/registry/"))
        assert "2 providers found" in listed
        state = RegisterEntry.objects.get(pk=entry.pk).freshness
        return {
            "state": state,
            "warned": "call before you go" in page,
            "list": [mark for mark in marks if mark in listed],
            "found": found(client),
        }

    fresh, due, overdue, lowered, hidden = (look(days) for days in (0, 200, 250, 310, 400))

    assert (fresh["state"], fresh["warned"], fresh["list"], set(fresh["found"])) == (
        "fresh",
        False,
        [],
        {entry.number, other.number},
    )
    assert (due["state"], due["warned"], due["list"], due["found"]) == ("due", False, [], fresh["found"])
    assert (overdue["state"], overdue["warned"], overdue["list"]) == ("overdue", True, ["not confirmed in time"])
    assert (lowered["state"], lowered["warned"], lowered["list"]) == ("lowered", True, ["long unconfirmed"])
    assert overdue["found"] == lowered["found"] == [other.number, entry.number]
    assert hidden == {
        "state": "hidden",
        "warned": True,
        "list": ["not confirmed, out of the search"],
        "found": [other.number],
    }
    assert "Therefore the search does not find this card any more" in words_of(
        client.get(f"/en/registry/{entry.number}/")
    )

    confirm_entry(entry_id=entry.pk, actor=Actor(None, PROVIDER), method=VerificationMethod.LINK, note="лист", now=now)
    follow(live, now)
    assert set(found(client)) == {entry.number, other.number}


def test_lowered_card_with_more_facts_comes_after_one_with_fewer(client: Client, live):
    make_rule()
    full = make_provider(now=NOW)
    fewer = make_provider(now=NOW)
    Service.objects.filter(entry=fewer).update(price_mode="unknown", capacity=None, capacity_on=None)
    rebuild(live)
    assert found(client) == [full.number, fewer.number]

    RegisterEntry.objects.filter(pk=full.pk).update(freshness="lowered")
    rebuild(live)

    assert found(client) == [fewer.number, full.number]


def test_search_line_says_when_it_was_confirmed_and_marks_what_is_old(client: Client, live):
    make_rule()
    now = timezone.now()
    day = timezone.localdate(now) - 310 * DAY
    make_provider(now=datetime(day.year, day.month, day.day, tzinfo=UTC), included_on=day)
    materialise_freshness(now=now)
    rebuild(live)

    page = words_of(client.get("/en/search/", {"q": "догляд вдома"}))

    assert "long unconfirmed" in page
    assert "Nobody has confirmed these data since" in page


def test_free_places_are_on_the_line_until_the_word_lapses(client: Client, live):
    make_rule()
    entry = make_provider(now=NOW)
    service, person = Service.objects.get(entry=entry), make_speaker(entry)
    rebuild(live)

    def say(now):
        report_availability(
            service_id=service.pk, user=person, free_places=3, waiting=None, assessment_first=False, now=now
        )
        follow(live, now)
        return words_of(client.get("/en/search/", {"q": "догляд вдома"}))

    page = say(timezone.now())
    data = client.get("/api/v1/search", {"q": "догляд вдома"}).json()["results"][0]["data"]
    old = say(timezone.now() - 20 * DAY)

    assert "<b>3 free places</b>" in page
    assert data["availability"]["free_places"] == 3
    assert data["availability"]["reported_at"] == timezone.localdate().isoformat()
    assert "reported_by" not in data["availability"]
    assert "3 free places" not in old
    assert "which is too long ago" in old


def test_suspended_service_is_not_found_and_the_others_keep_their_keys(client: Client, live):
    words = make_catalogue()
    entry = make_provider(now=NOW, services=[ServiceRecord(words.shelter.pk), ServiceRecord(words.home_care.pk)])
    rebuild(live)
    service = Service.objects.select_related("service_type").get(entry=entry, service_type=words.shelter)

    step = ServiceStep(service, ServiceStanding.SUSPENDED, "порушення")
    record_services(RegisterEntry.objects.get(pk=entry.pk), [step], actor=REGISTRAR, now=NOW)
    follow(live, NOW)

    kinds = {data["id"]: data.get("service") for data in live.everything() if data.get("kind") == "service"}
    assert kinds == {f"s-{entry.number}-2": "home-care"}
    (provider,) = [data for data in live.everything() if data.get("kind") == "provider"]
    assert provider["services"] == ["home-care"]
    assert found(client, "притулок") == []
