"""Nobody but the bidder's own people reaches anything of a proposal: to others there is no such page."""

from uuid import uuid4

import pytest
from django.core import mail
from django.test import Client
from django.views.debug import SafeExceptionReporterFilter

from portal.kernel.models import LogEntry, OutboxMessage
from procurement.models import Proposal
from procurement.views.proposals.access import proposal_page
from tests.factories.accounts import make_official, make_person
from tests.factories.procurement import make_bidder
from tests.factories.proposals import attach, begin, submit
from tests.proposals.conftest import AT

MARK = "Мітка-яблуко-7261"


def addresses(bidder) -> list[tuple[str, str]]:
    """Return every address of a proposal with the way it is asked."""
    key = bidder.content["documents/statute"]
    pages = ["", "section/about/", "section/documents/", f"files/{key}/", "export.json", "file/", "partners/"]
    pages += ["announcement/", "withdraw/", "check/", "receipts/1/", "receipts/1.pdf"]
    posts = ["section/about/", "save/", "conflicts/", "file/", "partners/", "partners/1/revoke/", "announcement/"]
    posts += ["withdraw/", "submit/", "confirm/"]
    return [("get", bidder.url(path)) for path in pages] + [("post", bidder.url(path)) for path in posts]


@pytest.fixture
def submitted(full):
    full.write(service__content=MARK)
    submit(full.proposal, full.user, now=AT)
    return full


def _rival(bidder):
    organisation, user = make_bidder()
    begin(bidder.competition, organisation, user, now=AT)
    return user


OTHERS = {
    "another bidder in the same competition": _rival,
    "a person of no organisation": lambda _bidder: make_person(),
    "an administrator": lambda _bidder: make_official("administrator"),
    "the official who ordered it": lambda bidder: bidder.competition.created_by,
    "a registrar": lambda _bidder: make_official("registrar"),
    "an auditor": lambda _bidder: make_official("auditor"),
}


@pytest.mark.parametrize("who", OTHERS.values(), ids=OTHERS.keys())
def test_to_others_nothing_is_there(submitted, sign_in, who):
    client = sign_in(who(submitted))
    before = submitted.version

    for way, url in addresses(submitted):
        answer = getattr(client, way)(url)
        assert (url, answer.status_code) == (url, 404)
        assert MARK not in answer.content.decode()
        assert submitted.organisation.name not in answer.content.decode()
    submitted.proposal.refresh_from_db()
    assert (submitted.version, submitted.proposal.state) == (before, "submitted")


def test_superuser_sees_no_more(submitted, sign_in):
    root = make_official("administrator", is_superuser=True, is_staff=True)
    client = sign_in(root)

    assert {getattr(client, way)(url).status_code for way, url in addresses(submitted)} == {404}


def test_stranger_is_asked_to_sign_in(submitted):
    for way, url in addresses(submitted):
        answer = getattr(Client(), way)(url)
        if url.endswith("save/"):
            assert answer.status_code == 401
        else:
            assert (answer.status_code, answer.url.startswith("/account/login/")) == (302, True)


def test_made_up_identifier_is_answered_like_a_real_one(submitted, sign_in):
    client = sign_in(make_person())

    real, made_up = client.get(submitted.url()), client.get(f"/cabinet/proposals/{uuid4()}/")

    assert (real.status_code, made_up.status_code) == (404, 404)


def test_own_proposal_is_no_way_to_the_file_of_another(submitted, sign_in):
    key = submitted.content["documents/statute"]
    organisation, user = make_bidder()
    own = begin(submitted.competition, organisation, user, now=AT)
    client = sign_in(user)

    assert client.get(f"/cabinet/proposals/{own.pk}/files/{key}/").status_code == 404
    assert client.get(f"/cabinet/proposals/{own.pk}/files/{uuid4()}/").status_code == 404
    assert client.get(f"/cabinet/proposals/{own.pk}/receipts/1/").status_code == 404


def test_press_of_one_proposal_is_not_that_of_another(submitted, sign_in):
    revision = submitted.proposal.revisions.get()
    organisation, user = make_bidder()
    own = begin(submitted.competition, organisation, user, now=AT)
    client = sign_in(user)

    answer = client.post(
        f"/cabinet/proposals/{own.pk}/submit/",
        {"version": own.draft_version, "announcement": 1, "key": revision.key},
    )

    assert answer.status_code in (302, 409, 422)
    assert not own.revisions.exists()


def test_foreign_organisation_is_not_begun_for(competition, sign_in, the_next_day):
    organisation, _user = make_bidder()
    client = sign_in(make_bidder()[1])

    client.post(f"/cabinet/proposals/start/{competition.number}/", {"organisation": organisation.pk})

    assert not Proposal.objects.filter(organisation=organisation).exists()


def test_invitation_of_others_is_no_page(bidder, sign_in):
    organisation, _person = make_bidder()
    bidder.client.post(bidder.url("partners/"), {"code": organisation.code})
    row = bidder.proposal.co_applicants.get()

    for client in (bidder.client, sign_in(make_person())):
        assert client.get(f"/cabinet/proposals/invitations/{row.pk}/").status_code == 404
        assert client.post(f"/cabinet/proposals/invitations/{row.pk}/", {"answer": "yes"}).status_code == 404
    row.refresh_from_db()
    assert row.state == "invited"


def test_every_page_is_kept_by_nobody(submitted):
    for way, url in addresses(submitted):
        if way == "get":
            assert "no-store" in submitted.client.get(url)["Cache-Control"], url


def test_no_letter_and_no_log_says_what_was_written(submitted):
    attach(submitted.proposal, submitted.user, now=AT, name=f"{MARK}.pdf")

    told = [str(message.payload) for message in OutboxMessage.objects.all()] + [
        str(letter.body) for letter in mail.outbox
    ]
    logged = [f"{entry.payload}{entry.subject}" for entry in LogEntry.objects.all()]

    assert not any(MARK in one for one in [*told, *logged])


def test_public_pages_do_not_name_who_submits(submitted):
    public = Client()

    for url in (f"/competitions/{submitted.competition.number}/", "/competitions/"):
        page = public.get(url).content.decode()
        assert submitted.organisation.name not in page and MARK not in page


def test_fault_of_the_server_tells_nothing_of_what_was_sent(bidder, rf):
    @proposal_page
    def broken(request):
        raise RuntimeError

    request = rf.post(bidder.url("section/service/"), {"service/place": MARK})
    request.user = bidder.user
    with pytest.raises(RuntimeError):
        broken(request)
    reported = SafeExceptionReporterFilter()
    reported.is_active = lambda request: True

    assert MARK not in str(reported.get_post_parameters(request))
