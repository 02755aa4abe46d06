"""Pages of the desk and of the bidder ask the database as often for three rows as for one."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from procurement.domain.calls import calling
from procurement.domain.proposals.co_applicants import invite_co_applicant
from procurement.domain.seal.opening import open_proposals
from tests.commissioning.conftest import HOME
from tests.factories.ordering import make_specification
from tests.factories.procurement import answer, change, close, make_bidder, make_call, make_published, make_question
from tests.factories.proposals import make_submitted_proposal
from tests.proposals.conftest import AT


def asked(client, url):
    client.get(url)
    with CaptureQueriesContext(connection) as queries:
        assert client.get(url).status_code == 200, url
    return len(queries)


def test_lists_of_the_desk_do_not_grow(office):
    urls = [HOME, f"{HOME}competitions/", f"{HOME}specifications/", "/competitions/", "/competitions/calendar.ics"]

    def add(number):
        made = make_published(user=office.official, now=office.now - timedelta(hours=1))
        make_call(user=office.official, now=office.now)
        make_specification(now=office.now)
        make_question(made, now=office.now - timedelta(minutes=number))

    add(1)
    add(2)
    before = {url: asked(office.client, url) for url in urls}
    add(3)
    add(4)

    assert {url: asked(office.client, url) for url in urls} == before


def test_pages_of_one_call_do_not_grow(office):
    draft = make_call(user=office.official, now=office.now)
    urls = [f"{HOME}competitions/{draft.pk}/{part}" for part in ("", "lots/", "check/", "announce/", "documents/")]
    specification = make_specification(now=office.now)

    def lots(number):
        row = {"specification": specification.pk, "title": "Лот", "ceiling": Decimal(1000)}
        calling.set_lots(competition_id=draft.pk, user=office.official, lots=[row] * number, now=office.now)

    lots(1)
    before = {url: asked(office.client, url) for url in urls}
    lots(4)

    assert {url: asked(office.client, url) for url in urls} == before


def test_pages_of_one_running_competition_do_not_grow(office):
    now = office.now
    running = make_published(user=office.official, now=now - timedelta(days=2))
    urls = [f"{HOME}competitions/{running.pk}/{part}" for part in ("", "questions/", "change/", "extend/")]
    urls += [f"/competitions/{running.number}/", f"/competitions/{running.number}/versions/1/"]

    def add(number):
        answer(make_question(running, now=now - timedelta(hours=9 - number)), now=now - timedelta(hours=9 - number))
        make_question(running, now=now - timedelta(hours=9 - number))
        change(running, now=now - timedelta(hours=9 - number), contact_name=f"Особа {number}")

    add(1)
    add(2)
    before = {url: asked(office.client, url) for url in urls}
    add(3)
    add(4)

    assert {url: asked(office.client, url) for url in urls} == before


@pytest.mark.parametrize("path", ["partners/", "check/", "", "announcement/"])
def test_co_applicants_of_a_proposal_do_not_cost_more(full, path):
    def add():
        invite_co_applicant(
            proposal_id=full.proposal.pk, user=full.user, code=make_bidder()[0].code, may_edit=False, now=AT
        )

    if path == "announcement/":
        change(full.competition, now=AT, contact_name="Особа")
    add()
    before = asked(full.client, full.url(path))
    add()
    add()

    assert asked(full.client, full.url(path)) == before


@pytest.mark.parametrize("number", [1, 3])
def test_opened_proposals_cost_the_same(office, number):
    now = timezone.now() - timedelta(days=40)
    running = make_published(user=office.official, now=now)
    for _round in range(number):
        make_submitted_proposal(running, *make_bidder())
    closed = close(running)
    open_proposals(competition_id=closed.pk, user=office.official, present=[{"name": "Особа"}], now=closed.opening_at)

    first = office.client.get(f"{HOME}competitions/{running.pk}/opening/")

    assert first.status_code == 200
    count = asked(office.client, f"{HOME}competitions/{running.pk}/opening/")
    assert count == OPENED_QUERIES


OPENED_QUERIES = 16
