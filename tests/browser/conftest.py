"""A real browser for the public pages; where there is none, the tests say so and are skipped."""

import os
import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Browser, BrowserContext

from portal.site.bootstrap import make_site
from portal.site.shipped import put_content
from registry.domain.records import ContactRecord, ServiceRecord, SiteRecord
from registry.domain.standing import exclude_entry, suspend_entry
from search.indexing import rebuild
from tests.browser.running import running_browser
from tests.factories.contracts import make_contract
from tests.factories.procurement import make_published
from tests.factories.registry import (
    NOW,
    REGISTRAR,
    make_carer,
    make_catalogue,
    make_provider,
    make_territories,
    provider_record,
)
from tests.pages.conftest import BODY, LIVE, guide_file, write
from tests.search.indexes import live

__all__ = ["browse", "chromium", "enter", "live", "place", "searchable", "world"]

PHONE = (390, 844)
# Chromium without its window opens a page for a fifth of the work
CHROMIUM = (
    os.environ.get("PORTAL_CHROMIUM")
    or shutil.which("chromium-headless-shell")
    or shutil.which("chromium")
    or "/usr/bin/chromium"
)
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-sync",
    "--no-first-run",
]


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    if not Path(CHROMIUM).exists():
        pytest.skip(f"no Chromium at {CHROMIUM}; set PORTAL_CHROMIUM to look elsewhere")
    with running_browser(executable_path=CHROMIUM, args=FLAGS) as browser:
        yield browser


@pytest.fixture
def browse(chromium: Browser, live_server) -> Iterator:
    """Return a function that opens a browser window on the portal; at the end no other host may have been asked."""
    own = urlsplit(live_server.url).netloc
    windows: list[BrowserContext] = []
    strangers: list[str] = []

    def open_window(width: int, height: int, **options) -> BrowserContext:
        window = chromium.new_context(
            base_url=live_server.url, viewport={"width": width, "height": height}, locale="uk-UA", **options
        )
        window.on(
            "request",
            lambda request: strangers.append(request.url) if urlsplit(request.url).netloc != own else None,
        )
        windows.append(window)
        return window

    yield open_window
    for window in windows:
        window.close()
    assert strangers == []


@pytest.fixture
def enter(browse, live_server):
    """Return a function that opens a window in which the client's person is signed in."""
    make_site()

    def open_window(client: Client, size: tuple[int, int] = PHONE, **options) -> BrowserContext:
        window = browse(*size, **options)
        value = client.cookies[settings.SESSION_COOKIE_NAME].value
        window.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": value, "url": live_server.url}])
        return window

    return open_window


@pytest.fixture
def searchable(world, live) -> dict[str, str]:
    """Turn the search on over the world and return the addresses of its states, by what they show."""
    rebuild(live)
    return {
        "search": "/search/",
        "search, found": "/search/?q=догляд в Диканьці&sort=fresh",
        "search, narrowed": "/search/?q=догляд&form=home&price=differentiated&open=now",
        "search, near": "/search/?q=догляд&near=49.82,34.53&sort=near&radius=50",
        "search, page 2": "/search/?page=2",
        "search, a part": "/search/?q=догляд вдома притулок",
        "search, nothing": "/search/?q=ракета вертоліт&urgent=1",
        "search, problems": "/search/?place=nope&service=nope&price=nope&open=x&near=x&radius=x&page=x&sort=x",
        "search in English": "/en/search/?q=shelter",
        "unmet need": "/search/missing/?words=вертоліт",
        "unmet need, thanks": "/search/missing/thanks/",
    }


