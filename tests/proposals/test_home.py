"""A person's proposals on the first page: what would not count stands first, what ended says so."""

from datetime import timedelta

import pytest

from procurement.domain.calls import calling
from procurement.interfaces.proposal_home import panel_of
from tests.factories.ordering import NOW
from tests.factories.procurement import change, make_bidder, make_published, make_question
from tests.factories.proposals import begin, make_submitted_proposal
from tests.factories.rule_profiles import make_ground

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def test_proposal_to_be_confirmed_again_stands_above_one_that_closes_sooner():
    organisation, person = make_bidder()
    later, sooner = make_published(), make_published(closes_in=timedelta(days=12))
    unsettled = make_submitted_proposal(later, organisation, person)
    waiting = begin(sooner, organisation, person, now=NOW + DAY)
    change(later, now=NOW + 2 * DAY)

    panel = panel_of(person, NOW + 3 * DAY)

    assert [line.proposal.pk for line in panel.open] == [unsettled.pk, waiting.pk]
    assert panel.open[0].is_urgent


def test_held_competition_says_until_when_it_may_be_held():
    organisation, person = make_bidder()
    competition = make_published()
    begin(competition, organisation, person, now=NOW + DAY)
    make_question(competition)

    (line,) = panel_of(person, competition.closes_at + timedelta(hours=1)).open

    assert line.until == competition.hold_until
    assert line.left


def test_proposal_to_a_cancelled_competition_does_not_look_submitted():
    organisation, person = make_bidder()
    competition = make_published()
    make_submitted_proposal(competition, organisation, person)
    cancelled = calling.cancel(
        competition_id=competition.pk,
        user=competition.created_by,
        ground_id=make_ground("cancellation").pk,
        reason="Видатки зменшено.",
        now=NOW + 3 * DAY,
    )

    (line,) = panel_of(person, NOW + 5 * DAY).over

    assert (line.state, line.colour) == (cancelled.get_state_display(), "bad")
