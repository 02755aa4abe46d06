"""Where a competition stands at a moment, questions that hold its end, and what the clock does about both."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied

from portal.accounts.models import User
from portal.kernel import clock
from portal.kernel.models import LogEntry, OutboxMessage
from portal.kernel.workflow import StepRefused
from procurement import due
from procurement.domain.calls import phases, questions
from procurement.enums import ProposalState
from procurement.models import Competition, Question
from tests.competitions.test_changes import put_proposal
from tests.factories import procurement as made
from tests.factories.accounts import make_person
from tests.factories.ordering import NOW
from tests.factories.procurement import make_call, make_published, make_question
from tests.factories.rule_profiles import make_profile

pytestmark = pytest.mark.django_db

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
TICK = timedelta(microseconds=1)


def at(competition: Competition, moment: datetime) -> str:
    return phases.phase(competition, moment).value


# --- phases --------------------------------------------------------------------------------------------------------


def test_phases_follow_the_clock_and_the_end_is_exclusive():
    competition = make_published(opens_at=NOW + DAY, hold_until=None)
    closes = competition.closes_at
    assert at(make_call(), NOW) == "draft"
    assert [at(competition, moment) for moment in (NOW, NOW + DAY - TICK, NOW + DAY)] == [
        "announced",
        "announced",
        "accepting",
    ]
    assert [at(competition, moment) for moment in (closes - TICK, closes)] == ["accepting", "closed"]
    assert phases.ends_at(competition, closes) == closes


def test_a_question_in_time_without_an_answer_holds_to_the_limit():
    competition = make_published()
    make_question(competition)
    closes, limit = competition.closes_at, competition.hold_until
    assert phases.ends_at(competition, closes - TICK) == closes
    assert [at(competition, moment) for moment in (closes, limit - TICK, limit)] == ["held", "held", "closed"]


def test_an_answer_before_the_end_holds_nothing():
    competition = make_published()
    made.answer(make_question(competition), now=competition.closes_at - TICK)
    assert at(competition, competition.closes_at) == "closed"


def test_without_a_limit_nothing_is_held():
    competition = make_published(hold_until=None)
    make_question(competition)
    assert at(competition, competition.closes_at) == "closed"


def test_a_policy_may_say_that_questions_hold_nothing():
    make_profile(policy={"unanswered_holds": False})
    competition = make_published()
    make_question(competition)
    assert at(competition, competition.closes_at) == "closed"


def test_after_the_answer_the_grace_of_the_profile_runs():
    make_profile(question_grace=(24, "hours"))
    competition = make_published()
    closes = competition.closes_at
    made.answer(make_question(competition), now=closes + HOUR)
    assert phases.ends_at(competition, closes + HOUR) == closes + 25 * HOUR
    assert at(competition, closes + 25 * HOUR - TICK) == "held"
    assert at(competition, closes + 25 * HOUR) == "closed"


def test_the_grace_does_not_go_past_the_limit():
    make_profile(question_grace=(24, "hours"))
    competition = make_published()
    answered = competition.hold_until - HOUR
    made.answer(make_question(competition), now=answered)
    assert phases.ends_at(competition, answered) == competition.hold_until


def test_a_grace_of_days_lasts_to_the_end_of_its_last_day_in_kyiv():
    make_profile(question_grace=1)
    competition = make_published()
    made.answer(make_question(competition), now=competition.closes_at + HOUR)
    # answered on 9 February, so all of the 10th is grace
    assert phases.ends_at(competition, competition.closes_at + HOUR) == datetime(2027, 2, 10, 22, 0, tzinfo=UTC)


def test_the_last_answer_counts_and_one_that_waits_holds_on():
    make_profile(question_grace=(1, "hours"))
    competition = make_published()
    first, second = make_question(competition), make_question(competition, text="А на два лоти?")
    made.answer(first, now=competition.closes_at + HOUR)
    assert phases.ends_at(competition, competition.closes_at + 2 * HOUR) == competition.hold_until
    made.answer(second, now=competition.closes_at + 3 * HOUR)
    assert phases.ends_at(competition, competition.closes_at + 3 * HOUR) == competition.closes_at + 4 * HOUR


def test_a_grace_that_is_not_set_keeps_a_held_end_at_the_limit():
    competition = make_published()
    made.answer(make_question(competition), now=competition.closes_at + HOUR)
    assert phases.ends_at(competition, competition.closes_at + 2 * HOUR) == competition.hold_until


def test_what_is_written_down_stands_whatever_the_clock_says():
    closed = made.make_closed()
    assert at(closed, NOW) == "closed"
    assert phases.ends_at(closed, NOW) == closed.closed_at == closed.closes_at
    assert at(made.make_cancelled(), NOW) == "cancelled"


def test_a_running_competition_takes_no_query_to_place_before_its_end(django_assert_num_queries):
    competition = Competition.objects.get(pk=make_published().pk)
    with django_assert_num_queries(0):
        assert at(competition, NOW + DAY) == "accepting"
    with django_assert_num_queries(1):
        assert at(competition, competition.closes_at) == "closed"


# --- questions -----------------------------------------------------------------------------------------------------


def ask(competition: Competition, user: User, *, now=NOW + DAY, text="Чи можна?", key=None, organisation=None):
    return questions.ask(
        competition_id=competition.pk, user=user, organisation_id=organisation, text=text, key=key or uuid4(), now=now
    )


def test_a_question_is_numbered_told_and_logged_by_digest():
    competition, person = make_published(), make_person()
    question = ask(competition, person, text="  Чи входить Бутенків?  ")
    assert (question.number, question.state, question.text) == (1, "asked", "Чи входить Бутенків?")
    assert question.answer_due_on is None
    entry = LogEntry.objects.get(tag="procurement:question:ask")
    assert "Бутенків" not in entry.payload
    assert entry.actor_role == "person"
    assert ask(competition, person).number == 2


def test_a_press_asks_once_and_another_persons_key_opens_nothing():
    competition, person, key = make_published(), make_person(), uuid4()
    assert ask(competition, person, key=key).pk == ask(competition, person, key=key, now=NOW + 40 * DAY).pk
    with pytest.raises(StepRefused):
        ask(competition, make_person(), key=key)


def test_the_answer_is_due_by_the_frozen_term():
    profile = make_profile(question_answer=(3, "working_days"))
    competition = make_published()
    profile.rules.update(amount=30)
    assert ask(competition, make_person(), now=datetime(2027, 1, 22, 9, tzinfo=UTC)).answer_due_on.isoformat() == (
        "2027-01-27"
    )


def test_questions_end_at_their_moment_exclusive():
    competition, person = make_published(), make_person()
    ask(competition, person, now=competition.questions_until - TICK)
    with pytest.raises(StepRefused):
        ask(competition, person, now=competition.questions_until)
    open_to_the_end = make_published(questions_until=None)
    ask(open_to_the_end, person, now=open_to_the_end.closes_at - TICK)
    with pytest.raises(StepRefused):
        ask(open_to_the_end, person, now=open_to_the_end.closes_at)


def test_who_asks_has_signed_in_with_a_confirmed_address_and_speaks_for_the_own_organisation():
    competition = make_published()
    organisation, person = made.make_bidder()
    assert ask(competition, person, organisation=organisation.pk).organisation == organisation
    with pytest.raises(PermissionDenied):
        ask(competition, make_person(), organisation=organisation.pk)
    stranger = User.objects.create_user("new@provider.example", "password-1")
    with pytest.raises(StepRefused):
        ask(competition, stranger)
    for text in ("", " \n", "й" * (questions.LONGEST + 1)):
        with pytest.raises(StepRefused):
            ask(competition, person, text=text)
    assert Question.objects.count() == 1


def test_nothing_is_asked_in_a_draft_or_an_ended_competition():
    for competition in (make_call(), made.make_cancelled()):
        with pytest.raises(StepRefused):
            ask(competition, make_person())


def test_an_answer_is_given_once_by_the_official_of_the_hromada():
    competition = make_published()
    question = make_question(competition)
    with pytest.raises(PermissionDenied):
        questions.answer(question_id=question.pk, user=make_person(), text="Так.", now=NOW + 2 * DAY)
    with pytest.raises(StepRefused):
        made.answer(question, now=NOW + 2 * DAY, text="  ")
    answered = made.answer(question, now=NOW + 2 * DAY, text="Так.")
    assert (answered.state, answered.answer, answered.answered_by) == ("answered", "Так.", competition.created_by)
    with pytest.raises(StepRefused):
        made.answer(question, now=NOW + 3 * DAY, text="Ні.")
    assert LogEntry.objects.filter(tag="procurement:question:answer").count() == 1


def test_a_declined_question_holds_nothing():
    competition = make_published()
    question = make_question(competition)
    questions.decline(
        question_id=question.pk, user=competition.created_by, text="Це не про цей конкурс.", now=NOW + 2 * DAY
    )
    assert at(competition, competition.closes_at) == "closed"


def test_a_cancelled_competition_answers_nothing():
    competition = make_published()
    question = make_question(competition)
    made.calling.cancel(
        competition_id=competition.pk,
        user=competition.created_by,
        ground_id=made.make_ground("cancellation").pk,
        reason="Так вирішено.",
        now=NOW + 2 * DAY,
    )
    with pytest.raises(StepRefused):
        made.answer(question, now=NOW + 3 * DAY)


# --- what the clock does -------------------------------------------------------------------------------------------


def run(now: datetime) -> tuple[str, str]:
    with clock.standing_at(now):
        return due.run_competitions(now), due.remind_of_competitions(now)


def test_the_clock_closes_what_is_over_and_leaves_what_is_held():
    over, held = make_published(hold_until=None), make_published()
    make_question(held)
    later = make_published(closes_in=timedelta(days=40))
    run(over.closes_at)
    run(over.closes_at + HOUR)
    states = {one.pk: Competition.objects.get(pk=one.pk).state for one in (over, held, later)}
    assert states == {over.pk: "closed", held.pk: "published", later.pk: "published"}
    assert over.steps.filter(step="close").count() == 1
    run(held.hold_until)
    assert Competition.objects.get(pk=held.pk).closed_at == held.hold_until


def test_openings_that_are_due_are_told_once():
    closed = made.make_closed()
    run(closed.opening_at - HOUR)
    key = f"procurement:competition:{closed.pk}:opening_due"
    assert not OutboxMessage.objects.filter(key=key).exists()
    run(closed.opening_at)
    run(closed.opening_at + HOUR)
    assert OutboxMessage.objects.filter(key=key).count() == 1


def reminded() -> int:
    return OutboxMessage.objects.filter(key__contains=":remind:").count()


def test_unfinished_and_unconfirmed_proposals_are_reminded_three_days_and_a_day_before():
    competition = make_published()
    for state in (ProposalState.DRAFT, ProposalState.UNCONFIRMED, ProposalState.SUBMITTED, ProposalState.WITHDRAWN):
        put_proposal(competition, state)
    told = []
    for days in (5, 4, 3, 3, 2, 1, 1, 0):
        run(competition.closes_at - days * DAY - HOUR)
        told.append(reminded())
    assert told == [0, 0, 2, 2, 2, 4, 4, 4]


def test_a_missed_day_is_made_up_for():
    competition = make_published()
    put_proposal(competition, ProposalState.DRAFT)
    run(competition.closes_at - 2 * DAY)
    assert reminded() == 1
    run(competition.closes_at - HOUR)
    assert reminded() == 2
    run(competition.closes_at + HOUR)
    assert reminded() == 2


def test_officials_are_reminded_of_a_question_once_before_its_answer_is_due():
    competition = make_published()
    question = make_question(competition)
    key = f"procurement:question:{question.pk}:remind"
    told = []
    for days in (3, 1, 0):
        run(competition.closes_at - days * DAY - HOUR)
        told.append(OutboxMessage.objects.filter(key=key).count())
    assert told == [0, 1, 1]
