"""A close that a question holds: whoever runs the competition cannot turn the clock back on those who came meanwhile."""

from datetime import timedelta

import pytest

from portal.kernel import clock
from portal.kernel.workflow import StepRefused
from procurement.domain.calls import calling, questions
from procurement.domain.calls.gaps import NotReady
from procurement.models import Proposal
from tests.factories.ordering import NOW
from tests.factories.procurement import answer, change, close, make_bidder, make_published, make_question
from tests.factories.proposals import begin, fill_proposal, make_submitted_proposal, submit

pytestmark = pytest.mark.django_db
A_SECOND = timedelta(seconds=1)


@pytest.fixture
def competition():
    made = make_published()
    make_question(made)
    return made


def test_held_end_is_not_taken_back_to_a_moment_that_has_passed(competition):
    later = competition.closes_at + timedelta(hours=5)
    proposal = make_submitted_proposal(competition, *make_bidder(), now=later)

    with pytest.raises((NotReady, StepRefused)):
        change(competition, now=later + timedelta(hours=1), hold_until=None)

    proposal.refresh_from_db()
    assert proposal.state == "submitted"
    competition.refresh_from_db()
    assert competition.hold_until is not None


def test_latest_end_may_be_left_out_as_long_as_nothing_is_held(competition):
    change(competition, now=NOW + timedelta(days=2), hold_until=None)

    competition.refresh_from_db()
    assert competition.hold_until is None


def test_answer_that_waited_for_a_submission_comes_after_it(competition):
    """Pressed before the end, written after it: meanwhile the close was held and somebody was let in."""
    before, after = competition.closes_at - A_SECOND, competition.closes_at + A_SECOND
    organisation, person = make_bidder()
    proposal = fill_proposal(begin(competition, organisation, person, now=NOW), person, now=before)
    revision = submit(proposal, person, now=after)

    answer(competition.questions.get(), now=before)

    closed = close(competition, competition.hold_until)
    assert revision.at < closed.closed_at
    assert Proposal.objects.get().state == "submitted"


def test_change_that_waited_for_a_submission_puts_no_end_before_it(competition):
    answer(competition.questions.get(), now=NOW + timedelta(days=2))
    organisation, person = make_bidder()
    proposal = fill_proposal(begin(competition, organisation, person, now=NOW), person, now=NOW)
    pressed = NOW + timedelta(days=3)
    submit(proposal, person, now=pressed + A_SECOND)

    with pytest.raises(NotReady):
        change(competition, now=pressed, closes_at=pressed + A_SECOND / 2, questions_until=None, hold_until=None)


def test_nothing_is_asked_to_hold_a_close_that_has_come(competition):
    answer(competition.questions.get(), now=NOW + timedelta(days=2))

    with pytest.raises(StepRefused):
        make_question(competition, now=competition.closes_at)
    with clock.standing_at(competition.closes_at):
        calling.close(competition_id=competition.pk, now=competition.closes_at)
    with pytest.raises(StepRefused):
        questions.answer(
            question_id=competition.questions.get().pk,
            user=competition.created_by,
            text="Ще раз",
            now=competition.closes_at,
        )
