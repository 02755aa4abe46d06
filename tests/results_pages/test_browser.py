"""Pages of results in a real browser: no barrier that axe-core knows, no sideways scroll, on a phone and wide."""

import pytest
from django.conf import settings
from django.urls import reverse

from portal.site.bootstrap import make_site
from tests.browser.obstacles import obstacles
from tests.results_pages.decided import DAY, answer_appeal, decide_again, make_appeal, make_decided, make_reopened

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_pages_have_no_barrier_known_to_axe_and_fit(browse, sign_in, live_server):
    make_site()
    competition = make_decided()
    decide_again(competition)
    at = competition.decisions.latest("number").at
    answer_appeal(make_appeal(competition, at=at + DAY), at=at + 2 * DAY, upheld=False)
    proposal = competition.proposals.get(number=2)
    own = reverse("proposals:result", args=[proposal.pk])
    name = settings.SESSION_COOKIE_NAME
    cookie = {"name": name, "value": sign_in(proposal.created_by).cookies[name].value, "url": live_server.url}
    place, anew = (f"/competitions/{one.number}" for one in (competition, make_reopened()))
    addresses = (f"{place}/results/", f"{place}/results/1/", f"{place}/log/", f"{place}/", f"{anew}/", own)
    wrong, sizes = {}, ((360, 780), (1280, 900))
    window = browse(*sizes[0])
    window.add_cookies([cookie])
    page = window.new_page()
    for address in addresses:
        page.goto(address)
        if problems := obstacles(page, sizes):
            wrong[address] = problems

    assert wrong == {}
