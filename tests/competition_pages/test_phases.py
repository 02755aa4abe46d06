"""The phase that lists compute in the database is the one that the domain computes from the clock, for any history."""

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from procurement.domain.calls import phases
from procurement.interfaces.competition_lists import held_after_answers
from procurement.models import Competition, Question
from procurement.queries.competitions import OPEN, number_of_open, public_competitions
from tests.factories.accounts import make_person
from tests.factories.ordering import NOW, make_official_who_orders
from tests.factories.procurement import dates_unguarded, make_cancelled, make_closed, make_published, make_void
from tests.factories.rule_profiles import make_profile

pytestmark = [pytest.mark.django_db, pytest.mark.databases]
HOUR = timedelta(hours=1)
CLOSES = NOW + timedelta(days=20)
# moments in hours before and after the end
around = st.integers(-30 * 24, 10 * 24)


@pytest.fixture
def running():
    """Return three announced competitions: without a grace, with a grace of a day, without any holding."""
    official = make_official_who_orders()
    plain = make_published(user=official)
    make_profile(question_grace=(24, "hours"))
    graced = make_published(user=official)
    make_profile(policy={"unanswered_holds": False})
    return [plain, graced, make_published(user=official)], make_person()


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    questions=st.lists(st.tuples(st.integers(-19 * 24, 24), st.none() | st.integers(0, 25 * 24)), max_size=3),
    opens=st.none() | st.integers(-20 * 24, -1),
    hold=st.none() | st.integers(0, 5 * 24),
    moments=st.lists(around, min_size=1, max_size=6),
)
def test_lists_say_the_phase_that_the_domain_says(running, questions, opens, hold, moments):
    competitions, person = running
    for one in competitions:
        _set(one, person, questions, opens, hold)

    for moment in (CLOSES + HOUR * hours for hours in {*moments, 0, hold or 0}):
        told = {one.pk: one for one in public_competitions(moment, held_after_answers(moment))}
        for one in competitions:
            fresh = Competition.objects.get(pk=one.pk)
            assert told[one.pk].phase_now == phases.phase(fresh, moment), (moment, questions, opens, hold)


def _set(one, person, questions, opens, hold):
    with dates_unguarded():
        Competition.objects.filter(pk=one.pk).update(
            opens_at=None if opens is None else CLOSES + HOUR * opens,
            hold_until=None if hold is None else CLOSES + HOUR * hold,
        )
    Question.objects.filter(competition=one).delete()
    for number, (asked, answered) in enumerate(questions, 1):
        asked_at = CLOSES + HOUR * asked
        is_answered = answered is not None
        Question.objects.create(
            competition=one,
            number=number,
            text="?",
            asked_by=person,
            asked_at=asked_at,
            asking_key=f"00000000-0000-4000-8000-{one.pk:06d}{number:06d}",
            state="answered" if is_answered else "asked",
            answer="!" if is_answered else "",
            answered_at=asked_at + HOUR * answered if is_answered else None,
            answered_by=person if is_answered else None,
        )


def test_written_states_are_told_as_they_are():
    made = [make_closed(), make_cancelled(), make_void()]
    told = {one.pk: one.phase_now for one in public_competitions(NOW + timedelta(days=400))}

    assert [told[one.pk] for one in made] == ["closed", "cancelled", "void"]


def test_number_of_open_is_that_of_the_list():
    official = make_official_who_orders()
    one = make_published(user=official)
    make_published(user=official, closes_in=timedelta(days=2))
    make_cancelled(user=official)

    for moment in (NOW, NOW + timedelta(days=3), one.closes_at, one.hold_until):
        listed = public_competitions(moment).filter(phase_now__in=OPEN)
        assert number_of_open(moment) == listed.count()
