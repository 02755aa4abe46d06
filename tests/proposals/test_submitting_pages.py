"""The last look, the one press, receipts, a changed announcement, the end, and the first page of the cabinet."""

import json
from datetime import timedelta
from uuid import uuid4

import pytest
from django.urls import reverse

from portal.kernel import clock
from procurement.domain.seal.opening import open_proposals
from tests.factories.ordering import make_specification
from tests.factories.procurement import change, close, make_bidder, make_published
from tests.factories.proposals import PDF, begin, submit
from tests.proposals.conftest import AT
from tests.proposals.posting import hidden, post_section

# --- submitting ----------------------------------------------------------------------------------------------------


def test_check_names_all_that_is_missing_with_ways_to_it(bidder):
    page = bidder.client.get(bidder.url("check/"))

    lacks = page.context["lacks"]
    assert len(lacks) > 10 and all(lack.url.startswith(bidder.url("section/")) for lack in lacks)
    assert "data-portal-once" not in page.content.decode()


def press(bidder, page, client=None, **told):
    values = {name: hidden(page, name) for name in ("version", "announcement", "key")}
    return (client or bidder.client).post(bidder.url("submit/"), {**values, **told})


def test_submitting_twice_gives_one_receipt(full):
    page = full.client.get(full.url("check/"))

    first, second = press(full, page), press(full, page)

    assert first.url == second.url == full.url("receipts/1/")
    assert full.proposal.revisions.count() == 1
    receipt = full.client.get(first.url)
    revision = full.proposal.revisions.get()
    assert revision.commitment in receipt.content.decode()
    assert f'data-portal-forget="{full.proposal.pk}"' in receipt.content.decode()


def test_receipt_is_printed(full):
    submit(full.proposal, full.user, now=AT)

    paper = full.client.get(full.url("receipts/1.pdf"))

    assert (paper["Content-Type"], paper.content[:5]) == ("application/pdf", b"%PDF-")
    assert "no-store" in paper["Cache-Control"]


def test_what_somebody_changed_meanwhile_is_looked_at_again(full):
    page = full.client.get(full.url("check/"))
    full.write(service__place="Інше")

    answer = press(full, page)

    assert answer.status_code == 409 and answer.context["notice"]
    assert not full.proposal.revisions.exists()


def test_editor_prepares_and_does_not_submit(full):
    page = full.colleague.get(full.url("check/"))
    key = {"version": full.version, "announcement": 1, "key": uuid4()}

    assert "data-portal-once" not in page.content.decode()
    assert full.colleague.post(full.url("submit/"), key).status_code == 404


def test_incomplete_is_not_submitted_even_by_a_made_up_press(bidder):
    answer = bidder.client.post(bidder.url("submit/"), {"version": bidder.version, "announcement": 1, "key": uuid4()})

    assert answer.status_code == 422 and answer.context["lacks"]


def test_withdrawing_asks_first_and_the_draft_stays(full):
    submit(full.proposal, full.user, now=AT)
    assert full.client.get(full.url("withdraw/")).status_code == 200

    full.client.post(full.url("withdraw/"))

    full.proposal.refresh_from_db()
    assert full.proposal.state == "withdrawn"
    assert full.client.get(full.url()).context["standing"].is_open
    assert press(full, full.client.get(full.url("check/"))).url == full.url("receipts/2/")


def test_replacing_keeps_the_history_of_submissions(full):
    submit(full.proposal, full.user, now=AT)
    full.write(service__place="Інше місце")
    press(full, full.client.get(full.url("check/")))

    page = full.client.get(full.url())

    assert [revision.number for revision in page.context["revisions"]] == [2, 1]


# --- a changed announcement ----------------------------------------------------------------------------------------


def test_draft_is_not_submitted_before_the_change_is_read(full):
    change(full.competition, now=AT)

    page = full.client.get(full.url("check/"))
    assert "data-portal-once" not in page.content.decode()
    told = full.client.get(full.url("announcement/"))
    assert told.context["changes"]
    full.client.post(full.url("announcement/"), {"announcement": "2"})

    assert press(full, full.client.get(full.url("check/"))).url == full.url("receipts/1/")


def test_submitted_is_confirmed_again_by_one_press(full):
    submit(full.proposal, full.user, now=AT)
    change(full.competition, now=AT)
    page = full.client.get(full.url("announcement/"))

    answer = full.client.post(full.url("confirm/"), {"announcement": hidden(page, "announcement"), "key": uuid4()})

    full.proposal.refresh_from_db()
    assert (answer.url, full.proposal.state) == (full.url(), "submitted")


