"""The news of competitions as Atom (RFC 4287): an entry for each step, its identifier the same for ever."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from django.conf import settings
from django.urls import reverse
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from portal.accounts.letters import absolute
from portal.kernel.atom import SteadyFeed, tag
from portal.kernel.calendar import day_of
from portal.kernel.plain_text import without_controls
from procurement.letters import closing_facts, decision_lines, end_reasons, moves_in_words, reasons, service_names
from procurement.queries.news import News

LATEST: Final = 50
_TITLES: Final = {
    "publish": gettext_lazy("Competition № %(number)s is announced: %(title)s"),
    "change": gettext_lazy("Competition № %(number)s has changed: %(title)s"),
    "extend": gettext_lazy("Competition № %(number)s is extended: %(title)s"),
    "cancel": gettext_lazy("Competition № %(number)s is cancelled: %(title)s"),
    "void": gettext_lazy("Competition № %(number)s is not held: %(title)s"),
    "open": gettext_lazy("Competition № %(number)s, proposals are opened: %(title)s"),
    "award": gettext_lazy("Competition № %(number)s, the winner is decided: %(title)s"),
    "leave": gettext_lazy("Competition № %(number)s is decided without a winner: %(title)s"),
    "reopen": gettext_lazy("Competition № %(number)s is evaluated anew: %(title)s"),
}


def feed_of(news: Iterable[News], query: str) -> str:
    """Return the document; `query` is the filter as the list of competitions has it."""
    page = reverse("procurement:competitions")
    own = reverse("procurement:feed")
    asked = f"?{query}" if query else ""
    feed = SteadyFeed(
        title=_("Competitions for social services"),
        link=absolute(page + asked),
        description=_("Announced, changed, extended, cancelled, opened, decided."),
        language=get_language(),
        author_name=settings.WAGTAIL_SITE_NAME,
        feed_url=absolute(own + asked),
        feed_guid=absolute(own + asked),
    )
    for one in news:
        feed.add_item(**_entry(one))
    written: str = feed.writeString("utf-8")
    return written


def _entry(news: News) -> dict[str, Any]:
    competition = news.competition
    title = str(news.version.content.get("title") or competition.title) if news.version else competition.title
    return {
        "title": without_controls(str(_TITLES[news.step]) % {"number": competition.number, "title": title}),
        "link": absolute(reverse(_page_of(news), args=[competition.number])),
        "description": without_controls(_summary(news)),
        "unique_id": tag_of(news),
        "pubdate": news.at,
        "updateddate": news.at,
        "author_name": without_controls(str(competition.commissioner)),
        "categories": [without_controls(name) for name in service_names(news.version.content)] if news.version else [],
    }


def _page_of(news: News) -> str:
    return "procurement:results" if news.decision else "procurement:competition"


def tag_of(news: News) -> str:
    """Return the tag (RFC 4151) of a piece of news: it never changes, whatever address the portal moves to later."""
    competition = news.competition
    assert competition.published_at is not None
    return tag(day_of(competition.published_at), f"competitions/{competition.number}/{news.mark}")


def _summary(news: News) -> SafeString:
    told: list[str] = [str(news.competition.commissioner), news.competition.hromada.label]
    if news.version is not None:
        told += [*reasons(news.version)]
        facts = moves_in_words(news.moves) or closing_facts(news.version)
        told += [f"{name}: {value}" for name, value in facts]
    elif news.decision is not None:
        told += decision_lines(news.decision)
    elif news.step == "reopen":
        told.append(_("An appeal was upheld: the commission evaluates the proposals anew."))
    elif news.step != "open":
        told += end_reasons(news.competition)
    return format_html_join("", "<p>{}</p>", ((line,) for line in told if line))
