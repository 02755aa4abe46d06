"""Documents of a proposal, and the proposal as a file that goes out and comes back."""

import json

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.base import ContentFile

from portal.kernel.document_types import DocumentRefused
from portal.kernel.workflow import StepRefused
from procurement.domain.proposals.drafts import attach_document, detach_document, export_proposal, import_proposal
from procurement.domain.seal.working_copies import read_copy, read_file
from procurement.models import SealedFile
from tests.factories.accounts import make_person
from tests.factories.procurement import make_bidder, make_published
from tests.factories.proposals import PDF, attach, begin, write
from tests.proposals.conftest import AT


def exported(bidder) -> dict:
    bidder.proposal.refresh_from_db()
    return json.loads(export_proposal(bidder.proposal, read_copy(bidder.proposal)))


def bring_back(bidder, frame, *, base: int | None = None):
    data = frame if isinstance(frame, bytes) else json.dumps(frame, ensure_ascii=False).encode()
    return import_proposal(
        proposal_id=bidder.proposal.pk,
        user=bidder.user,
        base_version=bidder.version if base is None else base,
        data=data,
        now=AT,
    )


def test_document_is_read_back_by_its_owner_and_lies_encrypted(bidder, settings, tmp_path):
    # other tests leave the same bytes in the common folder, in the clear and rightly so
    settings.PRIVATE_ROOT = tmp_path
    key = attach(bidder.proposal, bidder.user, now=AT, name="Статут громади.pdf")

    bidder.proposal.refresh_from_db()
    about, content = read_file(bidder.proposal, key)
    assert (about["name"], content, bidder.content["documents/statute"]) == ("Статут громади.pdf", PDF, key)
    kept = [path.read_bytes() for path in settings.PRIVATE_ROOT.rglob("*") if path.is_file()]
    assert not any(PDF in one for one in kept)


def test_another_file_takes_the_place_and_the_first_stays_for_what_was_submitted(bidder):
    first = attach(bidder.proposal, bidder.user, now=AT)
    second = attach(bidder.proposal, bidder.user, now=AT, name="Новий.pdf")

    assert bidder.content["documents/statute"] == second
    assert SealedFile.objects.filter(pk=first).exists()


def test_document_is_taken_out(bidder):
    attach(bidder.proposal, bidder.user, now=AT)

    detach_document(
        proposal_id=bidder.proposal.pk,
        user=bidder.user,
        path="documents/statute",
        base_version=bidder.version,
        now=AT,
    )

    assert "documents/statute" not in bidder.content


def test_two_people_who_bring_a_file_choose_which_stays(bidder):
    base = bidder.version
    first = attach(bidder.proposal, bidder.user, now=AT)
    second, saved = attach_document(
        proposal_id=bidder.proposal.pk,
        user=bidder.colleague_user,
        path="documents/statute",
        file=ContentFile(PDF + b"\n%%EOF", "Інший.pdf"),
        base_version=base,
        now=AT,
    )

    assert [(one.mine, one.theirs) for one in saved.conflicts] == [(second, first)]
    assert write(bidder.proposal, bidder.colleague_user, {"documents/statute": second}, now=AT).refused == {}
    assert bidder.content["documents/statute"] == second


@pytest.mark.parametrize(
    ("path", "name", "content", "error"),
    [
        ("documents/statute", "virus.exe", b"MZ", DocumentRefused),
        ("documents/statute", "Статут.pdf", b"not a pdf", DocumentRefused),
        ("documents/statute", "../x.pdf", PDF, DocumentRefused),
        ("service/place", "Статут.pdf", PDF, StepRefused),
        ("documents/none", "Статут.pdf", PDF, StepRefused),
    ],
)
def test_wrong_file_or_place_is_refused(bidder, path, name, content, error):
    file = ContentFile(content)
    file.name = name
    with pytest.raises(error):
        attach_document(proposal_id=bidder.proposal.pk, user=bidder.user, path=path, file=file, base_version=1, now=AT)
    assert bidder.version == 1


def test_stranger_attaches_nothing(bidder):
    with pytest.raises(PermissionDenied):
        attach(bidder.proposal, make_person(), now=AT)


def test_file_of_another_proposal_is_no_document_of_this_one(bidder):
    organisation, user = make_bidder()
    other = begin(bidder.competition, organisation, user, now=AT)
    key = attach(other, user, now=AT)

    assert bidder.write(documents__statute=key).refused


# --- out and back --------------------------------------------------------------------------------------------------


def test_export_and_import_change_nothing(full):
    before = full.content

    saved = bring_back(full, exported(full))

    assert (saved.refused, saved.conflicts, full.content) == ({}, [], before)


def test_import_brings_back_what_was_changed_in_the_file_by_nobody(bidder):
    bidder.write(service__place="перше")
    frame = exported(bidder)
    base = bidder.version
    bidder.write(service__place="друге", service__content="нове")

    saved = bring_back(bidder, frame, base=bidder.version)

    assert {one.path: (one.mine, one.theirs) for one in saved.conflicts} == {
        "service/place": ("перше", "друге"),
        "service/content": (None, "нове"),
    }
    assert base < bidder.version


def test_export_names_documents_and_holds_no_key(bidder):
    attach(bidder.proposal, bidder.user, now=AT)

    (file,) = exported(bidder)["files"]

    assert set(file) == {"id", "name", "sha256"}


@pytest.mark.parametrize(
    "spoil",
    [
        lambda frame: b"not json",
        lambda frame: b"\xff\xfe",
        lambda frame: [],
        lambda frame: {**frame, "format": "other"},
        lambda frame: {**frame, "format_version": 2},
        lambda frame: {**frame, "version": "1"},
        lambda frame: {**frame, "content": {**frame["content"], "service/place": "підмінено"}},
        lambda frame: {**frame, "content": None},
        lambda frame: ("[" * 100_000).encode(),
        lambda frame: json.dumps(frame).replace('"version": 1', '"version": NaN').encode(),
    ],
)
def test_damaged_file_is_refused_whole(bidder, spoil):
    with pytest.raises(StepRefused):
        bring_back(bidder, spoil(exported(bidder)))
    assert bidder.version == 1


def test_file_of_another_proposal_fills_what_the_forms_share(full, sign_in):
    frame = exported(full)
    competition = make_published(title="Ще один конкурс")
    organisation, user = make_bidder()
    other = begin(competition, organisation, user, now=AT)

    saved = import_proposal(
        proposal_id=other.pk, user=user, base_version=other.draft_version, data=json.dumps(frame).encode(), now=AT
    )

    content = saved.content
    assert content["service/place"] == full.content["service/place"]
    assert "documents/statute" not in content
