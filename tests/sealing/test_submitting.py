"""Submitting, replacing, confirming, withdrawing: exact moments, one press, one digest in the log."""

import json
from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied

from portal.accounts.models import Mandate
from portal.kernel import audit, clock
from portal.kernel.models import LogEntry, VerificationCode
from portal.kernel.verification import kind_label
from portal.kernel.workflow import StepRefused
from procurement.domain.proposals.submitting import Incomplete, confirm_proposal, withdraw_proposal
from procurement.domain.seal import sealing
from procurement.domain.seal.receipts import receipt_of
from procurement.enums import ProposalState
from procurement.models import Competition, CompetitionPolicy, Proposal, ProposalRevision, ProposalStep
from tests.factories.accounts import make_mandate, make_official, make_person
from tests.sealing.worlds import CLOSES, NOW, announce_again, make_bid, make_competition

pytestmark = [pytest.mark.django_db, pytest.mark.databases]
MOMENT = timedelta(microseconds=1)


@pytest.fixture
def bid():
    return make_bid(make_competition())


def confirm(bid, at=NOW + timedelta(hours=5), **told):
    with clock.standing_at(at):
        return confirm_proposal(proposal_id=bid.proposal_id, user=bid.user, key=uuid4(), **told)


def withdraw(bid, at=NOW + timedelta(hours=5)):
    with clock.standing_at(at):
        return withdraw_proposal(proposal_id=bid.proposal_id, user=bid.user)


def unsettle(bid):
    version = announce_again(bid.competition, NOW + timedelta(hours=2))
    Proposal.objects.filter(pk=bid.proposal_id).update(state=ProposalState.UNCONFIRMED)
    return version


def logged():
    return [(entry.tag, json.loads(entry.payload)) for entry in LogEntry.objects.order_by("seq")]


def test_submission_is_sealed_numbered_logged_and_has_a_receipt(bid):
    revision = bid.submit(NOW + timedelta(hours=3))

    proposal = bid.proposal
    assert (proposal.state, proposal.number, proposal.submitted_at) == ("submitted", 1, NOW + timedelta(hours=3))
    assert (revision.number, revision.at) == (1, NOW + timedelta(hours=3))
    assert logged() == [("procurement:proposal:submit", {"commitment": revision.commitment})]
    entry = LogEntry.objects.get(seq=revision.log_seq)
    assert (entry.subject, entry.actor_role) == (f"procurement.competition:{bid.competition.number}", "bidder")
    assert revision.receipt.document_digest == revision.commitment
    assert kind_label(revision.receipt.kind) != revision.receipt.kind
    assert ProposalStep.objects.get().step == "submit"
    assert audit.verify() is None


def test_nothing_in_log_or_receipt_says_who(bid):
    bid.submit()

    told = str(list(LogEntry.objects.values())) + str(list(VerificationCode.objects.values()))
    assert bid.proposal.organisation.name not in told
    assert str(bid.proposal_id) not in told
    assert bid.user.email not in told


def test_commitment_is_what_its_bidder_can_count_again(bid):
    revision = bid.submit()

    receipt = receipt_of(revision)
    assert receipt.is_provable
    assert sealing.commitment_of(receipt.digest, receipt.salt) == revision.commitment
    assert receipt.commitment == revision.commitment


def test_equal_proposals_have_unequal_commitments(bid):
    other = make_bid(bid.competition)

    assert bid.submit().commitment != other.submit().commitment
    assert other.proposal.number == 2


@pytest.mark.parametrize(
    ("at", "accepted"),
    [
        (NOW - MOMENT, False),
        (NOW, True),
        (CLOSES - MOMENT, True),
        (CLOSES, False),
        (CLOSES + MOMENT, False),
    ],
)
def test_close_is_exclusive_to_the_microsecond(bid, at, accepted):
    if accepted:
        assert bid.submit(at).at == at
        return
    with pytest.raises(StepRefused):
        bid.submit(at)
    assert bid.proposal.state == ProposalState.DRAFT
    assert not ProposalRevision.objects.exists()


@pytest.mark.parametrize("state", ["closed", "cancelled"])
def test_ended_competition_accepts_nothing_however_early(bid, state):
    ended = {"ended_at": NOW, "end_reason": "Скасовано."} if state == "cancelled" else {}
    Competition.objects.filter(pk=bid.competition.pk).update(state=state, closed_at=CLOSES, **ended)

    with pytest.raises(StepRefused):
        bid.submit()


def test_same_key_is_the_same_submission_after_the_close_too(bid):
    key = uuid4()
    first = bid.submit(key=key)
    bid.write(about__title="Інше")

    assert bid.submit(key=key) == first
    assert bid.submit(CLOSES + timedelta(days=1), key=key) == first
    assert ProposalRevision.objects.count() == 1


def test_key_of_another_proposal_is_refused(bid):
    key = uuid4()
    make_bid(bid.competition).submit(key=key)

    with pytest.raises(StepRefused):
        bid.submit(key=key)


def test_replacing_keeps_the_number_and_supersedes_the_receipt(bid):
    first = bid.submit()
    bid.write(about__title="Інша назва")
    second = bid.submit()

    first.refresh_from_db()
    assert (second.number, bid.proposal.number) == (2, 1)
    assert first.receipt.superseded_by == second.receipt
    # the log does not tell a second submission from a first one
    assert {tag for tag, _payload in logged()} == {"procurement:proposal:submit"}
    assert receipt_of(first).is_provable
    assert receipt_of(first).salt != receipt_of(second).salt


