"""Pages of the portal that belong to no single app: health, and what is said when something is wrong."""

from datetime import date
from typing import Any

from django.conf import settings
from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from portal.kernel.languages import reader_language
from portal.kernel.models import LogHead, OutboxMessage
from portal.site.guides.lists import guides_of
from portal.site.lost import words_of_address
from registry.models import RegisterRevision
from search.queries.health import search_health

# so many life situations are offered to who has lost the way
GUIDES = 6
# when the pages were last tested as the accessibility statement says
ACCESSIBILITY_TESTED_ON = date(2026, 11, 26)


@never_cache
def healthz(request: HttpRequest) -> JsonResponse:
    """Answer 200 when the database answers; say how far the register, the log, the outbox and the search are."""
    del request
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    head = LogHead.objects.first()
    return JsonResponse(
        {
            "status": "ok",
            "database": connection.vendor,
            "register_revision": RegisterRevision.objects.values_list("value", flat=True).first() or 0,
            "log_entries": head.seq if head else 0,
            "outbox_waiting": OutboxMessage.objects.filter(sent_at__isnull=True).count(),
            "search": search_health(),
        }
    )


@require_safe
def accessibility(request: HttpRequest) -> HttpResponse:
    """Show what is known of barriers on the pages, and where to report one."""
    context = {"mail": settings.PORTAL_ACCESSIBILITY_MAIL, "tested_on": ACCESSIBILITY_TESTED_ON}
    return render(request, "portal/accessibility.html", context)


def _apology(request: HttpRequest, status: int, **context: Any) -> HttpResponse:
    return render(request, f"{status}.html", context, status=status)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    del exception
    return _apology(request, 400)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    del exception
    return _apology(request, 403)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Offer the search with the words of the wrong address, the life situations and the hot lines."""
    del exception
    language = reader_language()
    return _apology(request, 404, lost_words=words_of_address(request.path), guides=guides_of(language)[:GUIDES])


def server_error(request: HttpRequest, *args: Any) -> HttpResponse:
    """Apologise without touching the database, which may be what is broken."""
    del request, args
    from django.template.loader import get_template  # noqa: PLC0415

    return HttpResponse(get_template("500.html").render(), status=500)
