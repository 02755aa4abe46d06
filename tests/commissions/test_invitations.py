"""The way of a named person to the work: an account is tied at once, another address gets a key that works once."""

import re
from datetime import timedelta

import pytest

from portal.kernel.models import OutboxMessage
from portal.kernel.workflow import StepRefused
from procurement.domain.evaluation.interests import tell_interest
from procurement.domain.evaluation.invitations import (
    ForAnotherAddress,
    accept_invitation,
    find_invitation,
    invite_member,
)
from procurement.domain.evaluation.members import put_member, remove_member
from tests.factories.accounts import make_person
from tests.factories.evaluation import make_commission, make_member
from tests.factories.ordering import NOW, make_official_who_orders
from tests.factories.rule_profiles import make_rules

pytestmark = pytest.mark.django_db
EMAIL = "bondar@gov.example"


@pytest.fixture
def commission():
    make_rules()
    return make_commission(members=0, state="draft", appointed_at=None)


@pytest.fixture
def official(commission):
    return make_official_who_orders(commission.hromada)


def name(commission, official, email=EMAIL, now=NOW):
    values = {"name": "Бондар Петро", "email": email, "role": "member"}
    return put_member(commission_id=commission.pk, user=official, values=values, now=now)


def token() -> str:
    letter = OutboxMessage.objects.filter(key__startswith="procurement:commission-invitation:").latest("pk")
    return re.search(r"/cabinet/commission/invitations/([\w-]+)/", letter.payload["text"]).group(1)


def test_account_of_the_address_is_tied_at_once(commission, official):
    person = make_person(EMAIL)

    member = name(commission, official)

    assert (member.user, member.invitation_digest) == (person, "")
    assert OutboxMessage.objects.get(kind="mail").payload["to"] == [EMAIL]


def test_unconfirmed_address_ties_nobody(commission, official):
    person = make_person(EMAIL)
    person.emailaddress_set.update(verified=False)

    assert name(commission, official).user is None


def test_invited_person_accepts_once(commission, official):
    member = name(commission, official)
    key = token()
    person = make_person(EMAIL)

    accepted = accept_invitation(token=key, user=person, now=NOW + timedelta(days=2))

    assert (accepted.pk, accepted.user, accepted.invitation_digest) == (member.pk, person, "")
    with pytest.raises(StepRefused):
        accept_invitation(token=key, user=person, now=NOW + timedelta(days=2))


def test_key_works_for_the_invited_address_alone(commission, official):
    name(commission, official)

    with pytest.raises(ForAnotherAddress):
        find_invitation(token=token(), user=make_person(), now=NOW)


def test_key_works_for_a_time(commission, official, settings):
    name(commission, official)
    person = make_person(EMAIL)

    with pytest.raises(StepRefused):
        find_invitation(token=token(), user=person, now=NOW + settings.INVITATION_LIFE)


def test_key_of_a_removed_member_leads_nowhere(commission, official):
    member = name(commission, official)
    key = token()
    remove_member(member_id=member.pk, user=official, now=NOW)

    with pytest.raises(StepRefused):
        find_invitation(token=key, user=make_person(EMAIL), now=NOW)


def test_changed_address_takes_the_first_key_away(commission, official):
    member = name(commission, official)
    key = token()
    values = {"email": "petro@gov.example"}
    put_member(commission_id=commission.pk, user=official, member_id=member.pk, values=values, now=NOW)

    with pytest.raises(StepRefused):
        find_invitation(token=key, user=make_person(EMAIL), now=NOW)
    assert find_invitation(token=token(), user=make_person("petro@gov.example"), now=NOW).pk == member.pk


def test_letter_is_sent_again_after_a_day(commission, official):
    member = name(commission, official)
    key = token()

    with pytest.raises(StepRefused):
        invite_member(member_id=member.pk, user=official, now=NOW + timedelta(hours=1))
    invite_member(member_id=member.pk, user=official, now=NOW + timedelta(days=1, hours=1))

    assert token() != key
    with pytest.raises(StepRefused):
        find_invitation(token=key, user=make_person(EMAIL), now=NOW + timedelta(days=2))


def test_nobody_is_flooded_with_letters(commission, official, settings):
    settings.INVITATIONS_A_DAY = 2
    name(commission, official, "one@gov.example"), name(commission, official, "two@gov.example")

    with pytest.raises(StepRefused):
        name(commission, official, "three@gov.example")
    assert name(commission, official, "three@gov.example", NOW + timedelta(days=2)).invitation_digest


def test_person_is_in_a_commission_once(commission, official):
    name(commission, official)
    person = make_person(EMAIL)
    make_member(commission, user=person, email="other@gov.example")

    with pytest.raises(StepRefused):
        accept_invitation(token=token(), user=person, now=NOW)


def test_told_interests_go_along_into_another_commission(commission, official):
    person = make_person(EMAIL)
    earlier = make_member(make_commission(members=0), user=person)
    tell_interest(member_id=earlier.pk, user=person, values={"kind": "founder", "name": "ГО «Поруч»"}, now=NOW)

    member = name(commission, official)

    assert [one.name for one in member.interests.all()] == ["ГО «Поруч»"]
