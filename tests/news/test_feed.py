"""The Atom feed: an entry for each step, its identifier the same for ever, narrowed as the list is."""

from datetime import timedelta
from xml.etree import ElementTree as ET

import pytest
from django.test import Client

from tests.factories import procurement
from tests.factories.registry import make_catalogue, make_territories
from tests.news.announcing import CLOSES, LATER, call_off, change, extend, make_announced

pytestmark = [pytest.mark.django_db, pytest.mark.databases]

ATOM = {"a": "http://www.w3.org/2005/Atom"}


@pytest.fixture
def competition():
    return make_announced()


def fetch(client: Client, query="", prefix=""):
    response = client.get(f"{prefix}/competitions/feed.atom{query}")
    assert response.status_code == 200
    assert response["Content-Type"] == "application/atom+xml; charset=utf-8"
    return ET.fromstring(response.content)


def entries(client: Client, query="", prefix=""):
    return fetch(client, query, prefix).findall("a:entry", ATOM)


def ids(found):
    return [entry.findtext("a:id", namespaces=ATOM).rpartition("competitions/")[2] for entry in found]


def test_every_step_is_an_entry_the_newest_first(client: Client, competition):
    change(competition)
    extend(competition, now=LATER + timedelta(hours=1))
    call_off(competition, LATER + timedelta(hours=2))

    found = entries(client, prefix="/en")

    number = competition.number
    assert ids(found) == [f"{number}/cancel", f"{number}/v3", f"{number}/v2", f"{number}/v1"]
    titles = [entry.findtext("a:title", namespaces=ATOM) for entry in found]
    assert titles == [
        f"Competition № {number} is cancelled: {competition.title}",
        f"Competition № {number} is extended: {competition.title}",
        f"Competition № {number} has changed: {competition.title}",
        f"Competition № {number} is announced: {competition.title}",
    ]
    cancelled, extended, changed, announced = (entry.findtext("a:summary", namespaces=ATOM) for entry in found)
    assert "Змінився бюджет." in cancelled
    assert "8 March 2027, 18:00 (was: 1 March 2027, 18:00)" in extended
    assert "Уточнено за запитаннями учасників." in changed
    assert "1 March 2027, 18:00" in announced


def test_entry_has_all_that_the_standard_asks_for(client: Client, competition):
    feed = fetch(client)

    for name in ("id", "title", "updated", "author/a:name"):
        assert feed.findtext(f"a:{name}", namespaces=ATOM), name
    assert feed.find("a:link[@rel='self']", ATOM).get("href").endswith("/competitions/feed.atom")
    (entry,) = feed.findall("a:entry", ATOM)
    assert entry.findtext("a:id", namespaces=ATOM).startswith("tag:127.0.0.1,2027-01-20:competitions/")
    assert entry.findtext("a:updated", namespaces=ATOM).startswith("2027-01-20T")
    assert entry.find("a:link[@rel='alternate']", ATOM).get("href").endswith(f"/competitions/{competition.number}/")
    assert entry.find("a:category", ATOM).get("term") == "Догляд вдома"
    assert entry.findtext("a:author/a:name", namespaces=ATOM) == str(competition.commissioner)


def test_opening_is_an_entry(client: Client, competition):
    competition.state, competition.closed_at, competition.opened_at = "opened", CLOSES, CLOSES
    competition.save()

    assert ids(entries(client))[0] == f"{competition.number}/open"


def test_feed_takes_the_filter_of_the_list(client: Client, competition):
    places, words = make_territories(), make_catalogue()
    other = make_announced(hromada=places.odesa_hromada, service=words.shelter, group=None)

    assert ids(entries(client, "?service=shelter")) == [f"{other.number}/v1"]
    assert ids(entries(client, "?group=older-people")) == [f"{competition.number}/v1"]
    assert ids(entries(client, f"?oblast={places.odeska.code}")) == [f"{other.number}/v1"]
    assert ids(entries(client, f"?hromada={places.dykanska.code}")) == [f"{competition.number}/v1"]
    assert len(entries(client, "?service=nonsense")) == 2
    own = fetch(client, "?service=shelter&page=7").find("a:link[@rel='self']", ATOM).get("href")
    assert own.endswith("/competitions/feed.atom?service=shelter")


def test_words_of_officials_are_escaped(client: Client, competition):
    change(competition, title="Догляд <b>вдома</b> & «турбота»")

    entry = entries(client)[0]

    assert "Догляд <b>вдома</b> & «турбота»" in entry.findtext("a:title", namespaces=ATOM)
    assert "<b>" not in entry.findtext("a:summary", namespaces=ATOM)


def test_draft_is_no_news_and_an_empty_feed_does_not_change(client: Client):
    procurement.make_call()

    first, second = (client.get("/competitions/feed.atom") for _time in range(2))

    assert first.content == second.content
    assert ids(entries(client)) == []


def test_program_that_has_the_feed_is_not_sent_it_again(client: Client, competition):
    tag = client.get("/competitions/feed.atom")["ETag"]
    again = client.get("/competitions/feed.atom", headers={"If-None-Match": tag})
    change(competition)
    changed = client.get("/competitions/feed.atom", headers={"If-None-Match": tag})

    assert (again.status_code, again.content) == (304, b"")
    assert changed.status_code == 200


@pytest.mark.parametrize("item_count", [1, 3])
def test_feed_asks_the_same_number_of_questions(client: Client, item_count, django_assert_num_queries):
    for _ in range(item_count):
        call_off(extend(make_announced()), LATER + timedelta(hours=1))
    client.get("/competitions/feed.atom")

    with django_assert_num_queries(7):
        client.get("/competitions/feed.atom")
