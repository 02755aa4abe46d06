"""What all pages of the site share: how long their answers are kept, and what their editors see beside the fields."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from wagtail.admin.panels import HelpPanel

from registry.views.caching import keep_for_a_minute


class KeptForAMinute:
    """A page that caches may keep for a minute, as every other public page.

    Its other language is linked only where the page is published in it.
    """

    def serve(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return keep_for_a_minute(request, super().serve(request, *args, **kwargs))  # type: ignore[misc]

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        from portal.site.guides.frame import frame_of  # noqa: PLC0415

        return {**super().get_context(request, *args, **kwargs), **frame_of(request, self)}  # type: ignore[misc]


def readability_panel() -> HelpPanel:
    """Return the panel that says how plain the words of the saved page are."""
    from portal.site.readability.panel import ReadabilityPanel  # noqa: PLC0415 needs Wagtail's own models

    return ReadabilityPanel()
