"""The page of open data, and the files of its snapshots."""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import Final

from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.cache import get_conditional_response
from django.utils.http import quote_etag
from django.views.decorators.http import require_safe

from portal.kernel.models import LogHead
from portal.site.opendata import kept, page
from portal.site.opendata.files import MEDIA_TYPES
from portal.site.opendata.kept import Kept, KeptFile
from registry.interfaces.exporting.dictionary import LICENCE, LICENCE_URL
from registry.views.caching import public_page

LATEST: Final = "latest.zip"
# a browser shows these, and saves the others
_SHOWN: Final = (".json", ".md", ".ttl", ".py")
_A_DAY: Final = "public, max-age=86400"


@public_page
def open_data(request: HttpRequest) -> HttpResponse:
    """Show everything that can be taken along: live tables, interfaces, snapshots with how to check them."""
    snapshots = kept.kept()
    context = {
        "live": page.live_exports(),
        "interfaces": page.interfaces(),
        "latest": page.shown(snapshots[0]) if snapshots else None,
        "earlier": snapshots[1:],
        "log_head": LogHead.objects.first(),
        "licence": LICENCE,
        "licence_url": LICENCE_URL,
    }
    return render(request, "opendata/open_data.html", context)


@require_safe
def snapshot_file(request: HttpRequest, path: str) -> HttpResponseBase:
    """Hand out a file of a snapshot: of a day, or of the latest one where no day stands before its name."""
    file, is_dated = _found(path)
    if file is None:
        raise Http404
    etag = quote_etag(file.sha256)
    answer: HttpResponseBase | None = get_conditional_response(request, etag=etag)
    if answer is None:
        answer = _opened(file)
    answer["ETag"] = etag
    answer["Access-Control-Allow-Origin"] = "*"
    answer["Cache-Control"] = _A_DAY if is_dated else "no-cache"
    return answer


def _opened(file: KeptFile) -> FileResponse:
    ending = PurePosixPath(file.name).suffix
    kind = MEDIA_TYPES.get(ending, "text/plain")
    if ending in (".md", ".py"):
        kind = "text/plain"
    is_text = kind.startswith("text/")
    try:
        response = FileResponse(
            file.path.open("rb"),
            as_attachment=ending not in _SHOWN,
            filename=PurePosixPath(file.name).name,
            content_type=f"{kind}; charset=utf-8" if is_text else kind,
        )
    except FileNotFoundError as error:
        raise Http404 from error
    if ending == ".zip":
        # what is packed already is not packed once more for every reader
        response["Content-Encoding"] = "identity"
    return response


def _found(path: str) -> tuple[KeptFile | None, bool]:
    """Return what a path names, and whether it names a day; only names that a manifest has are looked for."""
    first, _slash, rest = path.partition("/")
    dated = kept.kept_on(first.removesuffix(".zip"))
    snapshot: Kept | None = dated or kept.latest()
    if snapshot is None:
        return None, False
    if path == LATEST or (dated and path == f"{dated.name}.zip"):
        return snapshot.archive, dated is not None
    return snapshot.files.get(rest if dated else path), dated is not None
