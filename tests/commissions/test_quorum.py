"""The quorum by the frozen rule, said with its numbers and source; sittings with who came, judged anew each time."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from portal.kernel.models import LogEntry
from portal.kernel.workflow import StepRefused
from procurement.domain.evaluation.quorum import (
    needed_of,
    quorum_of,
    quorum_words,
    record_sitting,
    require_quorate_sitting,
)
from procurement.domain.evaluation.recusals import decide_recusal, raise_recusal
from procurement.models import CommissionMember

pytestmark = pytest.mark.django_db
HALF = {"quorum_share": "1/2", "quorum_strict": True, "verified": False, "act": "450-2020", "point": ""}


def sit(hall, round_, came, **values):
    told = {
        "round_id": round_.pk,
        "user": hall.official,
        "at": hall.now - timedelta(minutes=30),
        "place": "мала зала",
        "agenda": "Допуск",
        "present": {one.pk: one in came for one in hall.members},
        "now": hall.now,
        **values,
    }
    return record_sitting(**told)


def recuse(hall, member):
    recusal = raise_recusal(
        competition_id=hall.competition.pk,
        member_id=member.pk,
        organisation_id=None,
        ground="other",
        reason="Сусіди",
        user=hall.official,
        now=hall.now,
    )
    decide_recusal(recusal_id=recusal.pk, confirm=True, reason="Так", user=hall.official, now=hall.now)


@pytest.mark.parametrize(
    ("share", "strict", "appointed", "needed"),
    [("1/2", True, 5, 3), ("1/2", True, 6, 4), ("1/2", False, 6, 3), ("2/3", False, 5, 4), ("2/3", True, 6, 5)],
)
def test_needed_is_counted_from_all_appointed(share, strict, appointed, needed):
    assert needed_of({"quorum_share": share, "quorum_strict": strict}, appointed) == needed


@given(part=st.integers(1, 12), whole=st.integers(1, 12), strict=st.booleans(), appointed=st.integers(0, 60))
def test_needed_is_the_least_number_that_the_rule_lets(part, whole, strict, appointed):
    needed = needed_of({"quorum_share": f"{part}/{whole}", "quorum_strict": strict}, appointed)

    def is_enough(number):
        return number * whole > part * appointed if strict else number * whole >= part * appointed

    assert is_enough(needed)
    assert needed == 0 or not is_enough(needed - 1)


@pytest.mark.parametrize("share", ["", "half", "1/0", None])
def test_share_that_is_not_set_is_not_guessed(share):
    assert needed_of({**HALF, "quorum_share": share}, 5) == 5
    assert quorum_words({**HALF, "quorum_share": share}, 5) != quorum_words(HALF, 5)


def test_words_say_the_rule_its_numbers_and_that_it_is_local():

    with translation.override("en"):
        words = quorum_words(HALF, 5)
        confirmed = quorum_words({**HALF, "verified": True, "point": "п. 12"}, 5)

    assert "more than 1/2 of the 5 appointed, that is at least 3" in words
    assert "local rule, unverified" in words
    assert "450-2020, п. 12" in confirmed
    assert "unverified" not in confirmed


def test_recused_members_are_appointed_still(hall):
    round_ = hall.round("admission")
    for member in hall.members[3:]:
        recuse(hall, member)

    found = quorum_of(round_)

    assert (found.appointed, found.recused, found.able, found.needed) == (5, 2, 3, 3)
    assert [found.holds(number) for number in (2, 3, 4)] == [False, True, False]


def test_third_recusal_costs_the_quorum(hall):
    round_ = hall.round("admission")
    for member in hall.members[2:]:
        recuse(hall, member)

    assert not quorum_of(round_).holds(quorum_of(round_).able)


# --- sittings --------------------------------------------------------------------------------------------------------


def test_sitting_keeps_who_came_and_the_quorum(hall):
    round_ = hall.round("admission")

    sitting = sit(hall, round_, hall.members[:3])

    assert sitting.number == 2
    assert {key: sitting.quorum[key] for key in ("appointed", "recused", "present", "needed", "is_quorate")} == {
        "appointed": 5,
        "recused": 0,
        "present": 3,
        "needed": 3,
        "is_quorate": True,
    }
    assert [row.is_present for row in sitting.attendances.all()] == [True, True, True, False, False]
    assert LogEntry.objects.get(seq=sitting.log_seq).tag == "procurement:sitting:record"
    assert require_quorate_sitting(round_) == sitting


def test_sitting_without_quorum_is_recorded_and_lets_nothing_on(hall):
    round_ = hall.round("admission")

    sitting = sit(hall, round_, hall.members[:2])

    assert sitting.quorum["is_quorate"] is False
    with pytest.raises(StepRefused):
        require_quorate_sitting(round_)


def test_round_without_a_sitting_has_no_quorum(hall):
    with pytest.raises(StepRefused):
        require_quorate_sitting(hall.round())


def test_later_recusal_takes_the_quorum_of_a_sitting_away(hall):
    round_ = hall.round("admission")
    sit(hall, round_, hall.members[:3])

    recuse(hall, hall.members[2])

    with pytest.raises(StepRefused):
        require_quorate_sitting(round_)


def test_member_who_left_since_does_not_count(hall):
    round_ = hall.round("admission")
    sit(hall, round_, hall.members[:3])
    CommissionMember.objects.filter(pk=hall.members[2].pk).update(until=hall.now.date())

    with pytest.raises(StepRefused):
        require_quorate_sitting(round_)


def test_recused_member_cannot_be_present(hall):
    round_ = hall.round("admission")
    recuse(hall, hall.members[4])

    with pytest.raises(StepRefused):
        sit(hall, round_, hall.members)
    assert sit(hall, round_, hall.members[:4]).quorum["present"] == 4


def test_nobody_sits_before_declaring_once_declarations_are_over(hall):
    round_ = hall.round()
    assert sit(hall, round_, hall.members).quorum["present"] == 5
    type(round_).objects.filter(pk=round_.pk).update(state="admission")

    with pytest.raises(StepRefused):
        sit(hall, round_, hall.members)


def test_sitting_is_between_the_opening_and_now(hall):
    round_ = hall.round("admission")

    for shift in (timedelta(minutes=1), timedelta(days=-5)):
        with pytest.raises(StepRefused):
            sit(hall, round_, hall.members, at=hall.now + shift)


def test_secretary_records_and_an_ordinary_member_does_not(hall):
    round_ = hall.round("admission")

    assert sit(hall, round_, hall.members, user=hall.members[1].user).recorded_by == hall.members[1].user
    with pytest.raises(PermissionDenied):
        sit(hall, round_, hall.members, user=hall.members[4].user)
    recuse(hall, hall.members[1])
    with pytest.raises(PermissionDenied):
        sit(hall, round_, hall.members[2:], user=hall.members[1].user)


def test_stranger_in_the_list_is_refused(hall):
    with pytest.raises(StepRefused):
        sit(hall, hall.round("admission"), hall.members, present={10**9: True})


def test_minuted_round_takes_no_sitting(hall):
    round_ = hall.round("discussion")
    type(round_).objects.filter(pk=round_.pk).update(state="minuted")

    with pytest.raises(StepRefused):
        sit(hall, round_, hall.members)