@pytest.fixture
def world(transactional_db) -> dict[str, str]:
    """Fill the portal with one of everything and return the addresses worth opening, by what they show."""
    make_site()
    places, words = make_territories(), make_catalogue()
    entry = make_provider(name="Комунальна установа «Центр надання соціальних послуг Диканської селищної ради»")
    record = provider_record(
        code=entry.organisation.code,
        about="Працюємо щодня. " * 20,
        contacts=[
            ContactRecord("phone", "+38 (05351) 9-00-00", note="приймальня"),
            ContactRecord(
                "website", "https://very-long-address-of-a-provider.example.org/with/a/long/path/to/the/page"
            ),
            ContactRecord("head", "Коваленко Олена"),
        ],
    )
    _put(record)
    shelter = make_provider(
        name="ГО «Прихисток»",
        demo=True,
        sites=[
            SiteRecord(
                hromada_id=places.dykanska.pk, oblast_id=places.poltavska.pk, street="вул. Схована", confidential=True
            )
        ],
        services=[ServiceRecord(words.shelter.pk, urgent=True, price_mode="free", area_kind="country", at_sites=(0,))],
    )
    suspended, excluded = make_provider(name="ТОВ «Призупинене»"), make_provider(name="ПП «Виключене»", services=[])
    suspend_entry(entry_id=suspended.pk, actor=REGISTRAR, ground="скарга", now=NOW)
    exclude_entry(entry_id=excluded.pk, actor=REGISTRAR, ground="заява", now=NOW)
    for _ in range(22):
        make_provider()
    for _ in range(6):
        make_carer()
    return {
        "home": "/",
        "home in English": "/en/",
        "register": "/registry/",
        "register, filtered": "/registry/?oblast=UA53000000000028050&service=home-care&standing=included&sort=number",
        "register, page 2": "/registry/?page=2",
        "register, problems": "/registry/?oblast=nope&service=nope&hromada=nope&group=nope&page=x&sort=x",
        "register, nobody": "/registry/?q=нічого&oblast=UA53000000000028050&service=shelter",
        "register in English": "/en/registry/?service=shelter",
        "card": f"/registry/{entry.number}/",
        "card in English": f"/en/registry/{entry.number}/",
        "confidential card": f"/registry/{shelter.number}/",
        "suspended card": f"/registry/{suspended.number}/",
        "excluded card": f"/registry/{excluded.number}/",
        "history": f"/registry/{entry.number}/history/",
        "history as of a day": f"/registry/{entry.number}/history/?on=2026-11-22",
        "history, problem": f"/registry/{entry.number}/history/?on=nope",
        "services": "/services/",
        "service": "/services/home-care/",
        "service nobody gives": "/services/early-intervention/",
        "territories": "/territories/",
        "territories, found": "/territories/?q=дик",
        "territories, nothing": "/territories/?q=ззз",
        "oblast": "/territories/UA53000000000028050/",
        "hromada": "/territories/UA53080130000079450/",
        "empty hromada": "/territories/UA51100270000073549/",
        "city": "/territories/UA80000000000093317/",
        "accessibility": "/accessibility/",
        "data dictionary": "/registry/data-dictionary/",
        "what is late": "/registry/overdue/",
        "a link that does not work": "/registry/confirm/x/",
        "verification": "/verify/",
        "verification, unknown": "/verify/AAAA-BBBB-CCCC/",
        "search, its engine away": "/search/?q=сиділка",
        "not found": "/no-such-page/",
    }


@pytest.fixture
def place(transactional_db, tmp_path) -> dict[str, str]:
    """Fill the portal with a guide, an order, a competition, a contract and return the addresses of what has no list.

    What these pages say at length is looked at where they are tested: `tests/figures`, `tests/contract_pages` and others.
    """
    make_site()
    write(tmp_path, "guides", "01-care.uk.json", guide_file("care", body=[*BODY, *LIVE], quick_exit=True))
    news = {"slug": "open", "title": "Портал відкрито", "date": "2026-11-20", "summary": "Шукайте.", "body": BODY[:1]}
    write(tmp_path, "news", "2026-11-20-open.uk.json", news)
    put_content(tmp_path)
    places, words = make_territories(), make_catalogue()
    service = ServiceRecord(words.home_care.pk, area_kind="country", price_mode="differentiated")
    entry, other = (make_provider(name=name, services=[service]) for name in ("ГО «Турбота»", "ГО «Опора»"))
    contract = make_contract()
    competition = make_published(now=timezone.now() - timedelta(days=3))
    home = places.dykanska.code
    addresses = {
        f"{name}": f"/{name}/"
        for name in (
            *("help", "help/care", "help/care/history", "news", "news/open", "favourites", "entitlement", "staffing"),
            *("map", "figures", "figures/ordered", "open-data", "api", "embed", "widget", "orders", "competitions"),
            *("contracts", "risks", "quality", "projects", "commissions", "alerts", "survey"),
        )
    }
    return {
        **addresses,
        "comparison": f"/compare/?service=s-{entry.number}-1&service=s-{other.number}-1",
        "map of a hromada": f"/map/{home}/",
        "orders of a hromada": f"/orders/{home}/",
        "competition": f"/competitions/{competition.number}/",
        "contract": f"/contracts/{contract.number}/",
        "report of a mistake": f"/registry/{entry.number}/report/",
    }


def _put(record) -> None:
    from registry.domain.providers import put_providers

    put_providers([record], actor=REGISTRAR, ground="доповнено", now=NOW, replace_parts=False)
