"""Decided competitions everywhere that lists, feeds, letters and programs tell of states."""

from datetime import timedelta
from xml.etree import ElementTree as ET

import pytest
from django.test import Client

from portal.kernel.models import OutboxMessage
from procurement.domain.calls import phases
from procurement.domain.calls.timeline import timeline
from procurement.domain.news.alert_news import bring_news
from procurement.domain.news.alerts import digest_of, stop_token
from procurement.enums import CompetitionState, RoundState
from procurement.models import Alert, Competition
from procurement.notifications import NEWS
from procurement.queries.competitions import public_competitions
from tests.factories.evaluation import make_opened, make_round
from tests.factories.ordering import NOW
from tests.results_pages.decided import (
    answer_appeal,
    decide,
    decide_again,
    make_appeal,
    make_decided,
    make_left,
    make_reopened,
)

pytestmark = pytest.mark.django_db
ATOM = {"a": "http://www.w3.org/2005/Atom"}
DAY = timedelta(days=1)


def entries(client):
    feed = ET.fromstring(client.get("/en/competitions/feed.atom").content)
    return [
        (
            entry.findtext("a:id", namespaces=ATOM).rpartition("/")[2],
            entry.findtext("a:title", namespaces=ATOM),
            entry.findtext("a:summary", namespaces=ATOM),
            entry.find("a:link[@rel='alternate']", ATOM).get("href"),
        )
        for entry in feed.findall("a:entry", ATOM)
    ]


@pytest.mark.parametrize(("make", "phase"), [(make_decided, "awarded"), (make_left, "unawarded")])
def test_phase_of_a_decided_one_is_the_same_by_clock_and_in_lists(make, phase):
    competition = make()
    at = competition.opened_at + 100 * DAY

    assert phases.phase(competition, at) == phase
    assert public_competitions(at).get(pk=competition.pk).phase_now == phase


def test_list_finds_decided_ones_and_says_when_it_was_decided(client: Client):
    decided, left = make_decided(), make_left()

    page = client.get("/en/competitions/?phase=awarded").content.decode()
    assert decided.title in page
    assert left.title not in page
    assert "decided on" in page
    assert left.title in client.get("/en/competitions/?phase=unawarded").content.decode()
    assert client.get("/api/v1/competitions?phase=awarded&lang=en").json()["results"][0]["phase"] == "awarded"


def test_feed_tells_of_decisions_each_once(client: Client):
    competition = make_decided()
    winner = competition.decisions.get().awards.get().proposal.organisation.name
    decide_again(competition)

    found = entries(client)
    assert [mark for mark, *_rest in found[:3]] == ["decision2", "decision1", "open"]
    assert found[1][1] == f"Competition № {competition.number}, the winner is decided: {competition.title}"
    assert winner in found[1][2]
    assert "takes the place of an earlier one" in found[0][2]
    assert found[0][3].endswith(f"/competitions/{competition.number}/results/")


def test_feed_tells_of_an_evaluation_anew(client: Client):
    make_reopened()

    marks = [mark for mark, *_rest in entries(client)]
    assert marks[0].startswith("reopen-2027")
    assert marks[1] == "decision1"


def test_followers_are_told_the_decision_and_nobody_else():
    round_ = make_round(state=RoundState.DISCUSSION)
    competition = round_.competition
    _want_news("follower@mail.example", competition=competition)
    _want_news("anyone@mail.example", hromada=competition.hromada)
    OutboxMessage.objects.all().delete()

    decided = decide(round_, round_.discussed_at + 3 * DAY)
    answer_appeal(make_appeal(decided, at=round_.discussed_at + 4 * DAY), at=round_.discussed_at + 5 * DAY)
    for message in OutboxMessage.objects.filter(kind=NEWS).order_by("pk"):
        bring_news(message)

    letters = OutboxMessage.objects.filter(key__startswith="procurement:news:").exclude(kind=NEWS).order_by("pk")
    assert [letter.payload["to"] for letter in letters] == [["follower@mail.example"]] * 2
    told, anew = (letter.payload["text"] for letter in letters)
    assert decided.decisions.get().awards.get().proposal.organisation.name in told
    assert f"/competitions/{competition.number}/results/" in told
    assert "evaluates the proposals anew" in anew


def _want_news(email, **wish):
    confirmed = digest_of(email)
    since = NOW - DAY
    Alert.objects.create(
        email=email,
        language="en",
        state="active",
        confirm_digest=confirmed,
        stop_digest=digest_of(stop_token(confirmed)),
        asked_at=since,
        confirmed_at=since,
        **wish,
    )


def test_timeline_says_when_each_stage_was_done_and_by_whom():
    competition = make_decided()
    decision = competition.decisions.get()
    found = {line.point: line for line in timeline(competition, decision.at)}

    body = str(competition.commissioner.organisation)
    assert found["evaluated_on"].done_at == decision.round.minuted_at
    assert found["evaluated_on"].done_by == decision.round.commission.title
    assert (found["award_on"].done_at, found["award_on"].done_by) == (decision.act_on, body)
    assert (found["results_on"].done_at, found["results_on"].done_by) == (decision.at, body)
    assert found["contract_on"].is_now


def test_date_that_passed_undone_is_late_until_it_is_done():
    competition = make_opened(proposals=1)
    before, after = competition.evaluated_on, competition.results_on + 2 * DAY
    competition.refresh_from_db()

    def late(day):
        moment = competition.opened_at.replace(year=day.year, month=day.month, day=day.day)
        return [line.point for line in timeline(competition, moment) if line.is_late]

    assert late(before) == []
    assert late(before + DAY) == ["evaluated_on"]
    assert late(after) == ["evaluated_on", "award_on", "results_on"]
    decided = make_decided(delay=30 * DAY)
    lines = {line.point: line for line in timeline(decided, decided.opened_at + 60 * DAY)}
    assert not any(line.is_late for line in lines.values())
    assert lines["results_on"].days_late > 0


def test_round_that_is_annulled_makes_nothing_done():
    competition = make_reopened()
    found = {line.point: line for line in timeline(competition, competition.opened_at + 90 * DAY)}

    assert found["opening_at"].done_at is not None
    assert all(found[point].done_at is None and found[point].is_late for point in ("evaluated_on", "award_on"))


def test_nothing_is_to_come_where_nobody_has_won():
    competition = make_left()

    assert not any(line.is_now for line in timeline(competition, competition.opened_at + 30 * DAY))


@pytest.mark.parametrize("item_count", [1, 3])
def test_list_asks_the_same_number_of_questions_of_decided_ones(client, django_assert_num_queries, item_count):
    for _one in range(item_count):
        make_decided(proposals=1)
    client.get("/en/competitions/")

    with django_assert_num_queries(9):
        client.get("/en/competitions/")


def test_search_keeps_decided_competitions_among_its_documents():
    from search.sources import competition_versions

    competition = make_decided()
    assert f"c-{competition.number}" in competition_versions()
    Competition.objects.filter(pk=competition.pk).update(state=CompetitionState.OPENED)
    assert f"c-{competition.number}" in competition_versions()
