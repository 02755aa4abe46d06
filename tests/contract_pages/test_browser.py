"""Pages of contracts in a real browser: no barrier that axe-core knows, no sideways scroll, no picture without its table."""

import pytest

from portal.site.bootstrap import make_site
from tests.browser.obstacles import PHONE, obstacles
from tests.contract_pages.histories import amend, make_followed, suspect, warn
from tests.factories.contracts import make_contract

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def addresses(transactional_db) -> dict[str, str]:
    """Make contracts and return the addresses worth opening, by what they show."""
    make_site()
    contract = amend(make_followed(reports=3, findings=3, is_demo=True))
    warn(contract)
    suspect(contract)
    make_contract("terminated", title="Кризове консультування")
    page = f"/contracts/{contract.number}/"
    return {
        "list": "/contracts/",
        "list with problems": "/en/contracts/?state=what&q=догляд&oblast=UA53000000000028050",
        "contract": page,
        "contract in English": f"/en{page}",
        "log": f"{page}log/",
        "orders of a hromada": f"/orders/{contract.hromada.code}/",
        "card": f"/registry/{contract.contractor.entries.get().number}/",
    }


def test_pages_have_no_barrier_known_to_axe_and_fit(browse, addresses):
    page = browse(*PHONE).new_page()
    wrong = {}
    page.on("console", lambda said: wrong.update({said.text: said.type}) if said.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: wrong.update({str(error): "error"}))
    for name, address in addresses.items():
        page.goto(address)
        if problems := obstacles(page):
            wrong[name] = problems
    page.goto(addresses["contract"])
    # the lines of the picture begin at nothing, then a point for each row of the table
    drawn = page.locator(".course-picture .plan").first.get_attribute("points")

    assert wrong == {}
    assert len(drawn.split()) - 1 == page.locator(".course-table tbody tr").count()
