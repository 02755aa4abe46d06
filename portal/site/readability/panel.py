"""The panel of the editor that says how plain the saved words are; the preview says the same of those being written."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import HelpPanel

from portal.site.guides.words import lines_of
from portal.site.readability.measure import Reading, measure


def reading_of(page: Any) -> Reading:
    """Return the reading of a page as the instance has it, saved or not."""
    return measure(lines_of(page), page.locale.language_code)


class ReadabilityPanel(HelpPanel):
    """Shown above the fields; a new page, which has no words yet, has none."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"heading": _("Is it plain?"), "template": "desk/readability.html", **kwargs})

    class BoundPanel(HelpPanel.BoundPanel):
        def is_shown(self) -> bool:
            return bool(self.instance.pk) and super().is_shown()

        def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
            return {**super().get_context_data(parent_context), "reading": reading_of(self.instance)}
