"""The letters to those who asked for news of competitions without an account; each of them stops in one click."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Final

from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from portal.accounts.letters import Action, Letter, absolute, post
from portal.kernel.calendar import day_of
from procurement.enums import AwardOutcome
from procurement.letters import (
    base_facts,
    closing_facts,
    decision_lines,
    end_reasons,
    moment,
    move_facts,
    names,
    page_link,
    reasons,
    results_link,
    service_names,
)
from procurement.models import Alert, CompetitionVersion
from registry.models import Territory

KEY: Final = "procurement:alert:"

# --- the beginning -------------------------------------------------------------------------------------------------


def ask_to_confirm(alert: Alert, token: str) -> None:
    """Send the link that begins the news; it stands in this letter alone."""
    with translation.override(alert.language):
        letter = Letter(
            _("Confirm that you want news of competitions"),
            (
                _("Somebody, most likely you, asked to send news of competitions for social services to this address."),
                _("What about: %(about)s.") % {"about": about_words(alert)},
            ),
            Action(_("Confirm"), absolute(reverse("procurement:alert_confirm", args=[token]))),
            (_("If it was not you, do nothing: without confirmation nothing is sent and the address is deleted."),),
        )
        post(f"{KEY}{alert.pk}:confirm", alert.email, letter, forget=True)


def already_active(alert: Alert, token: str, now: datetime) -> None:
    """Tell the owner of the address that this very news comes already."""
    with translation.override(alert.language):
        letter = Letter(
            _("You already get this news of competitions"),
            (
                _("Somebody, most likely you, asked once more to send news of competitions to this address."),
                _("What about: %(about)s.") % {"about": about_words(alert)},
                _("There is nothing to do: the letters come as before."),
            ),
        )
        send_news(f"{KEY}{alert.pk}:again:{day_of(now).isoformat()}", alert, letter, token)


def about_words(alert: Alert) -> str:
    """Say in words what the alert is about."""
    if alert.competition:
        return _("competition № %(number)s, “%(title)s”") % names(alert.competition)
    place: Territory | None = alert.hromada
    parts = [str(part) for part in (alert.service_type, alert.group) if part]
    what = ", ".join(parts) or _("all competitions")
    return f"{what}, {place.label}" if place else _("%(what)s, all Ukraine") % {"what": what}


# --- the news ------------------------------------------------------------------------------------------------------


def news(version: CompetitionVersion, step: str) -> Letter:
    """Write the letter about a step for everybody alike, in the language in force."""
    return _NEWS[step](version)


def send_news(key: str, alert: Alert, letter: Letter, token: str) -> None:
    """Send a letter that stops in one click: by its link, and by the button of a mail program (RFC 8058)."""
    stop = absolute(reverse("procurement:alert_stop", args=[token]))
    signed = replace(
        letter,
        links=(*letter.links, Action(_("Stop these letters"), stop)),
        after=(*letter.after, _("You get this letter because you asked for news: %s.") % about_words(alert)),
    )
    headers = {"List-Unsubscribe": f"<{stop}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}
    post(key, alert.email, signed, forget=True, headers=headers)


def _announced(version: CompetitionVersion) -> Letter:
    words = names(version.competition)
    return Letter(
        _("A new competition: %(title)s") % words,
        (_("Providers of social services may take part in the competition “%(title)s”.") % words,),
        page_link(version.competition),
        facts=(*base_facts(version.competition), *_services(version), *closing_facts(version)),
    )


def _changed(version: CompetitionVersion) -> Letter:
    words = names(version.competition)
    return Letter(
        _("Competition № %(number)s has changed") % words,
        (_("The announcement of the competition “%(title)s” has changed.") % words, *reasons(version)),
        page_link(version.competition),
        facts=(*base_facts(version.competition), *(move_facts(version) or closing_facts(version))),
    )


def _extended(version: CompetitionVersion) -> Letter:
    words = names(version.competition)
    return Letter(
        _("Competition № %(number)s is extended") % words,
        (_("Dates of the competition “%(title)s” have moved.") % words, *reasons(version)),
        page_link(version.competition),
        facts=(*base_facts(version.competition), *(move_facts(version) or closing_facts(version))),
    )


def _cancelled(version: CompetitionVersion) -> Letter:
    return _ended(version, _("Competition № %(number)s is cancelled"), _("The competition “%(title)s” is cancelled."))


def _void(version: CompetitionVersion) -> Letter:
    return _ended(version, _("Competition № %(number)s is not held"), _("The competition “%(title)s” is not held."))


def _ended(version: CompetitionVersion, subject: str, text: str) -> Letter:
    words = names(version.competition)
    return Letter(
        subject % words,
        (text % words, *end_reasons(version.competition)),
        page_link(version.competition),
        facts=base_facts(version.competition),
    )


def _opened(version: CompetitionVersion) -> Letter:
    competition = version.competition
    words = {**names(competition), "at": moment(competition.opened_at)}
    return Letter(
        _("Competition № %(number)s: proposals are opened") % words,
        (_("The proposals in the competition “%(title)s” were opened on %(at)s. They are evaluated now.") % words,),
        page_link(competition),
        facts=base_facts(competition),
    )


def _decided(version: CompetitionVersion) -> Letter:
    """Tell of the decision in force: where another one has come meanwhile, nobody needs the earlier one any more."""
    competition = version.competition
    words = names(competition)
    decisions = competition.decisions.select_related("ground")
    decision = decisions.prefetch_related("awards__lot", "awards__proposal__organisation").latest("number")
    subject = _("Competition № %(number)s: the winner is decided")
    without = _("Competition № %(number)s is decided without a winner")
    text = _("The decision in the competition “%(title)s” is published, with all scores and reasons.") % words
    return Letter(
        (subject if decision.outcome == AwardOutcome.AWARD else without) % words,
        (text, *decision_lines(decision)),
        results_link(competition),
        facts=base_facts(competition),
    )


def _reopened(version: CompetitionVersion) -> Letter:
    words = names(version.competition)
    return Letter(
        _("Competition № %(number)s is evaluated anew") % words,
        (
            _("An appeal in the competition “%(title)s” was upheld, its decision is annulled.") % words,
            _("The commission evaluates the proposals anew; what was decided before stays readable."),
        ),
        page_link(version.competition),
        facts=base_facts(version.competition),
    )


def _services(version: CompetitionVersion) -> tuple[tuple[str, str], ...]:
    told = ", ".join(service_names(version.content))
    return ((_("Services"), told),) if told else ()


_NEWS: Final[dict[str, Callable[[CompetitionVersion], Letter]]] = {
    "publish": _announced,
    "change": _changed,
    "extend": _extended,
    "cancel": _cancelled,
    "void": _void,
    "open": _opened,
    "award": _decided,
    "leave": _decided,
    "reopen": _reopened,
}
