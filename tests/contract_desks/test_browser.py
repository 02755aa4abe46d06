"""The desks of contracts and the risk cards in a real browser: no barrier known to axe, a phone's width."""

import pytest

from procurement.contract_enums import ContractState, Side
from procurement.models import RiskCard
from tests.browser.conftest import PHONE, browse, chromium, enter
from tests.browser.test_axe import AXE, RUN
from tests.contract_desks.test_letters import person_of
from tests.contract_desks.test_pages import AUDIT, OFFICIAL, PROVIDER, RISKS, busy_contract
from tests.factories.contracts import NOW, make_contract
from tests.factories.risks import make_risk_rules
from tests.passing_time import passing_time

__all__ = ["browse", "chromium", "enter", "passing_time"]

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_desks_have_no_barrier_known_to_axe_and_fit_a_phone(enter, sign_in, passing_time):
    passing_time.move_to(NOW)
    make_risk_rules()
    contract = busy_contract()
    make_contract(ContractState.SUSPENDED, provider=(contract.contractor, person_of(contract)))
    card = RiskCard.objects.get()
    card.replies.create(side=Side.CONTRACTOR, text="Більше годин.", at=NOW, by=person_of(contract), key=contract.key)
    official, provider = sign_in(contract.created_by), sign_in(person_of(contract))
    tabs = [f"{OFFICIAL}?tab={tab}" for tab in ("due", "overdue", "unusual", "contract", "provider")]
    pages = {
        official: [*tabs, AUDIT, f"{OFFICIAL}risks/{card.pk}/", "/cabinet/commissioning/"],
        provider: [PROVIDER, f"{PROVIDER}risks/{card.pk}/", "/cabinet/", RISKS],
    }
    found = {}
    for client, addresses in pages.items():
        page = enter(client, PHONE).new_page()
        for address in addresses:
            page.goto(address)
            page.evaluate("() => document.querySelectorAll('details').forEach(part => part.open = true)")
            page.evaluate(AXE)
            problems = page.evaluate(RUN)
            width = page.evaluate("() => document.documentElement.scrollWidth")
            if problems or width > PHONE[0]:
                found[address] = (problems, width)

    assert found == {}
