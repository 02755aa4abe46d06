"""The same call under two sets of rules, with what differs; a training that changes nothing."""

from datetime import date, timedelta

import pytest

from portal.kernel.models import RuleProfile
from procurement.domain.calls.profile_difference import profile_difference
from procurement.models import Competition, CompetitionVersion
from tests.factories.ordering import NOW
from tests.factories.procurement import make_call, make_published
from tests.factories.registry import make_territories
from tests.factories.rule_profiles import make_profile, make_rules

pytestmark = pytest.mark.django_db


def test_the_same_call_under_two_profiles_shows_what_differs():
    make_rules()
    national = RuleProfile.objects.get(procedure="social-order", authority="")
    draft = make_call(closes_in=timedelta(days=10))
    assert draft.profile == national
    strict = make_profile(make_territories().odesa_hromada.code, proposals_window=15)
    found = {one.point: one for one in profile_difference(draft, strict, NOW)}
    closes = found["closes_at"]
    # questions end on the 27th by the plan itself
    assert closes.ours.window.earliest == date(2027, 1, 27)
    assert closes.theirs.window.earliest == date(2027, 2, 4)
    assert (closes.ours.is_broken, closes.theirs.is_broken) == (False, True)
    assert "4 лютого 2027" in closes.words
    assert any("30 січня 2027" in sentence for sentence in closes.theirs.words)
    assert "contract_on" not in found


def test_a_profile_does_not_differ_from_itself():
    draft = make_call()
    assert profile_difference(draft, draft.profile, NOW) == []


def test_an_announced_competition_compares_its_frozen_rules_and_nothing_is_written():
    own = make_profile(proposals_window=15)
    competition = make_published()
    own.rules.filter(code="proposals-window").update(amount=25)
    (closes,) = [one for one in profile_difference(competition, own, NOW) if one.point == "closes_at"]
    assert not closes.ours.is_broken
    assert closes.theirs.is_broken
    assert CompetitionVersion.objects.count() == 1
    assert Competition.objects.get().closes_at == competition.closes_at


def test_rules_that_do_not_fit_together_show_a_window_that_is_impossible():
    rules = make_profile(
        make_territories().odesa_hromada.code, proposals_window=60, proposals_opening=(1, "working_days")
    )
    draft = make_call(closes_at=None)
    closes = {one.point: one for one in profile_difference(draft, rules, NOW)}["closes_at"]
    assert closes.ours.window.is_possible
    assert not closes.theirs.window.is_possible
