"""What programs follow: the news as Atom, the dates as a calendar; both take the filter of the list."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext as _

from procurement.interfaces.calendar_file import calendar_of
from procurement.interfaces.competition_filters import parameters, read_competition_filter
from procurement.interfaces.competition_lists import found_competitions
from procurement.interfaces.feed import LATEST, feed_of
from procurement.models import Competition
from procurement.queries.followed import followed
from procurement.queries.news import latest_news
from registry.views.caching import public_page, unless_known


@public_page
def feed(request: HttpRequest) -> HttpResponseBase:
    read = read_competition_filter(request.GET)
    news = latest_news(found_competitions(read.wanted, timezone.now()), LATEST)
    written = feed_of(news, parameters(read, page=None, sort=None))
    return unless_known(request, HttpResponse(written, content_type="application/atom+xml; charset=utf-8"))


@public_page
def calendar(request: HttpRequest) -> HttpResponseBase:
    found = found_competitions(read_competition_filter(request.GET).wanted, timezone.now())
    return _calendar(request, calendar_of(followed(found), _("Competitions for social services")))


@public_page
def competition_calendar(request: HttpRequest, number: str) -> HttpResponseBase:
    rows = Competition.objects.public()
    found = followed(rows.filter(number=number) if number.isprintable() else rows.none())
    if not found:
        raise Http404
    name = _("Competition № %(number)s") % {"number": number}
    return _calendar(request, calendar_of(found, name), f"{number}.ics")


def _calendar(request: HttpRequest, written: bytes, file: str = "competitions.ics") -> HttpResponseBase:
    response = HttpResponse(written, content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = f'inline; filename="{file}"'
    return unless_known(request, response)
