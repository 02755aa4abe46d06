"""The opening: once, with those present, and no harmed proposal stops the others."""

import json
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied

from portal.kernel import audit, clock, vault
from portal.kernel.models import LogEntry, OutboxMessage
from portal.kernel.workflow import StepRefused
from procurement import notifications
from procurement.domain.proposals.submitting import withdraw_proposal
from procurement.domain.seal import keys, sealed_files, sealing
from procurement.domain.seal.opening import open_proposals, read_opened_file
from procurement.domain.seal.receipts import receipt_of
from procurement.domain.seal.working_copies import read_copy
from procurement.models import Opening, Proposal, ProposalLot, ProposalRevision, ProposalStep, SealedFile
from tests.factories.accounts import make_official
from tests.factories.registry import make_territories
from tests.sealing.worlds import NOW, close, make_bid, make_commissioning_official, make_competition, open_all

pytestmark = [pytest.mark.django_db, pytest.mark.databases]
TEXT = "Статут товариства".encode()


@pytest.fixture(autouse=True)
def _own_places(settings, tmp_path):
    settings.PRIVATE_ROOT = tmp_path / "private"
    settings.SEALING_KEY_FILE = tmp_path / "keys" / "sealing.key"
    settings.DRAFT_KEY_FILE = tmp_path / "keys" / "drafts.key"
    keys.make_missing_keys()


@pytest.fixture
def competition(_own_places, db):
    return make_competition()


@pytest.fixture
def bids(competition):
    """Return three who submitted, the second of them with a file."""
    made = [make_bid(competition, **{"about/title": f"Пропозиція {number}"}) for number in (1, 2, 3)]
    made[1].attach("Статут.txt", TEXT)
    for bid in made:
        bid.submit()
    return made


@pytest.fixture
def official(db):
    return make_commissioning_official()


def test_opening_reads_every_submitted_proposal(competition, bids, official):
    make_bid(competition)
    close(competition)

    opening = open_all(competition, official)

    competition.refresh_from_db()
    proposals = Proposal.objects.filter(state="opened").order_by("number")
    assert (competition.state, competition.opened_at) == ("opened", competition.opening_at)
    assert [one.content["content"]["about/title"] for one in proposals] == [
        "Пропозиція 1",
        "Пропозиція 2",
        "Пропозиція 3",
    ]
    assert {one.fault for one in proposals} == {""}
    assert opening.present == [{"name": "Олена Коваль", "position": "голова комісії"}]
    assert Proposal.objects.filter(state="lapsed").count() == 1
    assert ProposalLot.objects.count() == 0 or {row.lot.number for row in ProposalLot.objects.all()} == {1}


def test_record_has_all_digests_and_their_root_and_names_nobody(competition, bids, official):
    close(competition)

    opening = open_all(competition, official)

    commitments = sorted(ProposalRevision.objects.values_list("commitment", flat=True))
    entry = LogEntry.objects.get(seq=opening.log_seq)
    payload = json.loads(entry.payload)
    assert payload["commitments"] == opening.findings["commitments"] == commitments
    assert payload["merkle_root"] == sealing.merkle_root(commitments)
    assert (payload["count"], payload["opened"], payload["faults"], payload["present"]) == (3, 3, 0, 1)
    assert "Коваль" not in entry.payload
    assert opening.findings["missing"] == []
    assert audit.verify() is None


def test_close_that_nobody_wrote_down_yet_is_written_down_first(competition, bids, official):
    with clock.standing_at(competition.opening_at):
        opening = open_all(competition, official)

    competition.refresh_from_db()
    assert (competition.closed_at, opening.findings["opened"]) == (competition.closes_at, 3)
    assert list(competition.steps.values_list("step", flat=True)) == ["close", "open"]


def test_last_submission_counts(competition, bids, official):
    bids[0].write(about__title="Друга думка")
    bids[0].submit(NOW + timedelta(hours=2))
    close(competition)

    opening = open_all(competition, official)

    assert bids[0].proposal.content["content"]["about/title"] == "Друга думка"
    assert opening.findings["missing"] == []


def test_withdrawn_proposal_stays_sealed(competition, bids, official):
    with clock.standing_at(NOW + timedelta(hours=2)):
        withdraw_proposal(proposal_id=bids[0].proposal_id, user=bids[0].user)
    close(competition)

    opening = open_all(competition, official)

    assert (bids[0].proposal.state, bids[0].proposal.content) == ("lapsed", None)
    assert opening.findings["count"] == 2


def test_files_are_readable_after_the_opening_and_their_keys_stay_encrypted(competition, bids, official):
    close(competition)
    with pytest.raises(vault.VaultError):
        read_copy(bids[1].proposal)
    open_all(competition, official)

    proposal = bids[1].proposal
    (file_id,) = proposal.content["files"]
    about, content = read_opened_file(proposal, file_id)

    assert (about["name"], content) == ("Статут.txt", TEXT)
    row = SealedFile.objects.get()
    with pytest.raises(vault.SealBroken):
        sealed_files.read(proposal, file_id, about, sealed_files.key_of(about)[:32])
    assert TEXT not in sealed_files.path_of(row).read_bytes()


def test_receipt_of_an_opened_proposal_is_proved_by_its_content(competition, bids, official):
    revision = bids[0].proposal.revisions.get()
    close(competition)
    assert not receipt_of(bids[0].proposal.revisions.get()).is_provable

    open_all(competition, official)

    receipt = receipt_of(bids[0].proposal.revisions.get())
    assert sealing.commitment_of(receipt.digest, receipt.salt) == revision.commitment


