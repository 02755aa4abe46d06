"""Pictures of pages in the sizes that pages show: of all that editors bring in, the only files found by their path."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_safe
from django.views.static import serve

# where Wagtail puts what it has made of originals
FOLDER: Final = "images"
_A_DAY: Final = 86_400


@require_safe
def picture(request: HttpRequest, path: str) -> HttpResponseBase:
    """Hand out one; originals hold what cameras write into them, documents have readers of their own: 404."""
    response = serve(request, path, document_root=Path(settings.MEDIA_ROOT) / FOLDER)
    patch_cache_control(response, public=True, max_age=_A_DAY)
    return response
