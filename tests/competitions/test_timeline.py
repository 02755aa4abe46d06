"""One timeline for every surface: each date with its reasons, the same citations, what is done and by whom."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils import translation

from portal.kernel.models import Act, DeadlineRule
from procurement.domain.calls.announcement import line_as_json
from procurement.domain.calls.timeline import TimelineLine, timeline
from procurement.domain.planning.budgets import BudgetFacts, enter_budget_act
from procurement.enums import Moment
from procurement.models import Competition
from tests.factories import procurement as made
from tests.factories.ordering import NOW
from tests.factories.procurement import make_call, make_published
from tests.factories.registry import make_territories
from tests.factories.rule_profiles import load_all_rules, make_profile

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)


def lines(competition: Competition, now: datetime = NOW) -> dict[str, TimelineLine]:
    return {line.point: line for line in timeline(competition, now)}


def test_every_point_of_an_announcement_is_told_in_its_order():
    told = timeline(make_published(), NOW)
    assert [line.point for line in told] == [point.value for point in Moment]
    assert all(line.typed is not None for line in told)


def test_a_term_that_is_not_set_gives_no_date_and_says_so():
    with translation.override("en"):
        line = lines(make_published())["closes_at"]
    assert (line.due, line.due_words, line.verified) == (None, "", False)
    assert any("not set in the reference table" in reason for reason in line.why)


def test_a_date_shows_how_it_was_counted_and_from_what():
    load_all_rules()
    profile = make_profile(proposals_window=15, proposals_opening=(1, "working_days"))
    act = Act.objects.get(code="450-2020")
    DeadlineRule.objects.filter(profile=profile).update(act=act)
    # from a Wednesday over a Friday to a Monday
    competition = make_published(
        closes_in=timedelta(days=16), hold_until=None, opening_at=datetime(2027, 2, 8, 10, tzinfo=UTC)
    )
    with translation.override("en"):
        found = lines(competition)
    closes, opening = found["closes_at"], found["opening_at"]
    assert (closes.due, closes.due_words) == (date(2027, 2, 4), "not before 4 February 2027")
    assert closes.citations == (f"{act}, п. 7",)
    assert any("15 calendar days" in reason for reason in closes.why)
    assert any(str(act) in reason for reason in closes.why)
    assert opening.due == date(2027, 2, 8)
    assert opening.due_words.startswith("not later than")


def test_citations_are_the_same_in_every_language_and_in_the_announcement():
    load_all_rules()
    profile = make_profile(proposals_window=15)
    DeadlineRule.objects.filter(profile=profile).update(act=Act.objects.get(code="450-2020"))
    competition = make_published()
    with translation.override("en"):
        english = lines(competition)["closes_at"]
    ukrainian = lines(competition)["closes_at"]
    assert english.citations == ukrainian.citations
    assert english.why != ukrainian.why
    published = {line["point"]: line for line in competition.versions.get().content["timetable"]}
    assert published["closes_at"] == line_as_json(ukrainian)


def test_a_draft_shows_live_rules_and_nothing_done():
    profile = make_profile(proposals_window=15)
    draft = make_call(published_at=NOW)
    assert lines(draft)["closes_at"].due == date(2027, 2, 4)
    DeadlineRule.objects.filter(profile=profile).update(amount=16)
    assert lines(draft)["closes_at"].due == date(2027, 2, 5)
    assert not any(line.done_at for line in timeline(draft, NOW))


def test_what_is_done_has_its_moment_and_by_whom():
    competition = make_published()
    body = str(competition.commissioner.organisation)
    found = lines(competition, NOW + DAY)
    assert (found["published_at"].done_at, found["published_at"].done_by) == (NOW, body)
    assert found["opens_at"].done_at == NOW
    assert found["closes_at"].done_at is None
    assert [line.point for line in timeline(competition, NOW + DAY) if line.is_now] == ["questions_until"]
    closed = made.close(competition)
    found = lines(closed, closed.closed_at)
    assert found["closes_at"].done_at == closed.closed_at
    assert [line.point for line in timeline(closed, closed.opening_at) if line.is_now] == ["opening_at"]


def test_a_held_end_is_done_when_it_ends():
    competition = make_published()
    made.make_question(competition)
    held = competition.closes_at + DAY
    assert lines(competition, held)["closes_at"].done_at is None
    assert lines(competition, competition.hold_until)["closes_at"].done_at == competition.hold_until


def test_a_cancelled_competition_waits_for_nothing():
    assert not any(line.is_now for line in timeline(made.make_cancelled(), NOW + 3 * DAY))


@pytest.mark.parametrize(
    ("facts", "decided", "due", "words"),
    [
        ({"kind": "adopted", "adopted_on": date(2026, 12, 19)}, date(2027, 3, 1), date(2027, 3, 1), "in time"),
        ({"kind": "adopted", "adopted_on": date(2026, 12, 19)}, date(2027, 3, 4), date(2027, 3, 1), "3 days after"),
        ({"kind": "amended", "adopted_on": date(2027, 1, 31)}, date(2027, 3, 2), date(2027, 3, 2), "in time"),
    ],
)
def test_the_decision_shows_when_it_was_due_by_the_rule_of_its_budget_act(facts, decided, due, words):
    load_all_rules()
    now = datetime(2027, 3, 10, 9, 0, tzinfo=UTC)
    place = make_territories().dykanska
    act = enter_budget_act(
        hromada_id=place.pk,
        user=made.make_official_who_orders(place),
        facts=BudgetFacts(year=2027, number="7", **facts),
        now=now,
    )
    decision = made.make_order_decision(act, now=now, decided_on=decided, taken_at=now - DAY)
    draft = make_call(now=now, decision=decision.pk)
    competition = made.calling.publish(competition_id=draft.pk, user=draft.created_by, key="k", now=now)
    with translation.override("en"):
        line = lines(competition)["order_decided_on"]
    assert (line.typed, line.due) == (decided, due)
    assert any(words in reason for reason in line.why), line.why
    # an edit of the rule afterwards moves nothing
    DeadlineRule.objects.filter(code__startswith="order-decision").exclude(amount=None).update(amount=1)
    assert lines(Competition.objects.get())["order_decided_on"].due == due


def test_the_timeline_takes_the_same_queries_however_many_lots(django_assert_num_queries):
    for lots in (1, 3):
        competition = Competition.objects.select_related("commissioner__organisation", "decision").get(
            pk=make_published(lots=lots).pk
        )
        with django_assert_num_queries(2):
            timeline(competition, NOW)