@pytest.mark.parametrize("present", [[], [{"name": " ", "position": "голова"}]])
def test_nobody_present_opens_nothing(competition, bids, official, present):
    close(competition)

    with pytest.raises(StepRefused):
        open_all(competition, official, present=present)
    assert not Opening.objects.exists()


def test_too_early_opens_nothing(competition, bids, official):
    with pytest.raises(StepRefused):
        open_all(competition, official)
    close(competition)
    with pytest.raises(StepRefused):
        open_all(competition, official, now=competition.opening_at - timedelta(microseconds=1))

    assert {one.content for one in Proposal.objects.all()} == {None}


def test_only_who_orders_there_opens(competition, bids):
    close(competition)
    others = [
        make_official("commissioner", make_territories().odeska),
        make_official("registrar", make_territories().poltavska),
        make_official("auditor"),
        bids[0].user,
    ]

    for user in others:
        with pytest.raises(PermissionDenied):
            open_all(competition, user)


def test_opening_twice_changes_nothing(competition, bids, official):
    close(competition)
    open_all(competition, official)
    before = list(Proposal.objects.values()), LogEntry.objects.count(), OutboxMessage.objects.count()

    with pytest.raises(StepRefused):
        open_all(competition, official)

    assert (list(Proposal.objects.values()), LogEntry.objects.count(), OutboxMessage.objects.count()) == before


def test_nobody_submitted_is_not_opened(competition, official):
    make_bid(competition)
    close(competition)

    with pytest.raises(StepRefused):
        open_all(competition, official)


# --- what somebody has harmed ----------------------------------------------------------------------------------------


def harm(revision, how, other):
    if how == "altered":
        revision.sealed = bytes(revision.sealed)[:-1] + bytes([bytes(revision.sealed)[-1] ^ 1])
    elif how == "cut":
        revision.sealed = bytes(revision.sealed)[:40]
    elif how == "swapped":
        revision.sealed = other.sealed
    elif how == "commitment":
        revision.commitment = "f" * 64
    revision.save()


@pytest.mark.parametrize("how", ["altered", "cut", "swapped", "commitment"])
def test_harmed_proposal_is_recorded_and_stops_nothing(competition, bids, official, how):
    revisions = [bid.proposal.revisions.get() for bid in bids]
    harm(revisions[0], how, revisions[1])
    close(competition)

    opening = open_all(competition, official)

    harmed = bids[0].proposal
    assert (harmed.state, harmed.content) == ("opened", None)
    assert harmed.fault
    assert [fault["proposal"] for fault in opening.findings["faults"]] == [harmed.number]
    assert all(bid.proposal.content for bid in bids[1:])
    assert opening.findings["opened"] == 2
    assert bool(opening.findings["missing"]) == (how == "commitment")


def test_own_earlier_submission_put_in_place_of_the_last_is_found(competition, bids, official):
    bids[0].write(about__title="Друга думка")
    second = bids[0].submit(NOW + timedelta(hours=2))
    second.sealed = bids[0].proposal.revisions.get(number=1).sealed
    second.save()
    close(competition)

    open_all(competition, official)

    assert bids[0].proposal.content is None


def test_submission_that_the_log_does_not_know_is_found(competition, bids, official):
    """Whoever writes to the database can seal a proposal of their own and count its digest; the log was not asked."""
    revision = bids[0].proposal.revisions.get()
    forged = sealing.Statement({"content": {}, "files": {}, "lots": []}, "0" * 64)
    revision.sealed, revision.commitment = sealing.seal(forged, bids[0].proposal), forged.commitment
    revision.save()
    close(competition)

    opening = open_all(competition, official)

    assert bids[0].proposal.content is None
    assert len(opening.findings["missing"]) == 1


def test_lost_file_is_recorded_with_its_proposal_readable(competition, bids, official):
    sealed_files.path_of(SealedFile.objects.get()).unlink()
    close(competition)

    opening = open_all(competition, official)

    assert "Статут.txt" in bids[1].proposal.fault
    assert bids[1].proposal.content["content"]["about/title"] == "Пропозиція 2"
    assert len(opening.findings["faults"]) == 1


@pytest.mark.parametrize("how", ["lost", "wrong"])
def test_without_the_sealing_key_nothing_happens_and_with_it_all_does(competition, bids, official, settings, how):
    kept = settings.SEALING_KEY_FILE.read_bytes()
    settings.SEALING_KEY_FILE.unlink()
    if how == "wrong":
        vault.write_new_key(settings.SEALING_KEY_FILE, "another")
    close(competition)

    with pytest.raises(vault.VaultError):
        open_all(competition, official)
    competition.refresh_from_db()
    assert competition.state == "closed"
    assert not ProposalStep.objects.filter(step="open").exists()

    settings.SEALING_KEY_FILE.write_bytes(kept)
    assert open_all(competition, official).findings["opened"] == 3


def test_crash_in_the_middle_leaves_everything_sealed(competition, bids, official, monkeypatch):
    close(competition)
    tell = notifications.note_competition_step

    def crash(**_told):
        raise SystemExit

    monkeypatch.setattr(notifications, "note_competition_step", crash)
    with pytest.raises(SystemExit):
        open_all(competition, official)
    assert {one.content for one in Proposal.objects.all()} == {None}
    assert not Opening.objects.exists()

    monkeypatch.setattr(notifications, "note_competition_step", tell)
    assert open_all(competition, official).findings["opened"] == 3


def test_opening_holds_names_as_they_are_given(competition, bids, official):
    close(competition)

    opening = open_proposals(
        competition_id=competition.pk,
        user=official,
        present=[{"name": "  Іван \n Бойко ", "position": "", "phone": "1"}, {"position": "без імені"}],
        now=competition.opening_at,
    )

    assert opening.present == [{"name": "Іван Бойко", "position": ""}]
