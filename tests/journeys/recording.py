"""Pictures of a journey: taken into a folder when it is named in `PORTAL_RECORD`, as `docs/journeys` was made."""

from __future__ import annotations

import os
from pathlib import Path

from playwright.sync_api import Page


class Recorder:
    """Takes one picture of the window after another; takes none where nobody asked for them."""

    def __init__(self, journey: str) -> None:
        self._journey, self._number = journey, 0
        self._folder = os.environ.get("PORTAL_RECORD", "")

    def picture(self, page: Page, step: str) -> None:
        self._number += 1
        if self._folder:
            page.wait_for_load_state("load")
            folder = Path(self._folder)
            folder.mkdir(parents=True, exist_ok=True)
            page.screenshot(path=folder / f"{self._journey}-{self._number}-{step}.png")
