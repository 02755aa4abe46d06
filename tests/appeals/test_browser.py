"""Pages of appeals, awards and projects in a real browser: no barrier, a phone's width."""

import os
from pathlib import Path

import pytest

from portal.kernel import clock
from procurement.domain.evaluation import appeals
from tests.appeals.deciding import make_decided
from tests.browser.conftest import PHONE, browse, chromium, enter
from tests.browser.test_axe import AXE, RUN
from tests.projects.test_register import fund

__all__ = ["browse", "chromium", "enter"]

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

DESKTOP = (1280, 900)
SHOTS = os.environ.get("PORTAL_SHOTS", "")


@pytest.fixture
def walk(browse, enter, live_server, sign_in):
    """Return a function that looks at pages as a person, at both widths."""

    def look(user, pages):
        window = browse(*PHONE) if user is None else enter(sign_in(user), PHONE)
        page = window.new_page()
        for name, address in pages.items():
            page.goto(live_server.url + address)
            page.evaluate(AXE)
            for size in (PHONE, DESKTOP):
                page.set_viewport_size({"width": size[0], "height": size[1]})
                if SHOTS:
                    page.screenshot(path=Path(SHOTS) / f"{name}-{size[0]}.png", full_page=True)
                assert page.evaluate(RUN) == [], (name, size)
                wide = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
                assert wide <= 0, (name, size, wide)

    return look


def test_pages_have_no_barrier_and_fit_a_phone(walk):
    world = make_decided()
    own, desk = "/cabinet/proposals/{}/", f"/cabinet/commissioning/competitions/{world.competition.pk}/"
    with clock.standing_at(world.now):
        world.appeal(scope="decision")
        considered = world.appeal()
        appeals.accept(appeal_id=considered.pk, user=world.judge, now=world.now)
        walk(world.loser.created_by, {"appeal": own.format(world.loser.pk) + "appeal/"})
        walk(
            world.judge,
            {
                "appeals": f"{desk}appeals/",
                "filed": f"{desk}appeals/1/",
                "considered": f"{desk}appeals/2/",
                "awards": f"{desk}awards/",
            },
        )
        for number in (1, 2):
            row = world.competition.appeals.get(number=number)
            appeals.withdraw(appeal_id=row.pk, user=world.loser.created_by, now=world.now)
        walk(world.winner.created_by, {"award": own.format(world.winner.pk) + "award/"})
    fund(projects=2)
    walk(None, {"projects": "/projects/"})
