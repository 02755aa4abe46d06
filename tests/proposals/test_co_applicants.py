"""Providers that propose together: invited by code, agreeing themselves, until the proposal is in."""

import pytest
from django.core.exceptions import PermissionDenied

from portal.kernel.models import OutboxMessage
from portal.kernel.workflow import StepRefused
from procurement.domain.forms.proposal_forms import problems_of
from procurement.domain.proposals.co_applicants import answer_invitation, invite_co_applicant, revoke_co_applicant
from procurement.rules import can_draft_proposal, can_submit_proposal, can_view_proposal
from tests.factories.accounts import make_mandate, make_organisation, make_person
from tests.factories.procurement import close, make_bidder
from tests.factories.proposals import submit
from tests.factories.registry import next_edrpou
from tests.proposals.conftest import AT


def invite(bidder, code, *, by=None, may_edit=False, now=AT):
    return invite_co_applicant(
        proposal_id=bidder.proposal.pk, user=by or bidder.user, code=code, may_edit=may_edit, now=now
    )


@pytest.fixture
def partner(bidder):
    return make_bidder()


def test_invited_sees_nothing_until_it_agrees(bidder, partner):
    organisation, person = partner
    row = invite(bidder, organisation.code)
    assert not can_view_proposal(person, bidder.proposal)

    answer_invitation(co_applicant_id=row.pk, user=person, agrees=True, now=AT)

    assert can_view_proposal(person, bidder.proposal)
    assert not can_draft_proposal(person, bidder.proposal)
    assert not can_submit_proposal(person, bidder.proposal)


def test_one_let_to_write_writes_and_never_submits(bidder, partner):
    organisation, person = partner
    row = invite(bidder, organisation.code, may_edit=True)
    answer_invitation(co_applicant_id=row.pk, user=person, agrees=True, now=AT)

    assert can_draft_proposal(person, bidder.proposal)
    assert not can_submit_proposal(person, bidder.proposal)


def test_letter_tells_neither_the_competition_nor_who_invites(bidder, partner):
    organisation, person = partner

    invite(bidder, organisation.code)

    (letter,) = OutboxMessage.objects.filter(key__startswith="procurement:co-applicant:")
    said = str(letter.payload)
    assert person.email in said and organisation.name in said
    assert bidder.competition.number not in said
    assert bidder.organisation.name not in said
    assert bidder.competition.title not in said


@pytest.mark.parametrize("code", ["", "abc", "00000000", "' OR 1=1", "٣٣٣٣٣٣٣٣"])
def test_code_that_is_no_provider_is_refused(bidder, code):
    with pytest.raises(StepRefused):
        invite(bidder, code)


def test_organisation_outside_the_register_is_not_invited(bidder):
    with pytest.raises(StepRefused):
        invite(bidder, make_organisation(code=next_edrpou()).code)


def test_own_organisation_and_a_second_invitation_are_refused(bidder, partner):
    organisation, _person = partner
    with pytest.raises(StepRefused):
        invite(bidder, bidder.organisation.code)
    invite(bidder, organisation.code)

    with pytest.raises(StepRefused):
        invite(bidder, organisation.code)


def test_declined_may_be_asked_again(bidder, partner):
    organisation, person = partner
    row = invite(bidder, organisation.code)
    answer_invitation(co_applicant_id=row.pk, user=person, agrees=False, now=AT)

    again = invite(bidder, organisation.code)

    assert (again.pk, again.state, again.answered_at) == (row.pk, "invited", None)


def test_only_those_who_sign_for_it_answer(bidder, partner):
    organisation, _person = partner
    row = invite(bidder, organisation.code)
    editor = make_person()
    make_mandate(editor, organisation, "editor")

    for person in (editor, bidder.user, make_person()):
        with pytest.raises(PermissionDenied):
            answer_invitation(co_applicant_id=row.pk, user=person, agrees=True, now=AT)


def test_co_applicant_invites_and_revokes_nobody(bidder, partner):
    organisation, person = partner
    row = invite(bidder, organisation.code, may_edit=True)
    answer_invitation(co_applicant_id=row.pk, user=person, agrees=True, now=AT)
    other, _ = make_bidder()

    with pytest.raises(PermissionDenied):
        invite(bidder, other.code, by=person)
    with pytest.raises(PermissionDenied):
        revoke_co_applicant(proposal_id=bidder.proposal.pk, user=person, co_applicant_id=row.pk, now=AT)


def test_revoked_sees_nothing_any_more(bidder, partner):
    organisation, person = partner
    row = invite(bidder, organisation.code)
    answer_invitation(co_applicant_id=row.pk, user=person, agrees=True, now=AT)

    revoke_co_applicant(proposal_id=bidder.proposal.pk, user=bidder.user, co_applicant_id=row.pk, now=AT)

    assert not can_view_proposal(person, bidder.proposal)


def test_nothing_changes_once_it_is_submitted(full):
    organisation, person = make_bidder()
    row = invite(full, organisation.code)
    submit(full.proposal, full.user, now=AT)

    with pytest.raises(StepRefused):
        invite(full, make_bidder()[0].code)
    with pytest.raises(StepRefused):
        answer_invitation(co_applicant_id=row.pk, user=person, agrees=True, now=AT)
    with pytest.raises(StepRefused):
        revoke_co_applicant(proposal_id=full.proposal.pk, user=full.user, co_applicant_id=row.pk, now=AT)


def test_nothing_changes_after_the_end(bidder, partner):
    organisation, person = partner
    row = invite(bidder, organisation.code)
    close(bidder.competition)

    with pytest.raises(StepRefused):
        answer_invitation(co_applicant_id=row.pk, user=person, agrees=True, now=bidder.competition.closes_at)


def test_whoever_checks_looks_again_after_an_answer(full):
    organisation, person = make_bidder()
    row = invite(full, organisation.code)
    seen = full.version

    answer_invitation(co_applicant_id=row.pk, user=person, agrees=True, now=AT)

    assert full.version > seen


def test_joint_proposal_asks_for_the_agreement(full):
    definition = full.competition.versions.last().frozen["form"]["definition"]
    content = {**full.content, "about/jointly": True}

    found = problems_of(definition, content, {"lots": {"1": {"title": "", "ceiling": None}}})

    assert [one.path for one in found] == ["documents/agreement"]
