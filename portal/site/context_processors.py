"""What every page's frame needs, without a query where it can be had without."""

from typing import Any

from django.http import HttpRequest
from django.urls import translate_url
from django.utils.functional import SimpleLazyObject

from portal.site.queries import demo_is_present, hot_lines


def layout(request: HttpRequest) -> dict[str, Any]:
    return {
        "hot_lines": SimpleLazyObject(hot_lines),
        "demo_is_present": SimpleLazyObject(demo_is_present),
        "this_page_in": {code: translate_url(request.get_full_path(), code) for code in ("uk", "en")},
    }
