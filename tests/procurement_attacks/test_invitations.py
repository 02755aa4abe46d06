"""Invitations to a joint proposal: no way to flood strangers with letters, none back for who has declined."""

import pytest

from portal.kernel.models import OutboxMessage
from portal.kernel.workflow import StepRefused
from procurement.domain.proposals.co_applicants import answer_invitation, invite_co_applicant, revoke_co_applicant
from procurement.rules import can_view_proposal
from tests.factories.procurement import make_bidder
from tests.factories.proposals import submit
from tests.proposals.conftest import AT


@pytest.fixture
def rival(bidder):
    return make_bidder()


def invite(bidder, organisation):
    return invite_co_applicant(
        proposal_id=bidder.proposal.pk, user=bidder.user, code=organisation.code, may_edit=True, now=AT
    )


def test_invitation_sent_and_taken_back_again_and_again_is_one_letter(bidder, rival):
    organisation, _person = rival
    for _round in range(3):
        row = invite(bidder, organisation)
        revoke_co_applicant(proposal_id=bidder.proposal.pk, user=bidder.user, co_applicant_id=row.pk, now=AT)

    assert OutboxMessage.objects.filter(key__startswith="procurement:co-applicant:").count() == 1


def test_who_declined_does_not_come_in_without_a_new_invitation(bidder, rival):
    organisation, person = rival
    row = invite(bidder, organisation)
    answer_invitation(co_applicant_id=row.pk, user=person, agrees=False, now=AT)

    with pytest.raises(StepRefused):
        answer_invitation(co_applicant_id=row.pk, user=person, agrees=True, now=AT)

    assert not can_view_proposal(person, bidder.proposal)


def test_page_of_a_declined_invitation_says_nothing_of_what_came_after(bidder, rival, sign_in):
    organisation, person = rival
    row = invite(bidder, organisation)
    answer_invitation(co_applicant_id=row.pk, user=person, agrees=False, now=AT)

    assert sign_in(person).get(f"/cabinet/proposals/invitations/{row.pk}/").status_code == 404


def test_unanswered_invitation_to_what_is_submitted_looks_like_one_taken_back(full, sign_in):
    organisation, person = make_bidder()
    row = invite(full, organisation)
    client, address = sign_in(person), f"/cabinet/proposals/invitations/{row.pk}/"
    assert client.get(address).status_code == 200

    submit(full.proposal, full.user, now=AT)

    assert client.get(address).status_code == client.post(address, {"answer": "yes"}).status_code == 404
    assert address not in client.get("/cabinet/").content.decode()
