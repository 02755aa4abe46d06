"""A journalist with a suspicion: from a figure to the contract, to the entry of the log, and the whole on her own disk."""

import subprocess
import sys
import zipfile
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from portal.kernel.models import LogEntry
from portal.site.bootstrap import make_site
from portal.site.opendata.kept import publish_due
from procurement.domain.contracts.suspending import suspend
from tests.factories.contracts import CONCLUDED, make_contract, make_typed_ground
from tests.journeys.joining import Person
from tests.journeys.recording import Recorder

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

REASON = "Обстріли: виїжджати до людей небезпечно."


@pytest.fixture
def contract(transactional_db, live_server, settings, tmp_path, passing_time):
    settings.PORTAL_BASE_URL = live_server.url
    settings.SNAPSHOTS_DIR, settings.SNAPSHOTS_KEPT = tmp_path / "snapshots", 30
    make_site()
    contract = make_contract()
    passing_time.move_to(CONCLUDED + timedelta(days=30))
    ground = make_typed_ground("suspension")
    suspend(contract_id=contract.pk, user=contract.created_by, ground_id=ground.pk, reason=REASON, now=timezone.now())
    publish_due(timezone.now())
    return contract


def test_journalist_goes_from_a_figure_to_the_log_and_takes_the_whole(browse, contract, tmp_path):
    reader = Person(browse(360, 780, is_mobile=True, has_touch=True, accept_downloads=True))
    page, record = reader.page, Recorder("journalist")

    page.goto("/")
    page.locator("main a[href='/figures/']").first.click()
    record.picture(page, "figures")
    page.locator("main a[href^='/contracts/?']").first.click()
    record.picture(page, "contracts")
    page.locator(f"main a[href='/contracts/{contract.number}/']").first.click()
    expect(page.locator("main")).to_contain_text(contract.title)
    record.picture(page, "contract")
    page.locator(f"main a[href*='/contracts/{contract.number}/log/']").first.click()
    expect(page.locator("main")).to_contain_text(LogEntry.objects.latest("seq").digest[:12])
    record.picture(page, "log")

    page.locator("footer a[href='/open-data/']").first.click()
    record.picture(page, "open-data")
    with page.expect_download() as download:
        page.locator("main a[download][href$='.zip']").first.click()
    folder = tmp_path / "taken"
    with zipfile.ZipFile(download.value.path()) as archive:
        archive.extractall(folder)
    assert "1" in verified(folder)


def verified(folder: Path) -> str:
    """Let the script of the snapshot look at what was unpacked, and return what it says."""
    script = next(folder.rglob("verify.py"))
    told = subprocess.run([sys.executable, script.name], cwd=script.parent, capture_output=True, text=True, check=True)
    return told.stdout