def test_only_a_signing_mandate_submits(bid):
    editor, stranger, administrator = make_person(), make_person(), make_official("administrator")
    make_mandate(editor, bid.proposal.organisation, "editor")

    for user in (editor, stranger, administrator):
        bid.user = user
        with pytest.raises(PermissionDenied):
            bid.submit()


def test_ended_mandate_does_not_even_repeat_a_submission(bid):
    key = uuid4()
    bid.submit(key=key)
    Mandate.objects.all().delete()

    with pytest.raises(PermissionDenied):
        bid.submit(key=key)


def test_draft_changed_meanwhile_is_refused(bid):
    version = bid.proposal.draft_version
    bid.write(about__title="Змінено іншим")

    with pytest.raises(StepRefused):
        bid.submit(draft_version=version)


def test_announcement_changed_meanwhile_is_refused(bid):
    announce_again(bid.competition, NOW)

    with pytest.raises(StepRefused):
        bid.submit(announcement=1)
    revision = bid.submit(announcement=2)
    assert revision.competition_version.number == bid.proposal.competition_version.number == 2


def test_incomplete_proposal_names_what_is_missing(bid):
    bid.write(about__title="")

    with pytest.raises(Incomplete) as refusal:
        bid.submit()
    assert [problem.path for problem in refusal.value.problems] == ["about/title"]
    assert logged() == []


def test_organisation_that_may_not_take_part_is_refused(bid):
    version = bid.competition.versions.get()
    version.frozen["policy"]["needs_register"] = True
    version.save()
    CompetitionPolicy.objects.update(needs_register=True)

    with pytest.raises(StepRefused):
        bid.submit()


def test_file_lost_from_the_disk_is_said_before_and_not_at_the_opening(bid, settings, tmp_path):
    bid.attach("a.txt", b"text")
    settings.PRIVATE_ROOT = tmp_path / "elsewhere"

    with pytest.raises(StepRefused, match=r"a\.txt"):
        bid.submit()


def test_confirming_stands_by_what_was_submitted(bid):
    revision = bid.submit()
    version = unsettle(bid)

    proposal = confirm(bid, announcement=2)
    again = confirm(bid, NOW + timedelta(hours=6))

    assert (proposal.state, proposal.competition_version) == ("submitted", version)
    assert again.confirmed_at == proposal.confirmed_at == NOW + timedelta(hours=5)
    assert logged()[1:] == [("procurement:proposal:confirm", {"commitment": revision.commitment})]
    assert ProposalRevision.objects.count() == 1


def test_confirming_is_refused_after_the_close_and_for_what_needs_none(bid):
    with pytest.raises(StepRefused):
        confirm(bid)
    bid.submit()
    with pytest.raises(StepRefused):
        confirm(bid)
    unsettle(bid)
    with pytest.raises(StepRefused):
        confirm(bid, CLOSES)


def test_submitting_anew_settles_what_was_unsettled(bid):
    bid.submit()
    unsettle(bid)

    bid.submit(NOW + timedelta(hours=5))

    assert bid.proposal.state == ProposalState.SUBMITTED


def test_withdrawing_revokes_the_receipt_and_may_be_done_until_the_close(bid):
    revision = bid.submit()

    withdraw(bid, CLOSES - MOMENT)
    withdraw(bid, CLOSES - MOMENT)

    revision.refresh_from_db()
    assert bid.proposal.state == ProposalState.WITHDRAWN
    assert revision.withdrawn_at == CLOSES - MOMENT
    assert revision.receipt.revoked_reason
    assert [tag for tag, _payload in logged()] == ["procurement:proposal:submit", "procurement:proposal:withdraw"]


def test_withdrawing_is_refused_at_the_close(bid):
    bid.submit()

    with pytest.raises(StepRefused):
        withdraw(bid, CLOSES)
    assert bid.proposal.state == ProposalState.SUBMITTED


def test_withdrawn_proposal_may_come_again_under_its_number(bid):
    bid.submit()
    withdraw(bid)

    revision = bid.submit(NOW + timedelta(hours=6))

    assert (revision.number, bid.proposal.number, bid.proposal.state) == (2, 1, ProposalState.SUBMITTED)
    assert revision.receipt.is_valid


def test_seal_opens_only_with_the_key_of_its_competition_and_for_its_proposal(bid):
    revision, other = bid.submit(), make_bid(make_competition())
    from portal.kernel import vault
    from procurement.domain.seal.keys import private_key_of

    statement = sealing.unseal(bytes(revision.sealed), private_key_of(bid.competition), bid.proposal)

    assert statement.body["content"]["about/title"] == "Підтримане проживання"
    assert statement.body["competition"] == bid.competition.number
    for key, proposal in (
        (private_key_of(other.competition), bid.proposal),
        (private_key_of(bid.competition), make_bid(bid.competition).proposal),
    ):
        with pytest.raises(vault.SealBroken):
            sealing.unseal(bytes(revision.sealed), key, proposal)


def test_root_of_digests_changes_with_every_one_of_them():
    digests = [f"{number:064x}" for number in range(1, 8)]

    roots = {sealing.merkle_root(digests[:length]) for length in range(8)}
    assert len(roots) == 8
    assert sealing.merkle_root(reversed(digests)) == sealing.merkle_root(digests)
    # the example of two leaves, counted by hand
    from hashlib import sha256

    leaves = [sha256(b"\0" + bytes.fromhex(one)).digest() for one in digests[:2]]
    assert sealing.merkle_root(digests[:2]) == sha256(b"\1" + leaves[0] + leaves[1]).hexdigest()
