"""Who decides a recusal, what it takes away, and when it is too late for one."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied

from portal.kernel.models import LogEntry
from portal.kernel.workflow import StepRefused
from procurement import rules
from procurement.domain.evaluation.interests import declare
from procurement.domain.evaluation.quorum import quorum_of
from procurement.domain.evaluation.recusals import decide_recusal, judge_of, raise_recusal
from procurement.enums import RoundState
from procurement.models import CommissionMember, EvaluationRound, Minutes, Recusal, ScoreSheet
from tests.factories.accounts import make_official
from tests.factories.evaluation import declare_nothing

pytestmark = pytest.mark.django_db


def propose(hall, member, user=None, organisation=0):
    return raise_recusal(
        competition_id=hall.competition.pk,
        member_id=member.pk,
        organisation_id=hall.applicants[organisation].pk,
        ground="contract",
        reason="Торік вела курси для учасника",
        user=user or hall.official,
        now=hall.now,
    )


def judge(hall, recusal, *, confirm=True, user=None, reason="Спільні проекти торік"):
    return decide_recusal(
        recusal_id=recusal.pk, confirm=confirm, reason=reason, user=user or hall.official, now=hall.now
    )


def test_official_or_another_member_raises_a_recusal(hall):
    hall.round("admission")
    member, other = hall.members[3], hall.members[4]

    assert propose(hall, member).source == "raised"
    assert propose(hall, member, other.user, 1).state == "proposed"
    assert not rules.can_read_opened(member.user, hall.competition)
    with pytest.raises(StepRefused):
        propose(hall, member)
    with pytest.raises(PermissionDenied):
        propose(hall, other, member.user)


def test_stranger_raises_nothing(hall):
    hall.round("admission")

    with pytest.raises(PermissionDenied):
        propose(hall, hall.members[3], make_official("commissioner", hall.places.odesa_hromada))


def test_confirmed_recusal_bars_and_takes_the_draft_sheet_away(hall):
    round_ = hall.round("scoring")
    member = hall.members[3]

    decided = judge(hall, propose(hall, member))

    assert (decided.state, decided.decided_by, decided.reason) == ("confirmed", hall.official, "Спільні проекти торік")
    assert ScoreSheet.objects.get(member=member).state == "lapsed"
    assert (quorum_of(round_).recused, quorum_of(round_).able) == (1, 4)
    entry = LogEntry.objects.get(tag="procurement:recusal:confirm")
    assert "Спільні" not in entry.payload
    with pytest.raises(StepRefused):
        judge(hall, decided)


def test_dismissed_recusal_gives_everything_back(hall):
    hall.round("scoring")
    member = hall.members[3]

    judge(hall, propose(hall, member), confirm=False)

    assert rules.can_read_opened(member.user, hall.competition)
    assert ScoreSheet.objects.get(member=member).state == "draft"


def test_dismissed_evidence_is_not_proposed_again_and_new_evidence_is(hall):
    hall.round()
    member, applicant = hall.members[3], hall.applicants[0]
    ties = [{"organisation": applicant.pk, "kind": "relative", "text": "Кум"}]
    for declared in (ties, ties):
        declare(competition_id=hall.competition.pk, user=member.user, ties=declared, now=hall.now)
        for waiting in Recusal.objects.filter(state="proposed"):
            judge(hall, waiting, confirm=False, reason="Не є близькою особою")
    assert Recusal.objects.count() == 1
    assert rules.can_read_opened(member.user, hall.competition)

    CommissionMember.objects.filter(pk=member.pk).update(body_code=applicant.code)
    declare(competition_id=hall.competition.pk, user=member.user, ties=ties, now=hall.now)

    assert Recusal.objects.filter(state="proposed").count() == 1


def test_waiting_recusal_gathers_evidence(hall):
    hall.round()
    member, applicant = hall.members[3], hall.applicants[0]
    tie = {"organisation": applicant.pk, "kind": "relative", "text": "Кум"}
    declare(competition_id=hall.competition.pk, user=member.user, ties=[tie], now=hall.now)

    declare(competition_id=hall.competition.pk, user=member.user, ties=[{**tie, "kind": "employer"}], now=hall.now)

    assert [one["tie"] for one in Recusal.objects.get().evidence] == ["relative", "employer"]


# --- who decides -----------------------------------------------------------------------------------------------------


def test_reason_is_needed(hall):
    hall.round("admission")
    recusal = propose(hall, hall.members[3])

    with pytest.raises(StepRefused):
        judge(hall, recusal, reason=" ")


def test_chair_decides_and_the_deputy_only_about_the_chair(hall):
    hall.round("admission")
    chair, _secretary, deputy, member, _other = hall.members
    of_member = propose(hall, member)

    assert judge_of(of_member, deputy.user) is None
    assert judge(hall, of_member, user=chair.user).decided_by == chair.user
    of_chair = propose(hall, chair)
    assert judge_of(of_chair, chair.user) is None
    assert judge(hall, of_chair, user=deputy.user).decided_by == deputy.user


def test_member_concerned_decides_nothing_whatever_else_they_are(hall):
    hall.round("admission")
    member = hall.members[3]
    CommissionMember.objects.filter(pk=member.pk).update(user=hall.official)
    recusal = propose(hall, member, make_official("administrator"))

    for one in (recusal, propose(hall, hall.members[4], make_official("administrator"))):
        with pytest.raises(PermissionDenied):
            judge(hall, one)


def test_official_who_is_a_member_decides_after_declaring(hall):
    hall.round()
    member = hall.members[3]
    CommissionMember.objects.filter(pk=member.pk).update(user=hall.official)
    recusal = propose(hall, hall.members[4], make_official("administrator"))

    assert judge_of(recusal, hall.official) is None
    declare_nothing(member, hall.competition, hall.now)
    assert judge(hall, recusal).state == "confirmed"


def test_auditor_and_ordinary_members_decide_nothing(hall):
    hall.round("admission")
    recusal = propose(hall, hall.members[3])

    for user in (make_official("auditor"), hall.members[4].user, hall.members[1].user):
        with pytest.raises(PermissionDenied):
            judge(hall, recusal, user=user)


# --- too late --------------------------------------------------------------------------------------------------------


def test_recusal_is_too_late_once_the_minutes_are_signed(hall):
    round_ = hall.round("discussion")
    recusal = propose(hall, hall.members[3])
    EvaluationRound.objects.filter(pk=round_.pk).update(state=RoundState.MINUTED)

    with pytest.raises(StepRefused):
        judge(hall, recusal)
    with pytest.raises(StepRefused):
        propose(hall, hall.members[4])
    with pytest.raises(StepRefused):
        declare(competition_id=hall.competition.pk, user=hall.members[4].user, ties=[], now=hall.now)


def test_drawn_up_minutes_are_withdrawn_first(hall):
    round_ = hall.round("discussion")
    recusal = propose(hall, hall.members[3])
    minutes = Minutes.objects.create(round=round_, content={}, digest="0" * 64, made_at=hall.now, made_by=hall.official)

    with pytest.raises(StepRefused):
        judge(hall, recusal)
    Minutes.objects.filter(pk=minutes.pk).update(state="withdrawn")
    assert judge(hall, recusal).state == "confirmed"


def test_recusal_outlives_the_membership_and_the_commission(hall):
    hall.round("admission")
    member = hall.members[3]
    judge(hall, propose(hall, member))
    CommissionMember.objects.filter(pk=member.pk).update(until=(hall.now - timedelta(days=1)).date())

    assert rules.was_recused(member.user, hall.competition)
