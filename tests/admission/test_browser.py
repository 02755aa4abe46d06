"""Pages of admission and of a clarification in a real browser: no barrier, and a phone's width is enough."""

from datetime import timedelta

import pytest
from django.utils import timezone

from procurement.domain.evaluation import clarifications, defences
from tests.admission.conftest import make_desk
from tests.admission.test_admission import check, reject
from tests.admission.test_clarifications import FIELDS, freeze
from tests.browser.conftest import PHONE, browse, chromium, enter
from tests.browser.test_axe import AXE, RUN

__all__ = ["browse", "chromium", "enter"]

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def make_pages():
    """Return who opens which pages: one proposal waits for an answer, one is refused, one is to be checked."""
    desk = make_desk(proposals=4)
    freeze(desk, has_defence=True)
    now = timezone.now()
    check(desk, desk.admission(1), documents="not_met", ceiling="unclear")
    reject(desk, desk.admission(1))
    asked = clarifications.ask(
        admission_id=desk.admission(2).pk,
        user=desk.official,
        fields=FIELDS,
        text="Підтвердьте роки досвіду та додайте статут.",
        due_at=now + timedelta(days=2),
        now=now,
    )
    check(desk, desk.admission(3))
    keys = [desk.admission(number).proposal_id for number in (1, 2, 3)]
    call = f"/cabinet/commissioning/competitions/{desk.competition.pk}/"
    ways = ["admission/", *(f"admission/{key}/" for key in keys), f"admission/{keys[2]}/ask/"]
    ways += [f"admission/{keys[2]}/refuse/", f"admission/{keys[0]}/again/", "defences/", "opening/"]
    pages = [(desk.official, f"{call}{way}") for way in ways]
    bidder = asked.admission.proposal.created_by
    own = f"/cabinet/proposals/{keys[1]}/"
    pages += [(bidder, "/cabinet/"), (bidder, own), (bidder, f"{own}clarification/")]
    fourth = str(desk.admission(4).proposal_id)
    desk.round.admissions.filter(proposal=fourth).update(state="admitted")
    told = {"at": now + timedelta(days=1), "place": "мала зала", "user": desk.official, "now": now}
    defences.schedule(round_id=desk.round.pk, proposal_id=fourth, **told)
    pages.append((desk.official, f"{call}defences/{fourth}/"))
    return pages


def test_pages_have_no_barrier_and_fit_a_phone(enter, sign_in):
    pages, found = make_pages(), {}
    windows = {user: enter(sign_in(user)).new_page() for user, _way in pages}
    for user, way in pages:
        page = windows[user]
        status = page.goto(way).status
        page.evaluate("() => document.querySelectorAll('details').forEach(part => part.open = true)")
        width = page.evaluate("() => document.documentElement.scrollWidth")
        page.evaluate(AXE)
        problems = page.evaluate(RUN)
        if status != 200 or problems or width > PHONE[0]:
            found[way] = (status, problems, width)

    assert found == {}
