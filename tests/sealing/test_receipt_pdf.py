"""The receipt on paper: all that proves a submission, and nothing of what it says."""

import io
from datetime import timedelta

import pypdf
import pytest
from django.conf import settings as conf

from procurement.domain.seal.receipts import receipt_of
from procurement.interfaces.moments import in_words
from procurement.interfaces.receipt_pdf import receipt_pdf
from tests.sealing.worlds import NOW, close, make_bid, make_commissioning_official, make_competition, open_all

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _own_folder(settings, tmp_path):
    settings.PRIVATE_ROOT = tmp_path


@pytest.fixture
def bid():
    return make_bid(make_competition())


def read(revision):
    pdf = receipt_pdf(revision)
    return "".join("".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(pdf)).pages).split())


def test_receipt_names_digest_salt_number_and_the_exact_moment(bid):
    revision = bid.submit(NOW + timedelta(microseconds=123456))
    text, receipt = read(revision), receipt_of(revision)

    for part in (revision.commitment, receipt.salt, receipt.digest, bid.competition.number, "11:00:00.123456"):
        assert part in text
    assert revision.receipt.grouped in text
    assert "Підтримане" not in text
    assert not list(conf.PRIVATE_ROOT.rglob("*.pdf"))


def test_receipt_of_a_replaced_submission_says_so_and_still_proves(bid):
    first = bid.submit()
    bid.submit(NOW + timedelta(hours=2))
    first.refresh_from_db()

    assert receipt_of(first).salt in read(first)
    assert "".join(in_words(first.receipt.superseded_at).split()) in read(first)


def test_salt_is_away_between_the_close_and_the_opening(bid):
    revision = bid.submit()
    salt = receipt_of(revision).salt
    close(bid.competition)
    assert salt not in read(bid.proposal.revisions.get())

    open_all(bid.competition, make_commissioning_official())
    assert salt in read(bid.proposal.revisions.get())