def test_submitted_may_be_changed_and_submitted_again_instead(full):
    submit(full.proposal, full.user, now=AT)
    change(full.competition, now=AT)
    full.write(service__place="Диканька і хутори")
    page = full.client.get(full.url("check/"))
    assert page.context["changes"]

    assert press(full, page).url == full.url("receipts/2/")

    full.proposal.refresh_from_db()
    assert (full.proposal.state, full.proposal.competition_version.number) == ("submitted", 2)


def test_confirming_what_changed_once_more_is_refused(full):
    submit(full.proposal, full.user, now=AT)
    change(full.competition, now=AT)

    full.client.post(full.url("confirm/"), {"announcement": "1", "key": uuid4()})

    full.proposal.refresh_from_db()
    assert full.proposal.state == "unconfirmed"


# --- the end -------------------------------------------------------------------------------------------------------


PAGES = ("section/about/", "check/", "partners/", "announcement/", "withdraw/", "file/")


def test_after_the_end_every_page_leads_to_the_note(full):
    submit(full.proposal, full.user, now=AT)
    with clock.standing_at(full.competition.closes_at):
        page = full.client.get(full.url())
        answers = {path: full.client.get(full.url(path)) for path in PAGES}
        saved = full.client.post(
            full.url("save/"), json.dumps({"fields": {}, "base_version": 1}), content_type="application/json"
        )

    assert (page.status_code, page.templates[0].name) == (200, "cabinet/proposals/over.html")
    assert {path: (answer.status_code, answer.url) for path, answer in answers.items()} == dict.fromkeys(
        PAGES, (302, full.url())
    )
    assert saved.status_code == 409


def test_press_at_the_very_end_is_too_late(full):
    page = full.client.get(full.url("check/"))
    with clock.standing_at(full.competition.closes_at):
        answer = press(full, page)

    assert answer.url == full.url()
    assert not full.proposal.revisions.exists()


def test_after_the_close_only_receipts_are_left(full):
    submit(full.proposal, full.user, now=AT)
    key = full.content["documents/statute"]
    close(full.competition)
    with clock.standing_at(full.competition.hold_until + timedelta(hours=1)):
        page = full.client.get(full.url())
        receipt = full.client.get(full.url("receipts/1/"))
        gone = [full.client.get(full.url(path)).status_code for path in (f"files/{key}/", "export.json")]

    assert (page.context["answers"], receipt.status_code, gone) == ([], 200, [404, 404])
    assert not receipt.context["receipt"].is_provable


def test_after_the_opening_its_people_read_what_was_submitted(full):
    full.write(service__content="Прибирання щодня")
    submit(full.proposal, full.user, now=AT)
    key = full.content["documents/statute"]
    close(full.competition)
    at = full.competition.opening_at
    with clock.standing_at(at):
        open_proposals(
            competition_id=full.competition.pk,
            user=full.competition.created_by,
            present=[{"name": "Олена Коваль", "position": "голова комісії"}],
            now=at,
        )
        page = full.client.get(full.url())
        file = full.client.get(full.url(f"files/{key}/"))

    assert "Прибирання щодня" in page.content.decode()
    assert file.content == PDF


# --- the first page of the cabinet ---------------------------------------------------------------------------------


def test_cabinet_tells_of_proposals_and_what_is_due(bidder):
    page = bidder.client.get("/cabinet/")

    (line,) = page.context["proposals"].open
    assert (line.proposal, line.is_urgent) == (bidder.proposal, True)
    assert line.left and bidder.url() in page.content.decode()


@pytest.mark.parametrize("items", [1, 3])
def test_cabinet_asks_the_database_as_often_however_many_proposals(bidder, django_assert_num_queries, items):
    for number in range(items - 1):
        other = make_published(title=f"Конкурс {number}", lots=[make_specification()])
        begin(other, bidder.organisation, bidder.user, now=AT)
    bidder.client.get("/cabinet/")

    with django_assert_num_queries(18):
        page = bidder.client.get("/cabinet/")

    assert len(page.context["proposals"].open) == items


def test_invitation_is_answered_from_the_cabinet(bidder, sign_in):
    organisation, person = make_bidder()
    bidder.client.post(bidder.url("partners/"), {"code": organisation.code})
    client = sign_in(person)

    (row,) = client.get("/cabinet/").context["proposals"].invitations
    url = reverse("proposals:invitation", args=[row.pk])
    assert client.get(url).status_code == 200
    assert client.get(bidder.url()).status_code == 404
    assert client.post(url, {"answer": "yes"}).url == bidder.url()
    assert client.get(bidder.url()).status_code == 200
    assert post_section(bidder, "service", {"service/place": "x"}, client=client).status_code == 404


def test_wrong_code_of_a_partner_is_said_beside_the_field(bidder):
    answer = bidder.client.post(bidder.url("partners/"), {"code": "123"})

    assert answer.status_code == 422 and 'value="123"' in answer.content.decode()
