"""What the portal finds of ties: codes, names, mandates, heads, earlier awards; nothing by half a name."""

from datetime import timedelta

import pytest

from portal.accounts.models import Organisation
from procurement.domain.evaluation.interests import (
    applicants_of,
    matches_of,
    matches_of_all,
    take_back_interest,
    tell_interest,
)
from procurement.models import Award, AwardDecision, CoApplicant, CommissionMember, Minutes
from registry.models import Contact, RegisterEntry
from tests.factories.accounts import make_mandate, make_organisation
from tests.factories.evaluation import make_commission, make_opened, make_opened_proposal, make_round
from tests.factories.registry import next_edrpou

pytestmark = pytest.mark.django_db


def kinds(hall, member):
    member = CommissionMember.objects.get(pk=member.pk)
    return [(one.organisation_id, one.kind, one.ground) for one in matches_of(member, hall.competition)]


def make_award(hall, proposal):
    """Give a proposal of an earlier competition an award."""
    competition = proposal.competition
    make_commission(competition)
    round_ = make_round(competition)
    minutes = Minutes.objects.create(
        round=round_, content={}, digest="0" * 64, made_at=hall.now, made_by=hall.official, state="signed"
    )
    decision = AwardDecision.objects.create(
        competition=competition,
        round=round_,
        minutes=minutes,
        number=1,
        outcome="award",
        act_number="5",
        act_on=hall.now.date(),
        content={},
        digest="0" * 64,
        at=hall.now,
        by=hall.official,
    )
    return Award.objects.create(decision=decision, lot=competition.lots.first(), proposal=proposal, place=1)


def test_applicants_are_named_with_agreed_co_applicants(hall):
    helper, refused = make_organisation(), make_organisation()
    proposal = hall.competition.proposals.first()
    for organisation, state in ((helper, "accepted"), (refused, "declined")):
        CoApplicant.objects.create(
            proposal=proposal, organisation=organisation, state=state, invited_by=hall.official, invited_at=hall.now
        )

    found = applicants_of(hall.competition)

    assert set(found) == {*hall.applicants, helper}


def test_member_without_ties_matches_nothing(hall):
    assert kinds(hall, hall.members[3]) == []


def test_code_of_the_body_matches(hall):
    member, applicant = hall.members[3], hall.applicants[1]
    CommissionMember.objects.filter(pk=member.pk).update(body_code=applicant.code)

    assert kinds(hall, member) == [(applicant.pk, "code", "employer")]


def test_name_of_the_body_matches_without_its_marks(hall):
    member, applicant = hall.members[3], hall.applicants[1]
    Organisation.objects.filter(pk=applicant.pk).update(name="ГО «Турбота  поруч»")
    CommissionMember.objects.filter(pk=member.pk).update(body='го "турбота поруч"')

    assert kinds(hall, member) == [(applicant.pk, "name", "employer")]


def test_told_interest_matches_by_code_or_name(hall):
    member, (one, other) = hall.members[3], hall.applicants
    tell_interest(
        member_id=member.pk,
        user=member.user,
        values={"kind": "founder", "name": "як завгодно", "code": one.code},
        now=hall.now,
    )
    told = tell_interest(
        member_id=member.pk, user=member.user, values={"kind": "relative", "name": other.name.upper()}, now=hall.now
    )

    assert set(kinds(hall, member)) == {(one.pk, "code", "founder"), (other.pk, "name", "relative")}
    take_back_interest(interest_id=told.pk, user=member.user, now=hall.now)
    assert kinds(hall, member) == [(one.pk, "code", "founder")]


def test_mandate_of_any_time_matches(hall):
    member, applicant = hall.members[3], hall.applicants[0]
    mandate = make_mandate(member.user, applicant)
    type(mandate).objects.filter(pk=mandate.pk).update(
        revoked_at=hall.now, revoked_by=hall.official, ground="Звільнено"
    )

    assert kinds(hall, member) == [(applicant.pk, "mandate", "governance")]


def test_head_in_the_register_matches_by_the_whole_name(hall):
    member, applicant = hall.members[3], hall.applicants[0]
    CommissionMember.objects.filter(pk=member.pk).update(name="Левченко Оксана Іванівна")
    head = Contact.objects.create(entry=RegisterEntry.objects.get(organisation=applicant), kind="head", private=True)
    heads = {
        "Левченко Оксана Іванівна, голова правління": True,
        "директор — Левченко Оксана": True,
        "Шевчук Оксана Іванівна, голова": False,
        "Левченко": False,
    }

    for text, found in heads.items():
        Contact.objects.filter(pk=head.pk).update(value=text)
        assert kinds(hall, member) == ([(applicant.pk, "founder", "governance")] if found else []), text


def test_head_in_the_opened_proposal_matches(hall):
    member = hall.members[3]
    CommissionMember.objects.filter(pk=member.pk).update(name="Левченко Ірина")

    assert {kind for _pk, kind, _ground in kinds(hall, member)} == {"founder"}


def test_partner_of_an_earlier_award_matches_and_the_body_that_orders_does_not(hall):
    member, applicant = hall.members[3], hall.applicants[0]
    partner = make_organisation(code=next_edrpou())
    earlier = make_opened(user=hall.official, proposals=0, now=hall.now - timedelta(days=90))
    person = hall.competition.proposals.get(organisation=applicant).created_by
    proposal = make_opened_proposal(earlier, bidder=(applicant, person))
    CoApplicant.objects.create(
        proposal=proposal, organisation=partner, state="accepted", invited_by=person, invited_at=hall.now
    )
    make_award(hall, proposal)
    rows = CommissionMember.objects.filter(pk=member.pk)

    rows.update(body_code=partner.code)
    assert kinds(hall, member) == [(applicant.pk, "contract", "contract")]
    rows.update(body_code=hall.competition.commissioner.organisation.code)
    assert kinds(hall, member) == []


@pytest.mark.parametrize("number", [1, 3])
def test_number_of_queries_grows_neither_with_members_nor_with_applicants(hall, django_assert_num_queries, number):
    for _each in range(number):
        make_opened_proposal(hall.competition)

    with django_assert_num_queries(7):
        matches_of_all(hall.members[:number], hall.competition)
