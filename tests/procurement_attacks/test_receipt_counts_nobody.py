"""The receipt of a bidder: it proves a submission and does not tell how many others came before."""

import io

import pypdf
import pytest
from django.test import Client

from procurement.interfaces.receipt_pdf import receipt_pdf
from tests.factories.procurement import make_bidder, make_published
from tests.factories.proposals import make_submitted_proposal

pytestmark = pytest.mark.django_db


def _paper(proposal):
    reader = pypdf.PdfReader(io.BytesIO(receipt_pdf(proposal.revisions.get())))
    return "".join(page.extract_text() for page in reader.pages) + str(reader.metadata)


def test_paper_has_no_number_of_the_proposal(sign_in):
    competition = make_published()
    proposals = []
    for _round in range(2):
        organisation, person = make_bidder()
        proposals.append((make_submitted_proposal(competition, organisation, person), person))
    (first, _one), (second, person) = proposals

    assert (first.number, second.number) == (1, 2)
    assert "№ 2 " not in _paper(second) and "№ 1 " not in _paper(first)
    page = sign_in(person).get(f"/cabinet/proposals/{second.pk}/receipts/1/").content.decode()
    assert "№&nbsp;2<" not in page and "№ 2 " not in page


def test_page_of_the_code_says_neither_who_nor_how_many():
    organisation, person = make_bidder()
    proposal = make_submitted_proposal(make_published(), organisation, person)

    page = Client().get(f"/verify/{proposal.revisions.get().receipt.code}/", follow=True)

    said = page.content.decode()
    assert page.status_code == 200 and proposal.competition.number in said
    assert organisation.name not in said and organisation.code not in said and str(person) not in said
