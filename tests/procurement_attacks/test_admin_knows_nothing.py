"""Wagtail's own pages of a person, its index of references and its reports: nothing says who bids."""

import pytest
from django.urls import reverse
from wagtail.models import ReferenceIndex

from procurement.models import Proposal
from tests.factories.accounts import make_official
from tests.factories.proposals import submit
from tests.proposals.conftest import AT

PAGES = [
    "wagtailusers_users:usage",
    "wagtailusers_users:history",
    "wagtailusers_users:edit",
    "wagtailusers_users:delete",
]


@pytest.fixture
def submitted(full, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        submit(full.proposal, full.user, now=AT)
    return full


@pytest.mark.parametrize("page", PAGES)
def test_pages_of_a_person_name_no_proposal(submitted, sign_in, page):
    root = make_official("administrator", is_superuser=True, is_staff=True)

    answer = sign_in(root).get(reverse(page, args=[submitted.user.pk]), follow=True)

    said = answer.content.decode()
    assert str(submitted.proposal.pk) not in said and submitted.competition.number not in said


def test_index_of_references_knows_no_proposal(submitted):
    assert Proposal not in ReferenceIndex.tracked_models
    assert not ReferenceIndex.objects.filter(base_content_type__app_label="procurement").exists()
