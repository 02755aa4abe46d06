"""Working copies and their files: unreadable where they lie, gone at the close."""

import io
from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import RequestFactory

from portal.kernel import vault
from portal.kernel.document_types import DocumentRefused
from procurement.domain.seal import sealed_files
from procurement.domain.seal.working_copies import (
    WorkingCopy,
    destroy_copies,
    read_copy,
    read_file,
    store_file,
    write_copy,
)
from procurement.models import Proposal, SealedFile
from tests.factories.applications import PDF
from tests.sealing.worlds import NOW, make_bid, make_competition

pytestmark = pytest.mark.django_db
TEXT = "Таємниця пропозиції".encode()


@pytest.fixture(autouse=True)
def _own_folder(settings, tmp_path):
    settings.PRIVATE_ROOT = tmp_path


@pytest.fixture
def bid():
    return make_bid(make_competition())


def files(root):
    return [path for path in root.rglob("*") if path.is_file()]


def test_copy_comes_back_as_it_was(bid):
    proposal = bid.proposal
    copy = WorkingCopy({"a": "б"}, {"a": {"version": 2}}, {"f": {"name": "x"}}, {"1": {"salt": "s", "digest": "d"}})

    write_copy(proposal, copy)
    proposal.save()

    assert read_copy(bid.proposal) == copy


def test_copy_of_another_proposal_does_not_open(bid):
    other = make_bid(bid.competition).proposal
    proposal = bid.proposal

    other.draft, other.draft_key = proposal.draft, proposal.draft_key

    with pytest.raises(vault.SealBroken):
        read_copy(other)


def test_receipts_survive_a_copy_that_is_made_anew(bid):
    proposal = bid.proposal
    write_copy(proposal, WorkingCopy(receipts={"1": {"salt": "s", "digest": "d"}}))

    write_copy(proposal, WorkingCopy({"a": "b"}))

    assert read_copy(proposal).receipts == {"1": {"salt": "s", "digest": "d"}}


def test_destroyed_copy_is_neither_read_nor_written(bid):
    assert destroy_copies(bid.competition.pk) == 1
    assert destroy_copies(bid.competition.pk) == 0

    proposal = bid.proposal
    assert (bytes(proposal.draft), proposal.draft_key) == (b"", None)
    with pytest.raises(vault.KeyMissing):
        read_copy(proposal)
    with pytest.raises(vault.KeyMissing):
        write_copy(proposal, WorkingCopy({"a": "b"}))


def test_destroying_touches_no_other_competition(bid):
    destroy_copies(make_competition().pk)

    assert read_copy(bid.proposal).content


def test_file_comes_back_and_only_ciphertext_is_on_the_disk(bid, tmp_path):
    key = bid.attach("План.txt", TEXT)

    about, content = read_file(bid.proposal, key)

    assert content == TEXT
    assert {name: about[name] for name in ("name", "size", "type")} == {
        "name": "План.txt",
        "size": len(TEXT),
        "type": "text/plain",
    }
    row = SealedFile.objects.get()
    assert files(tmp_path) == [tmp_path / "sealed" / row.sha256[:2] / row.sha256]
    assert TEXT not in sealed_files.path_of(row).read_bytes()


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("a.pdf", b"no pdf at all", "disguised"),
        ("a.exe", b"MZ", "type"),
        ("a.txt", b"", "empty"),
        ("../a.txt", TEXT, "name"),
        ("a.txt", b"<script>x</script>", "markup"),
    ],
)
def test_files_are_looked_into_and_leave_nothing_when_refused(bid, tmp_path, name, content, code):
    file = ContentFile(content)
    file.name = name

    with pytest.raises(DocumentRefused) as refusal:
        store_file(bid.proposal, file, by=bid.user, now=NOW)

    assert refusal.value.code == code
    assert files(tmp_path) == []
    assert not SealedFile.objects.exists()


def test_too_large_file_is_refused(bid, settings, tmp_path):
    settings.DOCUMENT_MAX_BYTES = 10

    with pytest.raises(DocumentRefused) as refusal:
        store_file(bid.proposal, ContentFile(b"x" * 11, "a.txt"), by=bid.user, now=NOW)

    assert (refusal.value.code, files(tmp_path)) == ("oversized", [])


def test_flood_of_sealed_files_is_refused(bid, settings):
    bid.attach("a.txt", TEXT)
    settings.DOCUMENT_BYTES_A_DAY = SealedFile.objects.get().size

    with pytest.raises(DocumentRefused) as refusal:
        store_file(bid.proposal, ContentFile(TEXT, "b.txt"), by=bid.user, now=NOW)
    assert refusal.value.code == "flood"
    assert store_file(bid.proposal, ContentFile(TEXT, "b.txt"), by=bid.user, now=NOW + timedelta(days=1))


@pytest.mark.parametrize("harm", ["altered", "gone", "swapped"])
def test_harmed_file_does_not_open(bid, harm):
    key = bid.attach("a.txt", TEXT)
    path = sealed_files.path_of(SealedFile.objects.get(pk=key))
    if harm == "altered":
        path.write_bytes(path.read_bytes()[:-1] + b"!")
    elif harm == "gone":
        path.unlink()
    else:
        other = SealedFile.objects.get(pk=bid.attach("b.txt", TEXT))
        SealedFile.objects.filter(pk=key).update(sha256=other.sha256)

    with pytest.raises(vault.SealBroken):
        read_file(bid.proposal, key)


def test_file_of_another_proposal_is_not_known(bid):
    key = bid.attach("a.txt", TEXT)

    with pytest.raises(KeyError):
        read_file(make_bid(bid.competition).proposal, key)


# --- on the way in ---------------------------------------------------------------------------------------------------


def uploaded(path, content, name="a.pdf"):
    request = RequestFactory().post(path, {"file": SimpleUploadedFile(name, content)})
    return request.FILES["file"]


@pytest.mark.parametrize("size", [10, 3_000_000])
@pytest.mark.parametrize("path", ["/cabinet/proposals/x/files/", "/en/cabinet/proposals/x/files/"])
def test_upload_of_a_proposal_never_meets_a_disk(path, size):
    file = uploaded(path, PDF + b"x" * size)

    assert isinstance(file.file, io.BytesIO)
    assert (file.read(), file.size) == (PDF + b"x" * size, len(PDF) + size)


def test_large_upload_elsewhere_goes_where_it_went():
    assert uploaded("/desk/imports/", b"x" * 3_000_000).temporary_file_path()


def test_upload_larger_than_any_document_is_not_kept(bid, settings):
    settings.DOCUMENT_MAX_BYTES = 100_000
    file = uploaded("/cabinet/proposals/x/", b"x" * 3_000_000)

    assert len(file.file.getvalue()) < 300_000
    with pytest.raises(DocumentRefused) as refusal:
        store_file(bid.proposal, file, by=bid.user, now=NOW)
    assert refusal.value.code == "oversized"


def test_proposals_have_no_copy_in_the_clear(bid):
    row = Proposal.objects.filter(pk=bid.proposal_id).values().get()

    assert "Підтримане" not in str({**row, "draft": bytes(row["draft"])})
