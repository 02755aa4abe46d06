import pytest

from tests.orders.test_browser import DESKTOP, PHONE

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("in_march")]


@pytest.mark.parametrize("size", [PHONE, DESKTOP])
def test_shots(everything, enter, official, size):
    import os

    os.makedirs("/tmp/shots/h1", exist_ok=True)
    page = enter(official, size).new_page()
    for name, address in everything.items():
        page.goto(address)
        page.screenshot(path=f"/tmp/shots/h1/{name.replace(', ', '-').replace(' ', '_')}-{size[0]}.png", full_page=True)
