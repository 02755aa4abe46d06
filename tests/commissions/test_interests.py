"""What members tell and declare: each tie bars at once, and the log tells nobody which."""

import json
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied

from portal.kernel.models import LogEntry
from portal.kernel.workflow import StepRefused
from procurement import rules
from procurement.domain.evaluation.interests import declare, take_back_interest, tell_interest
from procurement.domain.evaluation.recusals import find_everywhere
from procurement.models import CommissionMember, InterestDeclaration, Recusal
from tests.factories.accounts import make_mandate, make_organisation
from tests.factories.evaluation import make_commission, make_member

pytestmark = pytest.mark.django_db


def say(hall, member, *ties, now=None):
    return declare(competition_id=hall.competition.pk, user=member.user, ties=ties, now=now or hall.now)


def tie(organisation, kind="employer", text=""):
    return {"organisation": organisation.pk, "kind": kind, "text": text}


# --- declarations ----------------------------------------------------------------------------------------------------


def test_member_without_ties_reads_after_declaring(hall):
    hall.round()
    member = hall.members[3]
    assert not rules.can_read_opened(member.user, hall.competition)

    made = say(hall, member)

    assert (made.has_interest, made.ties, len(made.digest)) == (False, [], 64)
    assert rules.can_read_opened(member.user, hall.competition)
    assert not Recusal.objects.exists()


def test_declared_tie_bars_at_once(hall):
    hall.round()
    member = hall.members[3]

    say(hall, member, tie(hall.applicants[0], "relative", "Чоловік працює водієм"))

    recusal = Recusal.objects.get()
    assert (recusal.member, recusal.organisation, recusal.source, recusal.state, recusal.ground) == (
        member,
        hall.applicants[0],
        "declared",
        "proposed",
        "relative",
    )
    assert recusal.evidence[0]["words"] == "Чоловік працює водієм"
    assert not rules.can_read_opened(member.user, hall.competition)


def test_match_bars_who_declared_nothing(hall):
    hall.round()
    member, applicant = hall.members[3], hall.applicants[0]
    CommissionMember.objects.filter(pk=member.pk).update(body_code=applicant.code)

    say(hall, member)

    assert Recusal.objects.get().source == "match"
    assert not rules.can_read_opened(member.user, hall.competition)


def test_log_and_its_digest_tell_nothing_of_the_tie(hall):
    hall.round()
    member, applicant = hall.members[3], hall.applicants[0]

    made = say(hall, member, tie(applicant, "relative", "Чоловік працює водієм"))
    again = InterestDeclaration.objects.get(pk=made.pk)

    entries = list(
        LogEntry.objects.filter(
            tag__in=("procurement:interestdeclaration:declare", "procurement:recusal:propose")
        ).order_by("seq")
    )
    everything = "".join(entry.payload for entry in entries)
    recusal = member.recusals.get()
    assert [json.loads(entry.payload) for entry in entries] == [
        {"digest": again.digest, "id": str(made.pk), "member": member.pk},
        {"id": str(recusal.pk), "member": member.pk, "source": "declared"},
    ]
    for secret in ("Чоловік", "relative", applicant.code):
        assert secret not in everything


def test_later_declaration_replaces_the_earlier_one(hall):
    hall.round()
    member = hall.members[3]
    first = say(hall, member)

    second = say(hall, member, tie(hall.applicants[0]), now=hall.now + timedelta(hours=1))

    first.refresh_from_db()
    assert first.replaced_at == second.at
    assert Recusal.objects.count() == 1
    say(hall, member, now=hall.now + timedelta(hours=2))
    assert not rules.can_read_opened(member.user, hall.competition)


def test_only_members_declare_and_only_about_applicants(hall):
    hall.round()

    with pytest.raises(PermissionDenied):
        declare(competition_id=hall.competition.pk, user=hall.official, ties=(), now=hall.now)
    with pytest.raises(StepRefused):
        say(hall, hall.members[3], tie(make_organisation()))
    with pytest.raises(StepRefused):
        say(hall, hall.members[3], tie(hall.applicants[0], "whatever"))


def test_nobody_declares_before_the_opening(hall):
    type(hall.competition).objects.filter(pk=hall.competition.pk).update(state="closed", opened_at=None)

    with pytest.raises(StepRefused):
        say(hall, hall.members[3])


# --- standing interests ----------------------------------------------------------------------------------------------


def test_interest_told_after_declaring_bars(hall):
    hall.round()
    member, applicant = hall.members[3], hall.applicants[0]
    say(hall, member)

    tell_interest(
        member_id=member.pk,
        user=member.user,
        values={"kind": "employer", "name": applicant.name, "code": applicant.code, "note": "з лютого"},
        now=hall.now,
    )

    assert Recusal.objects.get().member == member
    assert not rules.can_read_opened(member.user, hall.competition)
    assert applicant.code not in LogEntry.objects.get(tag="procurement:commissionmember:tell").payload


def test_mandate_given_after_declaring_is_found_later(hall):
    hall.round()
    member = hall.members[3]
    say(hall, member)
    make_mandate(member.user, hall.applicants[1])

    assert find_everywhere(now=hall.now) == 1
    assert Recusal.objects.get().member == member
    assert find_everywhere(now=hall.now) == 0


def test_interest_is_ones_own(hall):
    member, other = hall.members[3:5]
    told = tell_interest(
        member_id=member.pk, user=member.user, values={"kind": "other", "name": "ГО «Дім»"}, now=hall.now
    )

    with pytest.raises(PermissionDenied):
        tell_interest(member_id=member.pk, user=other.user, values={"kind": "other", "name": "Ні"}, now=hall.now)
    with pytest.raises(PermissionDenied):
        take_back_interest(interest_id=told.pk, user=other.user, now=hall.now)
    with pytest.raises(StepRefused):
        tell_interest(member_id=member.pk, user=member.user, values={"kind": "other", "name": " "}, now=hall.now)


def test_person_named_in_two_commissions_is_barred_in_both(hall):
    other = make_member(make_commission(members=0), user=hall.members[3].user)

    assert rules.membership(hall.members[3].user, hall.competition) == hall.members[3]
    assert other.commission_id != hall.commission.pk
