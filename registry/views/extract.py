"""The extract from the register for the public card, printed on demand."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.http import quote_etag
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from registry.domain.extracts import issue_extract, known_extract
from registry.interfaces.extract_pdf import kept_extract, print_extract
from registry.interfaces.press import PressBusyError
from registry.models import RegisterEntry
from registry.views.caching import unless_known
from registry.views.card import entry_or_404
from registry.views.printing import pdf_file, press_busy


@require_safe
def entry_extract(request: HttpRequest, number: str) -> HttpResponse:
    """Hand out the extract of the entry as it is now; the same state gives the same file with the same code."""
    entry = entry_or_404(number)
    if entry.merged_into is not None:
        return redirect("registry:extract", entry.merged_into.number, permanent=True)
    extract = known_extract(entry, get_language() or "uk")
    content = kept_extract(extract) if extract else None
    if extract is None or content is None:
        try:
            issued = issue_extract(entry_id=entry.pk, language=get_language() or "uk", now=timezone.now())
            extract, content = issued.extract, print_extract(issued)
        except RegisterEntry.DoesNotExist as error:
            raise Http404 from error
        except PressBusyError:
            return press_busy(request, "registry/extract_busy.html", entry=entry)
    response = pdf_file(content, f"extract-{entry.number}-{extract.version}")
    response["Cache-Control"] = "no-cache"
    response["ETag"] = quote_etag(extract.code.code)
    return unless_known(request, response)
